"""Which remote ids a message will be looked up by: its own, and those that it refers to."""

from __future__ import annotations

from collections.abc import Iterator

from connector.core.jsonio import Json
from connector.core.model import Delivery
from connector.systems.ibexa.fields.references import named_in

COMPARING = frozenset({"verify", "repair"})
"""Actions that ask whether the target still holds what was written."""
_OWN_WAY = frozenset({"match"})
"""Keys of a payload whose remote ids are asked for in a way of their own."""


def believed_id(delivery: Delivery) -> str:
    """The content id that an earlier delivery learned; empty where it is in question whether the item is still there.

    What went with its parent is answered by its id for long, out of a cache; by its remote id it is not there, nor does
    a search find it (seen on 4.6.25).
    """
    return "" if delivery.action in COMPARING else delivery.target_id


def own_remote_id(delivery: Delivery) -> str:
    """That of the content item that the message is about; empty when its id is known, or it is about something else.

    What may be half done is not looked up by a search: it may be a draft.
    """
    payload = delivery.message.payload
    if believed_id(delivery) or delivery.suspect or not isinstance(payload, dict):
        return ""
    remote_id = payload.get("remote_id")
    return remote_id if isinstance(remote_id, str) and remote_id == delivery.key else ""


def referred_to(delivery: Delivery) -> Iterator[str]:
    """Those of parents, relations, links in texts, and whatever else is named by ``{"remote_id": ...}``."""
    payload = delivery.message.payload
    if isinstance(payload, dict):
        kept = {name: one for name, one in payload.items() if name != "remote_id" and name not in _OWN_WAY}
        yield from _named_in(kept)
    yield from _named_in(delivery.message.destination)


def _named_in(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield from named_in(value)
    if isinstance(value, dict):
        remote_id = value.get("remote_id")
        if isinstance(remote_id, str):
            yield remote_id
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _named_in(one)
