"""What the source files tell of a project: nothing false, nothing slow, nothing of what is not known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from connector.app import validate_project
from connector.core.problem import Problem

FILE = {"type": "file", "path": "things.csv", "key": "id"}
SHOP = {"type": "ibexa", "base_url": "https://shop.example.com", "auth": {"type": "none"}}
OUT = {"type": "ibexa", "client": "shop", "entity": "content", "action": "upsert"}
FIXED = {"content_type": "product", "parent": {"id": 2}, "main_language": "eng-GB"}


def mapping(**fields: str) -> list[Any]:
    return [{"type": "map", "to": {"payload": {"remote_id": "concat('t-', id)", "fields": fields}}}]


def told(root: Path, files: dict[str, Any]) -> list[Problem]:
    around = {
        "configs/clients/shop.json": SHOP,
        "configs/incoming/things.json": FILE,
        "configs/outgoing/shop.json": {**OUT, "payload": FIXED},
        "configs/routes/things.json": {"incoming": "things", "transformers": ["thing"], "outgoing": "shop"},
        "things.csv": "id,title,Article number\n1,Chair,A-1\n",
        "transformers/thing.json": mapping(name="title"),
    }
    for name, content in {**around, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return validate_project(root, {})[1]


def codes(problems: list[Problem]) -> list[str]:
    return [one.code for one in problems]


def test_headings_with_blanks_are_names(tmp_path: Path) -> None:
    steps = mapping(name="concat(title, ' ', \"Article number\")")
    assert told(tmp_path, {"transformers/thing.json": steps}) == []


def test_a_heading_that_looks_like_a_text_is_a_name_when_the_file_has_it(tmp_path: Path) -> None:
    files = {
        "things.csv": "id,title,true,-\n1,Chair,x,y\n",
        "transformers/thing.json": mapping(name='concat(true, "-")'),
    }
    assert told(tmp_path, files) == []


def test_a_name_that_a_later_record_has_is_met(tmp_path: Path) -> None:
    rows = [{"id": str(at), "title": "x", **({"colour": "oak"} if at == 40 else {})} for at in range(60)]
    files = {
        "things.json": rows,
        "configs/incoming/things.json": {**FILE, "path": "things.json"},
        "transformers/thing.json": mapping(name="title", colour="colour"),
    }
    assert told(tmp_path, files) == []


def test_a_transformer_of_two_routes_is_told_only_of_what_neither_has(tmp_path: Path) -> None:
    files = {
        "others.csv": "id,label\n1,Chair\n",
        "configs/incoming/others.json": {**FILE, "path": "others.csv"},
        "configs/routes/others.json": {"incoming": "others", "transformers": ["thing"], "outgoing": "shop"},
        "transformers/thing.json": mapping(name="default(title, label)", sku="nothing"),
    }
    (only,) = told(tmp_path, files)
    assert (only.code, "nothing" in only.message) == ("CFG163", True)


def test_a_filter_that_stops_everything_hides_no_column(tmp_path: Path) -> None:
    steps = [{"type": "filter", "where": "title == 'Sofa'"}, *mapping(name="titel")]
    assert codes(told(tmp_path, {"transformers/thing.json": steps})) == ["CFG166", "CFG163"]


def test_records_of_another_kind_that_a_filter_stops_tell_nothing_of_the_mapping(tmp_path: Path) -> None:
    files = {
        "things.json": [{"id": "1", "kind": "group"}],
        "configs/incoming/things.json": {**FILE, "path": "things.json"},
        "transformers/thing.json": [{"type": "filter", "where": "kind == 'product'"}, *mapping(name="title")],
    }
    assert codes(told(tmp_path, files)) == ["CFG166"]


def test_of_a_file_that_is_not_there_or_not_known_nothing_is_said_of_names(tmp_path: Path) -> None:
    elsewhere = {
        "configs/incoming/things.json": {**FILE, "path": "${FILE}"},
        "transformers/thing.json": mapping(name="x"),
    }
    assert codes(told(tmp_path, elsewhere)) == ["CFG130"]
    outside = {**elsewhere, "configs/incoming/things.json": {**FILE, "path": "../things.csv"}}
    assert codes(told(tmp_path, outside)) in (["CFG147"], ["CFG114"])


def test_only_the_beginning_of_a_large_file_is_read(tmp_path: Path) -> None:
    """What is damaged far behind is a run's business; and a mistake at its beginning is told all the same."""
    rows = ",".join(json.dumps({"id": str(at), "title": "x" * 200}) for at in range(50_000))
    files = {
        "things.json": f'{{"items": [{rows}',
        "configs/incoming/things.json": {**FILE, "path": "things.json", "records": "items"},
        "transformers/thing.json": mapping(name="titel"),
    }
    (only,) = told(tmp_path, files)
    assert only.code == "CFG163"
    assert only.message == "none of the first 200 records of things.json has 'titel'"


