"""What the criteria of a search name by an identifier, in the API's own words, at whatever depth they stand."""

from __future__ import annotations

from collections.abc import Iterator

from connector.config.pointer import below
from connector.core.jsonio import Json

_LISTS = {
    "SectionIdentifierCriterion": "section",
    "ContentTypeIdentifierCriterion": "content type",
    "LanguageCodeCriterion": "language",
    "languageCode": "language",
}
"""Keys whose value is an identifier, several as ``a,b``, or a list of them."""
_STATES = "ObjectStateIdentifierCriterion"


def named_in(node: Json, pointer: str) -> Iterator[tuple[str, Json, str]]:
    """Kind, value and pointer of each; of an object state its group and itself.

    Args:
        node: of ``find.criteria`` or of the payload of a search.
        pointer: of it.
    """
    if isinstance(node, list):
        for number, one in enumerate(node):
            yield from named_in(one, below(pointer, number))
    for key, value in node.items() if isinstance(node, dict) else ():
        place = below(pointer, key)
        if key in _LISTS:
            yield from ((_LISTS[key], one, at) for one, at in _each(value, place))
        elif key == _STATES:
            yield from _states(value, place)
        else:
            yield from named_in(value, place)


def _states(value: Json, place: str) -> Iterator[tuple[str, Json, str]]:
    group = value.get("target") if isinstance(value, dict) else None
    if isinstance(group, str) and group:
        yield from (("state", [group, state], at) for state, at in _each(value.get("value"), below(place, "value")))


def _each(value: Json, place: str) -> Iterator[tuple[str, str]]:
    """Identifier and pointer."""
    listed = enumerate(value) if isinstance(value, list) else [(None, value)]
    for number, text in listed:
        at = place if number is None else below(place, number)
        whole = [text] if isinstance(text, str) and "${" in text else str(text or "").split(",")
        yield from ((one.strip(), at) for one in whole if isinstance(text, str) and one.strip())
