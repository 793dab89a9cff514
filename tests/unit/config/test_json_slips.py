"""Each slip that people make in JSON is told with its own remedy, at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector.app import validate_project
from connector.config.formats import timezone


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ('{"type": "http",\n}', None, "no comma|comma before it|Remove this comma"),
        ('{"tags": ["a",]}', None, "comma before it|Remove this comma"),
        ('{\n  // why\n  "type": "http"}', (2, 3), "no comments"),
        ('{"type": "http"} # why', None, "remove what comes after"),
        ("{'type': 'http'}", (1, 2), "double quotes"),
        ("{type: 1}", (1, 2), "double quotes"),
        ('{"enabled": True}', (1, 13), "true, false or null"),
        ('{"type": "ht\ttp"}', None, "a tab as"),
        ('{"type": "http"\n "enabled": true}', (2, 2), "comma missing before it"),
        ('{"type": "http"', (1, 16), "ends too early"),
        ('{"type": "http"}{}', None, "remove what comes after"),
        ('{"type": "\\d"}', (1, 11), "A backslash is written \\\\ in JSON"),
        ('{"type": "\\u12"}', None, "four digits"),
        ('{"max_in_flight": 04}', (1, 20), "no 0 before it"),
        ('{"max_in_flight": [1, 007]}', None, "no 0 before it"),
        ('{"max_in_flight": 5.}', None, "After the point"),
        ('{"max_in_flight": .5}', None, "Before the point"),
        ('{"max_in_flight": +5}', None, "no + before it"),
        ('{"max_in_flight": 1_000}', None, "digits alone"),
        ('{"max_in_flight": 10 20}', None, "comma missing before it"),
    ],
)
def test_a_slip_has_its_remedy(tmp_path: Path, text: str, place: tuple[int, int] | None, words: str) -> None:
    (tmp_path / "configs/clients").mkdir(parents=True)
    (tmp_path / "configs/clients/pim.json").write_text(text)
    (only,) = validate_project(tmp_path, {})[1]
    assert only.code == "CFG108"
    assert any(one in only.hint for one in words.split("|")), only.hint
    assert only.place is not None
    assert place in (None, (only.place.line, only.place.column))


@pytest.mark.parametrize("written", ["$PIM_URL", "{{PIM_URL}}", "{{ PIM_URL }}", "${{ PIM_URL }}", "%PIM_URL%"])
def test_a_variable_as_others_write_it_is_told_with_ours(tmp_path: Path, written: str) -> None:
    (tmp_path / "configs/clients").mkdir(parents=True)
    (tmp_path / "configs/clients/pim.json").write_text(
        f'{{"type": "http", "base_url": "https://x/", "description": "{written}"}}'
    )
    told = [one for one in validate_project(tmp_path, {})[1] if one.code == "CFG133"]
    assert any("${PIM_URL}" in one.hint or "${NAME}" in one.hint for one in told), told


@pytest.mark.parametrize("zone", ["CEST", "CST", "PDT"])
def test_an_abbreviated_zone_is_not_guessed(zone: str) -> None:

    fault = timezone(zone)
    assert fault is not None
    assert fault.hint.startswith("Name a place")


@pytest.mark.parametrize("kind", ["http", "ibexa"])
@pytest.mark.parametrize("address", ["127.0.0.1:8800", "shop.example.com", "ftp://shop.example.com"])
def test_an_address_without_its_scheme_is_told_written_out_or_by_a_variable(
    tmp_path: Path, kind: str, address: str
) -> None:
    (tmp_path / "configs/clients").mkdir(parents=True)
    for text, env in ((address, {}), ("${SHOP_URL}", {"SHOP_URL": address})):
        (tmp_path / "configs/clients/shop.json").write_text(f'{{"type": "{kind}", "base_url": "{text}"}}')
        told = [one for one in validate_project(tmp_path, env)[1] if one.code == "CFG114"]
        assert [one.place and (one.place.line, one.place.column) for one in told] == [(1, 13 + len(kind) + 13)]


@pytest.mark.parametrize("header", ["Accept", "content-type"])
def test_a_media_type_for_all_requests_to_ibexa_is_told_to_have_no_effect(tmp_path: Path, header: str) -> None:
    (tmp_path / "configs/clients").mkdir(parents=True)
    text = f'{{"type": "ibexa", "base_url": "https://x",\n "headers": {{"{header}": "text/json", "X-Own": "1"}}}}'
    (tmp_path / "configs/clients/shop.json").write_text(text)
    [told] = [one for one in validate_project(tmp_path, {})[1] if one.code == "CFG159"]
    assert told.place is not None
    assert (told.severity, told.place.line, told.place.column) == ("warning", 2, 14)
    assert header in told.message


@pytest.mark.parametrize(
    ("folder", "count"),
    [("pictures", 0), ("data/pictures/", 0), ("configs-of-cars", 0), ("${FOLDER:-pictures}", 0)]
    + [
        (one, 1)
        for one in (".", "..", "/srv", "configs", "configs/x", "transformers", ".connector", "a/../b", "a/.git")
    ],
)
def test_a_folder_for_files_holds_nothing_else(tmp_path: Path, folder: str, count: int) -> None:
    (tmp_path / "configs/outgoing").mkdir(parents=True)
    text = '{"type": "ibexa", "client": "shop", "entity": "content", "action": "upsert",\n "assets": {"folder": "%s"}}'
    (tmp_path / "configs/outgoing/shop.json").write_text(text % folder)
    told = [one for one in validate_project(tmp_path, {})[1] if one.code == "CFG114"]
    assert ["a folder for pictures" in one.message for one in told] == [True] * count


def test_a_host_to_fetch_from_is_no_address(tmp_path: Path) -> None:
    (tmp_path / "configs/outgoing").mkdir(parents=True)
    text = '{"type": "ibexa", "client": "shop", "entity": "content", "action": "upsert",\n "assets": {"allow_hosts": ["%s"]}}'
    for host, count in (("https://cdn.example.com/", 1), ("cdn.example.com/x", 1), ("cdn.example.com:8080", 0)):
        (tmp_path / "configs/outgoing/shop.json").write_text(text % host)
        told = [one for one in validate_project(tmp_path, {})[1] if one.code == "CFG114"]
        assert ["a host" in one.message and "host alone" in one.hint for one in told] == [True] * count
