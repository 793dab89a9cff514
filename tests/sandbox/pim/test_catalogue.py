"""What the PIM holds: the broken nine as listed, and everything else clean."""

from __future__ import annotations

import re
import struct
import zlib
from collections import Counter
from datetime import date
from html.parser import HTMLParser
from importlib import resources
from typing import Any

import pytest

from connector.sandbox.pim import PimSandbox
from tests.sandbox.pim.conftest import Reader

Json = Any
BROKEN = {
    "MU-0041": {"name"},
    "BO-0042": {"name"},
    "TE-0098": {"name"},
    "TE-0134": {"image"},
    "BO-0135": {"image"},
    "SL-0211": {"price"},
    "CH-0261": {"categories"},
    "TA-0334": {"released"},
}
TWICE = "SL-0013"


class Tags(HTMLParser):
    """Fails where a tag is not closed in the order in which it was opened."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def decoded(png: bytes) -> bytes:
    """The pixels of a PNG with one byte a pixel; every chunk's checksum has to be right."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    at, pixels, names = 8, b"", []
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        name, body = png[at + 4 : at + 8], png[at + 8 : at + 8 + size]
        assert struct.unpack(">I", png[at + 8 + size : at + 12 + size])[0] == zlib.crc32(name + body)
        names.append(name)
        pixels += body if name == b"IDAT" else b""
        at += 12 + size
    assert (names[0], names[-1]) == (b"IHDR", b"IEND")
    return zlib.decompress(pixels)


def faulty(product: Json, categories: set[str]) -> set[str]:
    """The attributes that are not as they should be, the picture aside."""
    values, found = product["values"], set()
    if not all(0 < len(values["name"].get(language) or "") <= 255 for language in ("en_GB", "nb_NO")):
        found.add("name")
    if not re.fullmatch(r"[0-9]+\.[0-9]{2}", values["price"]["amount"]):
        found.add("price")
    if not product["categories"] or not set(product["categories"]) <= categories:
        found.add("categories")
    try:
        date.fromisoformat(values["released"])
    except ValueError:
        found.add("released")
    return found


def test_exactly_the_listed_products_are_broken(reader: Reader) -> None:
    categories = {one["code"] for one in reader.get("/api/categories", limit=100).json()["items"]}
    found = {one["identifier"]: faulty(one, categories) for one in reader.products()}
    expected = {name: what - {"image"} for name, what in BROKEN.items() if what != {"image"}}
    assert {name: what for name, what in found.items() if what} == expected


def test_one_identifier_comes_twice_on_different_pages_with_an_absurd_price(reader: Reader) -> None:
    pages = reader.pages(limit=100)
    holding = [(at, one) for at, page in enumerate(pages) for one in page if one["identifier"] == TWICE]
    assert [at for at, _ in holding] == [0, 4]
    assert holding[1][1]["values"]["price"]["amount"] == "999999.00"
    assert float(holding[0][1]["values"]["price"]["amount"]) < 50000


def test_lists_of_broken_products_agree(pim: PimSandbox) -> None:
    text = (resources.files("connector.sandbox.pim") / "README.md").read_text(encoding="utf-8")
    table = text[text.index("| identifier | what is wrong |") :]
    told = set(re.findall(r"^\| `(\w+-\d+)`", table, re.MULTILINE))
    assert told == set(pim.catalogue.broken) == {*BROKEN, TWICE}


def test_three_are_disabled_and_the_readme_names_them(reader: Reader) -> None:
    disabled = [one["identifier"] for one in reader.products() if not one["enabled"]]
    text = (resources.files("connector.sandbox.pim") / "README.md").read_text(encoding="utf-8")
    assert len(disabled) == 3
    assert all(f"`{name}`" in text for name in disabled)


def test_no_two_products_are_alike(reader: Reader) -> None:
    products = [one for one in reader.products() if one["identifier"] not in {*BROKEN, TWICE}]
    for what in ("name", "ean"):
        counted = Counter(str(one["values"][what]) for one in products)
        assert max(counted.values()) == 1
    assert len({one["uuid"] for one in products}) == len({one["media"]["image"]["code"] for one in products}) == 490


def test_descriptions_are_well_formed_and_carry_what_html_carries(reader: Reader) -> None:
    everything = ""
    for one in reader.products():
        for text in one["values"]["description"].values():
            tags = Tags()
            tags.feed(text)
            assert tags.open == []
            everything += text
    for seen in ("<h2>", "<ul><li>", "<strong>", '<a href="https://', "<br>", "&nbsp;", "&eacute;", "&amp;", "“", "🌲"):
        assert seen in everything


def test_eans_carry_their_check_digit(reader: Reader) -> None:
    for one in reader.products():
        digits = [int(digit) for digit in one["values"]["ean"]]
        assert len(digits) == 13
        assert sum(digit * (3 if at % 2 else 1) for at, digit in enumerate(digits)) % 10 == 0


def test_a_parent_comes_before_its_children_on_three_levels(reader: Reader) -> None:
    levels: dict[str | None, int] = {None: -1}
    for page in (1, 2):
        for one in reader.get("/api/categories", page=page, limit=20).json()["items"]:
            levels[one["code"]] = levels[one["parent"]] + 1
            assert one["labels"].keys() == {"en_GB", "nb_NO"}
    assert levels["master"] == 0
    assert len(levels) == 31
    assert max(levels.values()) == 3


def test_families_are_those_of_the_products(reader: Reader) -> None:
    assert reader.get("/api/families").json()["items"] == sorted({one["family"] for one in reader.products()})


def test_every_picture_is_a_small_valid_png_but_for_the_two(reader: Reader) -> None:
    bodies = {}
    for one in reader.products():
        image = one["media"]["image"]
        answer = reader.get(image["href"], token="")
        assert answer.headers["ETag"] == f'"{image["version"]}"'
        bodies[one["identifier"]] = answer.content
    junk = {name for name, body in bodies.items() if not body.startswith(b"\x89PNG")}
    assert junk == {name for name, what in BROKEN.items() if what == {"image"}}
    for name in bodies.keys() - junk:
        assert len(bodies[name]) < 4096
        assert len(decoded(bodies[name])) == 256 * 257
    assert len(set(bodies.values())) > 480


@pytest.mark.parametrize(("identifier", "kind"), [("TE-0134", "text/html"), ("BO-0135", "image/png")])
def test_a_picture_that_is_none_says_what_it_says(reader: Reader, identifier: str, kind: str) -> None:
    href = reader.get(f"/api/products/{identifier}").json()["media"]["image"]["href"]
    answer = reader.get(href, token="")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, kind)
