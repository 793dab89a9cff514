"""What refers to a remote id that nothing can have is refused with the reason: it would wait for ever."""

from __future__ import annotations

from typing import Any

import pytest

from connector.core.errors import RecordError
from connector.core.jsonio import Json
from connector.core.model import Message
from connector.core.outcome import Refused, Waits
from tests.integration.outgoing.shop import Shop

LONG: Json = {"remote_id": "x" * 101}
FITS: Json = {"remote_id": "x" * 100}


def payloads(ref: Json) -> list[tuple[str, str, Json]]:
    there: Json = {"path": "/1/2"}
    return [
        ("content", "upsert", {"remote_id": "t-1", "fields": {"name": "A"}, "parent": ref}),
        ("content", "upsert", {"remote_id": "t-1", "fields": {"name": "A"}, "parent": [there, ref]}),
        ("location", "ensure", {"content": ref, "parent": there}),
        ("location", "ensure", {"content": {"id": 52}, "parent": ref}),
        ("relation", "ensure", {"from": {"remote_id": "a"}, "to": [ref]}),
        ("relation", "ensure", {"from": ref, "to": []}),
        ("object_state", "set", {"content": ref, "states": {"ez_lock": "locked"}}),
        ("url_alias", "ensure", {"location": ref, "path": "a", "language": "eng-GB"}),
    ]


@pytest.mark.parametrize("number", range(len(payloads(LONG))))
def test_it_is_refused_before_anything_is_asked(shop: Shop, number: int) -> None:
    entity, action, payload = payloads(LONG)[number]
    more: dict[str, Any] = (
        {"payload": {"content_type": "thing", "main_language": "eng-GB"}} if action == "upsert" else {}
    )
    outgoing = shop.outgoing(entity, action, **more)
    with pytest.raises(RecordError, match="101 characters") as caught:
        outgoing.prepare(Message(payload=payload))
    assert "nothing has that remote id" in caught.value.hint
    outgoing.prepare(Message(payload=payloads(FITS)[number][2]))
    assert shop.book["requests"]["by_op"] == {}


@pytest.mark.parametrize("field", ["related"])
def test_in_a_field_it_is_refused_before_anything_is_written(shop: Shop, field: str) -> None:
    outcome = shop.put(**{field: [LONG]})
    assert isinstance(outcome, Refused)
    assert "fields.related refers to" in outcome.problem.message
    assert isinstance(shop.put(**{field: [FITS]}), Waits)
    assert shop.writes == {}


def test_a_destination_is_refused_too(shop: Shop) -> None:
    move = shop.outgoing("location", "move")
    with pytest.raises(RecordError, match="101 characters"):
        move.prepare(Message(path={"path": "1/2"}, destination=LONG))
