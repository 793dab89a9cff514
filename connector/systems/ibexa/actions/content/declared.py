"""What can be said of the payload that an outgoing declares for content actions, beyond which keys there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from connector.config.pointer import below
from connector.core.jsonio import Json, shown, type_name
from connector.core.nearest import did_you_mean
from connector.systems.body_schema import Fault
from connector.systems.ibexa.actions.content.wanted import MATCHES, OWNERS
from connector.systems.ibexa.fields.shapes import SHAPES
from connector.systems.places import misfit


def faults(payload: Mapping[str, Json]) -> Iterator[Fault]:
    """Words that are none: an owner, a match by nothing or by two things, a path that leads nowhere.

    And keys of fields' values that no type of field has, but nearly. What holds a ``${`` is not known yet.
    """
    owners, match = payload.get("owners"), payload.get("match")
    for name, owner in owners.items() if isinstance(owners, dict) else ():
        if owner is not None and owner not in OWNERS and "${" not in str(owner):
            hint = f"{did_you_mean(str(owner), OWNERS)}One of: {', '.join(OWNERS)}."
            yield Fault(f"/owners/{name}", f"'{owner}' is no owner of a field", hint)
    if isinstance(match, dict) and match:
        said = [name for name in MATCHES if match.get(name) is not None]
        if len(said) > 1 or (not said and set(match) <= {"under"}):
            hint = 'Such as {"field": "sku"}, {"name": "…"}, {"remote_id": "…"} or {"criteria": {…}}.'
            yield Fault("/match", f"match wants one of {', '.join(MATCHES)}, not {len(said)}", hint)
    states = payload.get("states")
    for group, state in states.items() if isinstance(states, dict) else ():
        if state is not None and (not isinstance(state, str) or not state):
            message = f"states.{group} must be the identifier of one object state, not {type_name(state)}"
            yield Fault(below("/states", group), message, 'Such as {"ez_lock": "not_locked"}; one state a group.')
    yield from _parents(payload.get("parent"), "/parent")
    yield from _translations(payload.get("translations"))


def _parents(value: Json, place: str) -> Iterator[Fault]:
    for number, one in enumerate(value if isinstance(value, list) else ()):
        yield from _parents(one, f"{place}/{number}")
    path = value.get("path") if isinstance(value, dict) else None
    if isinstance(path, str) and "${" not in path and (wanted := misfit("path", path, of_tree=True)):
        yield Fault(f"{place}/path", f"'{shown(path, 40)}' is no path of a Location", f"It is {wanted}.")


def _translations(translations: Json) -> Iterator[Fault]:
    for code, fields in translations.items() if isinstance(translations, dict) else ():
        if fields is not None and not isinstance(fields, dict) and "${" not in str(fields):
            hint = 'Such as {"name": "…"}: field identifier and value in that language.'
            yield Fault(below("/translations", code), f"a translation must be an object, not {type_name(fields)}", hint)


def misspelt(payload: Mapping[str, Json]) -> Iterator[Fault]:
    """Keys of fields' values that no type of field has, but nearly: for content types of which nothing is known."""
    known = sorted({name for one in SHAPES.values() for name in one.members} | {"clear"})
    translations = payload.get("translations")
    listed = [("/fields", payload.get("fields"))]
    listed += [(below("/translations", code), one) for code, one in _items(translations)]
    for place, fields in listed:
        for field, value in _items(fields):
            for key, _ in _items(value):
                near = did_you_mean(key, known) if key not in known else ""
                if near:
                    pointer = below(below(place, field), key)
                    yield Fault(
                        pointer, f"no type of field has '{shown(key, 40)}' in its value", near.strip(), at_key=True
                    )


def _items(value: Json) -> Iterable[tuple[str, Json]]:
    return value.items() if isinstance(value, dict) else ()
