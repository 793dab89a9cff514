"""What declarations and mappings name that must be in Ibexa: places, sections, object states, roles. It asks nobody.

Content types and languages only where a search has them in the API's own words, or an expression as one of several: of
the others types.py tells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from msgspec import Struct

from connector.checks.mapping import Found, Mapped, known_text, mapping_of, object_in, text_in
from connector.checks.searched import named_in
from connector.checks.written import Written
from connector.config.declaration import Declaration, TransformerSource
from connector.config.pointer import below
from connector.config.project import Project
from connector.core.jsonio import Json
from connector.core.problem import Finding
from connector.systems.ibexa.fields.literals import is_known
from connector.transformers.leaves import leaves_of


class Tell(Protocol):
    """Makes a finding at where something is named; of an object state either at the state or, its key, the group."""

    def __call__(self, code: str, message: str, hint: str, severity: str, *, at_key: bool = False) -> Found:
        """A finding from code, message, hint and severity."""


class Mention(Struct, frozen=True):
    """One thing that is named.

    Attributes:
        kind: ``place``, ``group`` (a place too), ``section``, ``state``, ``role``, ``content type`` or ``language``.
        value: a place or group as ``{"path"}``, ``{"id"}`` or ``{"remote_id"}``; ``[group, state]``; or an identifier.
        told: makes a finding at where it is named.
        by_default: it is what a variable is where it is not set.
    """

    kind: str
    value: Json
    told: Tell
    by_default: bool = False


def mentions(project: Project, client: str) -> Iterator[Mention]:
    """Everything that is named for a client, with its value as written; what only a run tells is left out."""
    for incoming in project.incomings.values():
        if text_in(incoming, "client") == client and text_in(incoming, "type") == "ibexa":
            yield from _searched(incoming)
    for route in project.routes.values():
        outgoing = project.outgoings.get(text_in(route, "outgoing"))
        if outgoing is not None and text_in(outgoing, "client") == client and text_in(outgoing, "type") == "ibexa":
            mapping = mapping_of(project, route)
            yield from _written(Written(route, outgoing, mapping), text_in(outgoing, "entity"))
            yield from _chosen(mapping) if mapping is not None else ()
            yield from _place(_as_place(outgoing.data.get("destination")), _at(outgoing, "/destination"))


def _written(written: Written, entity: str) -> Iterator[Mention]:
    if entity not in ("content", "location", "user", "object_state"):
        return

    def at(pointer: str) -> Tell:
        def tell(code: str, message: str, hint: str, severity: str, *, at_key: bool = False) -> Found:
            return written.finding(pointer, code, message, hint, at_key=at_key, severity=severity)

        return tell

    payload = written.whole
    keys, kind = (("group", "groups"), "group") if entity == "user" else (("parent",), "place")
    for pointer, value in (pair for key in keys for pair in _each(payload, key)):
        yield from _place(value, at(pointer), kind)
    for pointer, value in _each(payload, "roles") if entity == "user" else ():
        yield from _named("role", value, at(pointer))
    if entity == "content":
        yield from _named("section", payload.get("section"), at("/section"))
    for group, state in written.objects("/states").items():
        if isinstance(state, str):
            yield from _named("state", [group, state], at(below("/states", group)))


def _searched(incoming: Declaration) -> Iterator[Mention]:
    find = object_in(incoming, "find")
    if isinstance(find.get("under"), str):
        yield from _place({"path": find["under"]}, _at(incoming, "/find/under"))
    if isinstance(find.get("parent"), int):
        yield from _place({"id": find["parent"]}, _at(incoming, "/find/parent"))
    for part in ("find", "payload"):
        for kind, value, pointer in named_in(_own_words(incoming, part), f"/{part}"):
            yield from _named(kind, value, _at(incoming, pointer))
    if isinstance(find.get("section"), str) and "," not in find["section"]:
        yield from _named("section", find.get("section"), _at(incoming, "/find/section"))
    states = find.get("states")
    for group, listed in states.items() if isinstance(states, dict) else ():
        for number, state in enumerate(listed if isinstance(listed, list) else ()):
            pointer = below(below("/find/states", group), number)
            yield from _named("state", [group, state], _at(incoming, pointer))


def _own_words(incoming: Declaration, part: str) -> Json:
    """Of the criteria, and of the payload of a search."""
    if part == "find":
        return {"criteria": object_in(incoming, "find").get("criteria")}
    is_search = text_in(incoming, "entity") == "content" and text_in(incoming, "action") in ("", "search")
    return object_in(incoming, "payload") if is_search else {}


_CHOICES: Mapping[tuple[str, ...], str] = {
    ("section",): "section",
    ("content_type",): "content type",
    ("main_language",): "language",
}


def _chosen(mapping: Mapped) -> Iterator[Mention]:
    """The fixed texts of which an expression chooses one: ``sale && 'campaigns' || 'standard'``."""
    for leaf in leaves_of(mapping.source.current, mapping.source.suffix):
        inner = leaf.way[1:] if leaf.way[:1] == ("payload",) else ()
        is_state = len(inner) == 2 and inner[0] == "states"
        kind = "state" if is_state else _CHOICES.get(inner, "")
        for text, offset in leaf.choices if kind else ():
            at = _at(mapping.source, leaf.pointer, leaf.start + offset)
            yield from _named(kind, [inner[1], text] if is_state else text, at)


def _each(payload: Mapping[str, Json], key: str) -> Iterator[tuple[str, Json]]:
    """One value, or each of a list."""
    value = payload.get(key)
    if isinstance(value, list):
        yield from ((f"/{key}/{number}", one) for number, one in enumerate(value))
    else:
        yield f"/{key}", value


def _place(value: Json, told: Tell, kind: str = "place") -> Iterator[Mention]:
    if isinstance(value, dict) and len(value) == 1 and set(value) <= {"path", "id", "remote_id"} and is_known(value):
        yield Mention(kind, value, told)


def _named(kind: str, value: Json, told: Tell) -> Iterator[Mention]:
    both = [known_text(one) for one in value] if isinstance(value, list) else [known_text(value)]
    texts = [one for one, _ in both]
    if all(isinstance(one, str) and one and is_known(one) for one in texts):
        yield Mention(kind, texts if isinstance(value, list) else texts[0], told, any(default for _, default in both))


def _as_place(value: Json) -> Json:
    """A destination, which may be a bare path or id."""
    if isinstance(value, int):
        return {"id": value}
    if isinstance(value, str):
        return {"id": int(value)} if value.strip().isdigit() else {"path": value}
    return value


def _at(source: Declaration | TransformerSource, pointer: str, offset: int | None = None) -> Tell:
    def tell(code: str, message: str, hint: str, severity: str, *, at_key: bool = False) -> Found:
        # The states of a search are a list: the key is that of the list.
        place = f"{pointer.rpartition('/')[0]}#" if at_key and offset is None else pointer
        return source, Finding(place, code, message, hint, severity, offset)

    return tell
