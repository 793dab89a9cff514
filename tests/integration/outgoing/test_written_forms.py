"""What a mapping may write is often not what Ibexa answers. Written once, it must be known again in every form."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connector.core.jsonio import Json
from connector.core.outcome import Done, Refused, Skipped
from tests.integration.outgoing.shop import Shop, png
from tests.outcomes import forgetful

_PICTURE = base64.b64encode(png(3)).decode()
_DOCBOOK = (
    '<section xmlns="http://docbook.org/ns/docbook"><para>Æ <emphasis role="strong">b</emphasis></para></section>'
)
_EDIT = (
    '<section xmlns="http://ibexa.co/namespaces/ezpublish5/xhtml5/edit"><h2>T</h2><p>Æ <strong>b</strong></p></section>'
)
_FIELDS: dict[str, dict[str, Json]] = {
    "country": {"settings": {"isMultiple": True}},
    "one_country": {"type": "country"},
    "selection": {"options": ["Red", "Blå", "Light green"], "settings": {"isMultiple": True}},
    "matrix": {"settings": {"columns": [{"identifier": "name", "name": "N"}, {"identifier": "value", "name": "V"}]}},
    "old_isbn": {"type": "isbn", "settings": {"isISBN13": False}},
}
_FORMS: dict[str, list[Json]] = {
    "string": ["x", "  blanks  ", "007", 5, 5.0, 1.10, True, "é́ 🌲", "a\nb", {"clear": True}],
    "text": ["x", "a\r\nb\rc\n", 12, False, "  ", " a "],
    "integer": [42, "42", 42.0, "+7", "-3", " 5 ", 0, "007"],
    "float": [1.5, "1.5", "9.50", 3, "1e3", 0.1 + 0.2, "1234567.891", 0, "-0.0", 1 / 3],
    "boolean": [True, False, "true", "FALSE", 1, 0, "0", "1"],
    "date": ["2026-03-02", "2026-03-02T23:59:00+01:00", "1969-12-31", 1772409600, "1901-12-14"],
    "datetime": [
        *("2026-03-02T04:55:00+01:00", "2026-03-02 04:55", "2026-03-02T04:55:00.750Z", "1969-12-31T23:59:59.5Z"),
        *("2026-03-02", 1772409600, 1772409600.9, "2026-03-02T04:55:00"),
    ],
    "time": ["14:30", "14:30:15", "00:00", 45296, 0, "14:30:15.5", "23:59:59+02:00", "T14:30"],
    "url": [
        *("https://x.no/a b", "/p", {"link": "https://x.no", "text": "X"}, {"url": "https://x.no", "text": ""}),
        {"link": "https://x.no", "text": 5},
    ],
    "email": ["a@b.no", " A@B.no ", "Å@blå.no"],
    "author": ["Åse", ["Åse", "Bo"], {"name": "Åse"}, [{"name": "Åse", "email": "a@b.no"}, "Bo"], [{"name": 5}]],
    "country": ["Norway", ["Germany", "NO"], "NOR", "norway", ["NO", "Norway"], [" de ", "fr"], "Côte d'Ivoire"],
    "one_country": ["Norway", ["NO"]],
    "keyword": ["b, a,b", ["z", " a ", "z"], "one", 5, ["5", 5], "a,, b ,", ",", ["", " "]],
    "selection": ["Red", "blå", ["Light green", "Red"], 0, [2, "Red"], ["Red", "red"]],
    "relation": [{"remote_id": "other"}, {"id": 52}, 52, [{"id": 52}], []],
    "relation_list": [[{"remote_id": "other"}, 52], {"remote_id": "other"}, [52, {"id": 52}], 52, []],
    "image_asset": [{"remote_id": "other"}, {"remote_id": "other", "alternative_text": "A"}, {"id": 52}],
    "map_location": [
        *({"latitude": "59.91", "longitude": "10.75", "address": "Oslo"}, {"lat": 59.91, "lng": 10}),
        *({"latitude": 0, "longitude": 0}, {"latitude": 1 / 3, "lon": 2 / 3, "address": None}),
    ],
    "matrix": [[{"name": "Colour", "value": "red"}], [["a", 5], ["b"]], {"entries": [{"value": True}]}, []],
    "isbn": ["978-0-306-40615-7", 9780306406157, " 9780306406157 "],
    "old_isbn": ["0306406152", "0-306-40615-2"],
    "richtext": [
        *("plain\n\ntwo\nlines", {"text": "a & <b>"}, 5, {"html": ""}, {"text": ""}, {"markdown": ""}, {"xml": ""}),
        {"html": "<h2>T</h2><p>a <b>b</b> <i>c</i><br>d</p><ul><li>x<li>y</ul><table><tr><th>k<td>v</table>&nbsp;&amp;"},
        {"html": '<p>see <a href="https://x.no/?a=1&b=2">x</a>, <sub>1</sub></p><blockquote>q</blockquote><pre> a\n b</pre>'},
        *({"markdown": "# T\n\n- a\n- b\n\n| k | v |\n|---|---|\n| 1 | ~~2~~ |"}, {"xml": _DOCBOOK}, {"xml": _EDIT}),
    ],
    "image": [{"base64": _PICTURE, "file_name": "a b.png", "alternative_text": "A"}, {"base64": _PICTURE}],
    "file": [{"base64": _PICTURE, "file_name": "Å.pdf"}, {"base64": _PICTURE}],
    "media": [{"base64": _PICTURE, "file_name": "f.mp4", "autoplay": True, "width": 5}, {"base64": _PICTURE}],
}  # fmt: skip
_CASES = [(name, value) for name, values in _FORMS.items() for value in values]


@pytest.fixture(scope="module", params=["4.6", "5.0"])
def types(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Shop]:
    """One shop with a content type of all field types, and an item to refer to."""
    shop = Shop(Path(tmp_path_factory.mktemp("types")), request.param)
    fields = [{"identifier": name, "type": name, **_FIELDS.get(name, {})} for name in _FORMS]
    declared = {"identifier": "all", "main_language": "eng-GB", "fields": fields}
    outcome = shop.send(shop.ensure, declared)
    assert isinstance(outcome, Done), outcome
    assert isinstance(shop.put("other"), Done)
    yield shop
    shop.client.close()
    shop.sandbox.stop()
    shop.cdn.server.stop()


def _put(shop: Shop, remote_id: str, fields: Json, **delivery: Any) -> Any:
    return shop.send(shop.upsert, {"content_type": "all", "remote_id": remote_id, "fields": fields}, **delivery)


@pytest.mark.parametrize("number", range(len(_CASES)), ids=[f"{name}-{at}" for at, (name, _) in enumerate(_CASES)])
def test_what_was_written_is_known_again_in_the_form_that_ibexa_answers(types: Shop, number: int) -> None:
    """As ``replay`` and ``verify_every`` look at it: with and without what was remembered of it."""
    name, value = _CASES[number]
    remote_id = f"{name}-{number}"
    first = _put(types, remote_id, {name: value})
    assert isinstance(first, Done), first
    types.sandbox.book.reset()
    for delivery in ({}, {"target_id": first.target_id, "memory": first.memory, "action": "repair"}):
        again = _put(types, remote_id, {name: value}, **delivery)
        assert forgetful(again) == Skipped("unchanged", first.target_id), again
    assert types.writes == {}


def test_what_was_written_to_a_4_6_is_known_again_when_it_has_become_a_5_0(tmp_path: Path) -> None:
    old, new = Shop(tmp_path / "old"), Shop(tmp_path / "new", "5.0")
    try:
        assert isinstance(old.put("other"), Done)
        fields = [{"identifier": name, "type": name, **_FIELDS.get(name, {})} for name in _FORMS]
        declared = {"identifier": "all", "main_language": "eng-GB", "fields": fields}
        assert isinstance(old.send(old.ensure, declared), Done)
        values = {name: held[0] for name, held in _FORMS.items()}
        first = _put(old, "upgraded", values)
        assert isinstance(first, Done), first
        new.sandbox.repository.take_state(old.sandbox.repository.state())
        new.sandbox.book.reset()
        assert isinstance(new.send(new.ensure, declared), Skipped)
        for delivery in ({}, {"target_id": first.target_id, "memory": first.memory, "action": "repair"}):
            assert forgetful(_put(new, "upgraded", values, **delivery)) == Skipped("unchanged", first.target_id)
        assert new.writes == {}
    finally:
        for shop in (old, new):
            shop.client.close()
            shop.sandbox.stop()
            shop.cdn.server.stop()


def test_every_field_type_that_we_know_is_tried() -> None:
    from connector.systems.ibexa.fields import CODECS

    assert {*CODECS} <= {*_FORMS}


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("country", "Narnia", "all.country (country) cannot take Narnia: Ibexa knows no such country"),
        ("country", ["NO", "Noorway"], "Did you mean 'Norway'?"),
        ("one_country", ["NO", "Germany"], "it takes one country only"),
        ("richtext", {"xml": "<notdocbook/>"}, "its outermost element is <notdocbook> in no namespace"),
        ("richtext", {"xml": '<p xmlns="http://www.w3.org/1999/xhtml"/>'}, "<p> in http://www.w3.org/1999/xhtml"),
        ("isbn", "0306406152", "the field takes ISBNs of 13 digits only"),
    ],
)
def test_what_a_field_cannot_be_is_refused_before_anything_is_sent(
    types: Shop, name: str, value: Json, words: str
) -> None:
    types.sandbox.book.reset()
    outcome = _put(types, "never", {name: value})
    assert isinstance(outcome, Refused)
    assert words in outcome.problem.sentence()
    assert types.writes == {}


def test_countries_are_asked_for_once_in_a_run(types: Shop) -> None:
    payload = {"content_type": "all", "main_language": "eng-GB", "parent": {"path": "/1/2"}}
    run = types.outgoing("content", "upsert", payload=payload)
    types.sandbox.book.reset()
    for number in range(3):
        assert isinstance(types.send(run, {"remote_id": f"once-{number}", "fields": {"country": "Norway"}}), Done)
    assert types.book["requests"]["by_op"]["country.list"] == 1
