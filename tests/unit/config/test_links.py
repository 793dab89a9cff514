from __future__ import annotations

from typing import Any

import pytest

CLIENT = {"type": "http", "base_url": "https://x"}


def route(**fields: Any) -> dict[str, Any]:
    return {"incoming": "products", "transformers": ["product"], "outgoing": "shop", **fields}


@pytest.mark.parametrize(
    ("file", "content", "line", "family", "meant"),
    [
        ("configs/routes/products.json", route(incoming="product"), 2, "incoming", "products"),
        ("configs/routes/products.json", route(outgoing="shp"), 6, "outgoing", "shop"),
        ("configs/routes/products.json", route(transformers=["prodct"]), 4, "transformer", "product"),
        ("configs/routes/products.json", route(after=["product"]), 8, "route", "products"),
        ("configs/incoming/products.json", {"type": "http", "client": "pin"}, 3, "client", "pim"),
        ("configs/outgoing/shop.json", {"type": "http", "client": "pin"}, 3, "client", "pim"),
        (
            "configs/incoming/products.json",
            {"type": "http", "client": "pim", "request_transformer": "produkt"},
            4,
            "transformer",
            "product",
        ),
    ],
)
def test_a_name_that_leads_nowhere_is_told_with_the_nearest_and_all_known(
    check: Any, file: str, content: dict[str, Any], line: int, family: str, meant: str
) -> None:
    (found,) = [one for one in check({file: content}) if one.code == "CFG120"]
    assert (found.place.file, found.place.line) == (file, line)
    assert f"there is no {family}" in found.message
    assert f"Did you mean '{meant}'?" in found.hint
    assert "Known are: " in found.hint


def test_what_nothing_uses_is_a_warning_at_its_file(check: Any) -> None:
    found = check(
        {
            "configs/clients/spare.json": CLIENT,
            "configs/clients/off.json": {**CLIENT, "enabled": False},
            "transformers/spare.jmespath": "@",
        }
    )
    assert [(one.code, one.severity, one.place.file) for one in found] == [
        ("CFG121", "warning", "configs/clients/spare.json"),
        ("CFG121", "warning", "transformers/spare.jmespath"),
    ]


def test_a_request_transformer_is_used(check: Any) -> None:
    incoming = {"type": "http", "client": "pim", "request_transformer": "ask"}
    assert check({"configs/incoming/products.json": incoming, "transformers/ask.jmespath": "@"}) == []


def test_an_enabled_thing_that_uses_a_disabled_one_is_warned(check: Any) -> None:
    found = check({"configs/clients/pim.json": {**CLIENT, "enabled": False}})
    assert [(one.code, one.severity, one.place.file) for one in found] == [
        ("CFG123", "warning", "configs/incoming/products.json"),
        ("CFG123", "warning", "configs/outgoing/shop.json"),
    ]
    assert "configs/clients/pim.json" in found[0].hint


def test_a_disabled_thing_may_use_a_disabled_one(check: Any) -> None:
    files = {"configs/routes/products.json": route(), "configs/routes/later.json": route(enabled=False)}
    assert check({**files, "configs/routes/last.json": route(enabled=False, after=["later"])}) == []


def test_routes_that_wait_for_each_other_are_told_with_the_whole_circle(check: Any) -> None:
    files = {f"configs/routes/{name}.json": route(after=[other]) for name, other in ("ab", "bc", "ca")}
    found = check({**files, "configs/routes/d.json": route(after=["a"])})
    assert [(one.code, one.place.file) for one in found] == [("CFG122", "configs/routes/a.json")]
    assert "a → b → c → a" in found[0].message


def test_a_route_that_waits_for_itself(check: Any) -> None:
    found = check({"configs/routes/products.json": route(after=["products"])})
    assert [one.message for one in found] == ["the route 'products' waits for itself"]


def test_many_routes_that_wait_for_all_earlier_ones_are_no_circle(check: Any) -> None:
    """Thirty layers would take a search that tries every path for ever."""
    names = [f"r{number:02}" for number in range(40)]
    files = {f"configs/routes/{name}.json": route(after=names[:at]) for at, name in enumerate(names)}
    assert check(files) == []