@pytest.mark.parametrize("depth", [5_000, 100_000])
def test_a_file_that_is_nested_without_end_is_looked_at_no_further(tmp_path: Path, depth: int) -> None:
    files = {"things.json": "[" * depth, "configs/incoming/things.json": {**FILE, "path": "things.json"}}
    assert set(codes(told(tmp_path, files))) <= {"CFG148", "CFG149"}


def test_values_that_are_no_objects_are_told_and_their_key_is_not(tmp_path: Path) -> None:
    files = {"things.json": [1, "a", None], "configs/incoming/things.json": {**FILE, "path": "things.json"}}
    (only,) = told(tmp_path, files)
    assert (only.code, only.severity, only.place and only.place.pointer) == ("CFG149", "warning", "/path")
    assert only.message == "all of the 3 records looked at in things.json are no objects, the first at [0]"


def test_a_column_of_numbers_is_compared_as_it_should_be_without_a_word(tmp_path: Path) -> None:
    rows = [{"id": 1, "title": "a", "group": 10}, {"id": 2, "title": "b", "group": None}]
    files = {
        "things.json": rows,
        "configs/incoming/things.json": {**FILE, "path": "things.json"},
        "transformers/thing.json": [{"type": "filter", "where": "group == `10`"}, *mapping(name="title")],
    }
    assert told(tmp_path, files) == []


def test_rows_that_say_the_same_twice_and_one_record_of_several_messages_are_no_fault(tmp_path: Path) -> None:
    steps = [{"type": "jmespath", "expression": "[{payload: {remote_id: id}}, {payload: {remote_id: id}}]"}]
    files = {"things.csv": "id,title\n1,Chair\n1,Chair\n2,Table\n", "transformers/thing.json": steps}
    assert told(tmp_path, files) == []


def test_a_name_in_cyrillic_that_the_file_has_is_told_in_double_quotes_and_works_so(tmp_path: Path) -> None:
    table = {"things.csv": "id,Артикул №\n1,A\n2,B\n"}
    (only,) = told(tmp_path / "a", {**table, "transformers/thing.json": mapping(name="Артикул №")})
    assert (only.code, only.hint.count('"Артикул №"')) == ("CFG160", 1)
    assert told(tmp_path / "b", {**table, "transformers/thing.json": mapping(name='"Артикул №"')}) == []


def test_an_absolute_path_of_a_file_of_the_project_is_told_with_the_relative_one(tmp_path: Path) -> None:
    absolute = {**FILE, "path": str(tmp_path / "things.csv")}
    (only,) = told(tmp_path, {"configs/incoming/things.json": absolute})
    assert (only.code, only.severity) == ("CFG147", "warning")
    assert only.hint == "Write it relative to the project: things.csv."


def test_an_optional_parent_with_what_stands_for_it_is_told_nothing_of(tmp_path: Path) -> None:
    steps = mapping(name="title")
    steps[0]["to"]["payload"]["parent"] = "above && {remote_id: concat('t-', above)} || {path: '/1/2'}"
    files = {"things.csv": "id,title,above\n1,Chairs,\n2,Chair,1\n", "transformers/thing.json": steps}
    assert told(tmp_path, files) == []
    steps[0]["to"]["payload"]["parent"] = "above && {remote_id: concat('t-', above)}"
    assert told(tmp_path, {**files, "things.csv": "id,title,above\n1,Chairs,\n"}) == []
