from __future__ import annotations

import json

import pytest

from connector.config.source_map import SourceMap, Spot

TEXT = """{
  "name": "Chair",
  "query": { "limit": 100, "a/b": [true, {"c~d": null}] }
}"""


def test_values_and_keys_have_their_own_places() -> None:
    places = SourceMap(TEXT)
    assert places.value("") == Spot(1, 1)
    assert places.key("/name") == Spot(2, 3)
    assert places.value("/name") == Spot(2, 11)
    assert places.value("/query/limit") == Spot(3, 23)


def test_pointers_are_escaped_as_rfc_6901_says() -> None:
    places = SourceMap(TEXT)
    assert places.value("/query/a~1b/0") == Spot(3, 36)
    assert places.value("/query/a~1b/1/c~0d") == Spot(3, 50)


def test_a_pointer_that_leads_nowhere_is_placed_at_its_parent() -> None:
    assert SourceMap(TEXT).value("/query/offset/deeper") == Spot(3, 12)


@pytest.mark.parametrize("before", ["æøå", "名前", "🪑🪑", "e\u0301"])
def test_columns_count_characters_not_bytes(before: str) -> None:
    text = '{"k": "' + before + '", "x": 1}'
    assert SourceMap(text).key("/x") == Spot(1, text.index('"x"') + 1)


def test_a_byte_order_mark_takes_no_column() -> None:
    assert SourceMap('\ufeff{"x": 1}').key("/x") == Spot(1, 2)


def test_line_ends_of_windows_are_one_line_end() -> None:
    assert SourceMap('{\r\n  "x": 1\r\n}').key("/x") == Spot(2, 3)


def test_both_places_of_a_key_that_occurs_twice() -> None:
    assert SourceMap('{"x": 1,\n "x": 2}').twice == [("x", Spot(1, 2), Spot(2, 2))]


def test_a_key_written_with_an_escape_is_the_same_key() -> None:
    assert SourceMap('{"x": 1, "\\u0078": 2}').twice == [("x", Spot(1, 2), Spot(1, 10))]


def test_equal_keys_in_two_values_of_one_repeated_key_are_not_repeated_themselves() -> None:
    assert [name for name, *_ in SourceMap('{"a": {"b": 1}, "a": {"b": 2}}').twice] == ["a"]


def test_what_stands_before_a_syntax_error_is_placed() -> None:
    assert SourceMap('{"x": 1,\n "y": {"z": 2},\n "broken": }').value("/y/z") == Spot(2, 13)


@pytest.mark.parametrize("text", ["", "   ", "{", "]", '"', "nonsense", "[" * 5_000, "\x00"])
def test_any_text_can_be_mapped(text: str) -> None:
    SourceMap(text).value("/x")


@pytest.mark.parametrize(
    ("written", "offset", "column"),
    [
        ("abc!", 3, 11),
        (r"a\"b!", 3, 12),
        (r"\u00e9!", 1, 14),
        (r"\ud83e\ude91!", 1, 20),
        ("🪑!", 1, 9),
        (r"\\\\!", 2, 12),
    ],
)
def test_a_character_inside_a_text_is_found_behind_its_escapes(written: str, offset: int, column: int) -> None:
    text = '{"x": "' + written + '"}'
    assert json.loads(text)["x"][offset] == "!"
    assert SourceMap(text).inside("/x", offset) == Spot(1, column)
    assert text[column - 1] == "!"


def test_a_large_file_is_mapped_whole() -> None:
    text = json.dumps([{"name": f"n{number}", "æ": [number]} for number in range(5_000)], indent=1)
    places = SourceMap(text)
    spot = places.value("/4999/æ/0")
    assert spot is not None
    assert text.split("\n")[spot.line - 1][spot.column - 1 :] == "4999"
