"""Everything that is known of one operation or composed action, as JSON: for the command line and the pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from connector.core.jsonio import Json
from connector.systems.body_keys import Key, keys_of
from connector.systems.body_schema import BodySchema
from connector.systems.catalogue import Catalogue
from connector.systems.ibexa.actions import ACTIONS
from connector.systems.ibexa.example import composed_example, example
from connector.systems.ibexa.records import record_of
from connector.systems.meanings import meanings
from connector.systems.operation import Operation


def payload_of(one: Operation) -> list[Key]:
    """The keys of an operation's payload; none when it takes none, or nobody knows them."""
    if one.unread:
        return []
    keys = keys_of(one.body, one.required, closed=one.closed) if one.body is not None else []
    filled = _filled(one)
    return [_by_itself(key) if key.name in filled and key.required is not False else key for key in keys]


def _filled(one: Operation) -> frozenset[str]:
    """What an incoming writes into the payload of a search: its own name, and the page that it is at."""
    if one.paging["style"] != "view_offset_limit":
        return frozenset()
    offset = str(one.paging["offset_at"]).partition(".")[2]
    node = offset.rpartition(".")[0]
    return frozenset({node, offset, f"{node}.limit"} | ({"identifier"} if one.id == "content.search" else set()))


def _by_itself(key: Key) -> Key:
    return replace(key, required=False, filled=True, help=f"{key.help} An incoming fills it in by itself.".strip())


def composed_payload_of(name: str, catalogue: Catalogue) -> list[Key]:
    """The keys of a composed action's payload."""
    body = catalogue.composed_body(name)
    return keys_of(body) if body is not None else []


def described(one: Operation) -> dict[str, Json]:
    """An operation; ``path``, ``query``, ``payload`` and ``answers`` are objects by name."""
    return {
        "id": one.id,
        "title": one.title,
        "request": f"{one.method} {one.path}",
        "reads": one.reads,
        "declaration": {"type": "ibexa", "entity": one.entity, "action": one.action},
        "path": {name: {**one.params.get(name, {"type": "string"}), "required": True} for name in one.path_params},
        "query": {name: _query(known) for name, known in one.query.items()},
        "accept": one.accept,
        "content_type": one.content_type,
        "payload_root": one.request_root,
        "payload_about": "" if one.unread else _about(one.body),
        "payload": _by_name(payload_of(one)),
        "record": list(record_of(one.id)) if one.reads else [],
        "records_at": one.list_at,
        "total_at": one.total_at,
        "paging": dict(one.paging),
        "destination": one.destination,
        "answers": meanings(one),
        "status": one.status,
        "replaced_by": one.replaced_by,
        "notes": one.notes,
        "example": {"in": "configs/incoming/" if is_incoming(one) else "configs/outgoing/", "config": example(one)},
    }


def described_action(entity: str, action: str, catalogue: Catalogue) -> dict[str, Json]:
    """A composed action: what it promises, and what its payload may hold."""
    name, kind = f"{entity}.{action}", ACTIONS[entity, action]
    body = catalogue.composed_body(name)
    config = composed_example(entity, action, body) if body is not None else {}
    return {
        "id": name,
        "title": (kind.__doc__ or "").strip().splitlines()[0],
        "request": "composed: several operations, carried out as one" + _beside(entity, action, catalogue),
        "declaration": {"type": "ibexa", "entity": entity, "action": action},
        "payload_about": _about(body),
        "payload": _by_name(composed_payload_of(name, catalogue)),
        "looked_up_before_a_repeat": kind.can.look_up,
        "when_dropped": ["keep", *kind.can.drops],
        "status": "active",
        "example": {"in": "configs/outgoing/", "config": config},
    }


def _beside(entity: str, action: str, catalogue: Catalogue) -> str:
    """The plain operation of the same name."""
    if action not in catalogue.actions(entity):
        return ""
    plain = catalogue.find(entity, action)
    return (
        f"; with path.{' and path.'.join(plain.path_params)} in place of a payload: {plain.method} {plain.path} alone"
    )


def is_incoming(one: Operation) -> bool:
    """Whether an incoming can use it: what only says yes or no has no records."""
    return one.reads and one.method != "HEAD"


def _query(known: Any) -> dict[str, Json]:
    found = {name: known[name] for name in ("type", "help", "default") if name in known}
    found["help"] = f"{found['help']} One of these is needed." if known.get("needed") == "one" else found["help"]
    return {**found, "required": known.get("needed") is True, **({"allowed": known["enum"]} if "enum" in known else {})}


def _about(body: BodySchema | None) -> str:
    return str(body.json_schema().get("description", "")) if body is not None else ""


def _by_name(keys: Iterable[Key]) -> dict[str, Json]:
    return {one.name: one.as_json() for one in keys}
