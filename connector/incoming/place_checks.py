"""Places in a body that lie above one another: what is put into the upper one takes away what is below it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from connector.config.pointer import below
from connector.core.jsonio import Json
from connector.core.problem import Finding
from connector.incoming.request_body import held, is_place

_DEEPER = "Name the place of the value itself, below that one."


def place_findings(
    config: Mapping[str, Json], paged: Sequence[tuple[str, str]], sent: Mapping[str, Json]
) -> Iterator[Finding]:
    """Of the declaration of a POST.

    Args:
        config: the declaration.
        paged: the parameters that the paging sets: the key in pagination, and the name.
        sent: those that the cursor sets, by name.
    """
    if config.get("method") != "POST":
        return
    paging = [(f"/pagination/{key}", name, "the paging") for key, name in paged]
    cursor = [(f"{below('/cursor/send/query', name)}#", name, "the cursor") for name in sent]
    query = config.get("query")
    declared = [("", name, "query") for name in (query if isinstance(query, dict) else ())]
    ones = [one for one in (*paging, *cursor, *declared) if is_place(one[1])]
    for pointer, name, who in ones:
        under = next(((whose, other) for _, other, whose in ones if other.startswith(f"{name}/")), None)
        if pointer and under:
            message = f"{who} sets '{name}', and with it what {under[0]} has at '{under[1]}'"
            yield Finding(pointer, "CFG143", message, _DEEPER)
        elif pointer and _is_filled(held(config.get("body"), name)):
            yield Finding(pointer, "CFG143", f"{who} sets '{name}', and with it all that body has there", _DEEPER)


def _is_filled(value: Json) -> bool:
    """An object with something in it, or a list of such: a place that holds one value is for the first page."""
    return any(_is_object(one) for one in value) if isinstance(value, list) else _is_object(value)


def _is_object(value: Json) -> bool:
    return isinstance(value, dict) and bool(value)
