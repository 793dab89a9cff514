"""Query parameters that an operation cannot do without."""

from __future__ import annotations

import pytest

from connector.core.errors import RecordError
from connector.core.model import Message
from connector.systems.catalogue import ibexa
from connector.systems.ibexa.example import example
from connector.systems.parameters import lacking


@pytest.mark.parametrize(
    ("operation", "given", "missing"),
    [
        ("user_group.assign_user", set(), "group"),
        ("user_group.assign_user", {"group"}, ""),
        ("location.find", set(), "id or remoteId or urlAlias"),
        ("location.find", {"urlAlias"}, ""),
        ("section.list", set(), ""),
    ],
)
def test_what_is_missing(operation: str, given: set[str], missing: str) -> None:
    assert lacking(ibexa().get(operation).query, given) == missing


def test_a_message_without_it_is_refused_before_it_is_sent() -> None:
    operation = ibexa().get("user_group.assign_user")
    with pytest.raises(RecordError, match="needs query.group"):
        operation.check(Message(path={"userId": 14}, query={"group": None}))
    operation.check(Message(path={"userId": 14}, query={"group": "1/5/13"}))


def test_an_example_has_what_is_needed() -> None:
    assert example(ibexa().get("user_group.assign_user"))["query"] == {"group": "1/5/13"}
    assert example(ibexa().get("user.list_for_group"))["path"] == {"path": "1/5/13"}
    assert [one.id for one in ibexa().operations() if lacking(one.query, example(one).get("query", {}))] == []
