"""An id of which only the fixed text is left names nothing: its task fails; other texts may lack a part."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from connector.core.errors import RecordError
from connector.core.jsonio import Json
from connector.core.protocols import Scope
from connector.incoming.select import Selection
from connector.transformers.steps.jmespath import JmesPath
from connector.transformers.steps.map import Map

SCOPE = Scope("1", "test", datetime(2026, 1, 1, tzinfo=UTC))
EMPTY: list[Json] = [{}, {"code": None}, {"code": ""}, {"code": " "}]


def mapped(to: dict[str, Any], record: Json) -> Any:
    (made,) = Map.build({"to": to}, "product.json step 1 (map)").apply(record, SCOPE)
    return made


@pytest.mark.parametrize("record", EMPTY)
@pytest.mark.parametrize("text", ["concat('bm-', code)", "join('', ['bm-', code][])", "lower(concat('BM-', code))"])
def test_a_remote_id_of_fixed_text_only_fails_and_names_its_place(text: str, record: Json) -> None:
    with pytest.raises(RecordError, match="names nothing") as caught:
        mapped({"payload": {"remote_id": text}}, record)
    assert caught.value.step.endswith("payload.remote_id")
    assert text[:20] in caught.value.hint


@pytest.mark.parametrize("record", EMPTY)
def test_it_is_the_same_in_an_expression(record: Json) -> None:
    step = JmesPath.build({"expression": "{payload: {remote_id: concat('bm-', code)}}"}, "product.jmespath")
    with pytest.raises(RecordError, match="alone names nothing"):
        list(step.apply(record, SCOPE))


@pytest.mark.parametrize("parent", [{"remote_id": "concat('bm-', code)"}, "{remote_id: concat('bm-', code)}"])
def test_an_optional_parent_fails_with_what_to_write(parent: Json) -> None:
    with pytest.raises(RecordError, match="alone names nothing") as caught:
        mapped({"payload": {"remote_id": "'home'", "parent": parent}}, {"code": ""})
    remedy = "code && {remote_id: …} || {path: '/1/2'}"
    assert remedy in caught.value.hint
    written = remedy.replace("…", "concat('bm-', code)")
    made = [mapped({"parent": written}, {"code": code}) for code in ("", "4")]
    assert made == [{"parent": {"path": "/1/2"}}, {"parent": {"remote_id": "bm-4"}}]


def test_the_id_of_a_record_itself_has_no_such_remedy() -> None:
    with pytest.raises(RecordError) as caught:
        mapped({"payload": {"remote_id": "concat('bm-', code)"}}, {})
    assert caught.value.hint == "In: concat('bm-', code)"


def test_a_part_may_be_missing() -> None:
    made = mapped({"payload": {"remote_id": "concat('bm-', code, suffix)"}}, {"code": "4"})
    assert made == {"payload": {"remote_id": "bm-4"}}


def test_a_fixed_id_is_meant() -> None:
    assert mapped({"remote_id": "'home'"}, {}) == {"remote_id": "home"}
    assert mapped({"remote_id": "concat('ho', 'me')"}, {}) == {"remote_id": "home"}


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        ({"fields": {"name": "concat('Bm ', code)"}}, {"fields": {"name": "Bm "}}),
        (
            {"image": {"remote_id": "concat('i-', code)", "absent": "'skip'"}},
            {"image": {"remote_id": "i-", "absent": "skip"}},
        ),
        ({"match": {"remote_id": "concat('old-', code)"}}, {"match": {"remote_id": "old-"}}),
        ({"a": "{match: {remote_id: concat('old-', code)}}"}, {"a": {"match": {"remote_id": "old-"}}}),
    ],
)
def test_what_may_lack_its_part_is_left_alone(to: dict[str, Any], expected: Json) -> None:
    assert mapped(to, {"code": None}) == expected


@pytest.mark.parametrize("key", ["join('-', ['bm', to_string(code)])", "join('', ['bm-', code][])"])
def test_a_key_of_fixed_text_only_is_none(key: str) -> None:
    selection = Selection("@", key, 10**6)
    problem = selection.record({"code": None}, "page 1").problem
    assert problem is not None
    assert problem.code == "REC111"
    assert "alone names nothing" in problem.message
    assert selection.record({"code": "4"}, "page 1").key == "bm-4"
