"""Parameters of a request: in the query, or in the body, where names are places such as ``/filter/0/parameters/gt``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from connector.core.errors import ConfigError
from connector.core.jsonio import Json, type_name

ONE_VALUE = "A parameter is a text, a number, true or false, or a list of them; objects belong into the body of a POST."


def is_place(name: str) -> bool:
    """Whether the parameter of that name is a place in the body."""
    return name.startswith("/")


def divided(parameters: Mapping[str, Json]) -> tuple[dict[str, Json], dict[str, Json]]:
    """Those of the query, and those of the body."""
    places = {name: value for name, value in parameters.items() if is_place(name)}
    return {name: value for name, value in parameters.items() if name not in places}, places


def pairs(query: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    """As they stand in an address: a list repeats its name, null is left out.

    Raises:
        ConfigError: a value is an object, or a list in a list.
    """
    for name, value in query.items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict | list):
                raise ConfigError(f"the query value '{name}' is {type_name(one)}", hint=ONE_VALUE)
            if one is not None:
                yield name, ("true" if one else "false") if isinstance(one, bool) else str(one)


def placed(body: Json, places: Mapping[str, Json]) -> Json:
    """The body with a value in each place; objects on the way that are not there are made. It is not changed itself.

    Raises:
        ConfigError: see misplaced.
    """
    for place, value in places.items():
        fault = misplaced(body, place)
        if fault:
            raise ConfigError(f"{place} is no place in the body: {fault}", hint="Correct the body.")
        body = _with(body, _steps(place), value)
    return body


def holds(body: Json, place: str) -> bool:
    """Whether there is something in that place already."""
    return bool(_found(body, place))


def held(body: Json, place: str) -> Json:
    """What is in that place; None: nothing."""
    return next(iter(_found(body, place)), None)


def misplaced(body: Json, place: str) -> str:
    """Why that is no place in the body; empty: it is one."""
    here, way = body, ""
    if place.endswith("/"):
        return "it ends with a slash, and names nothing there"
    for step in _steps(place):
        if here is None:
            return ""
        if isinstance(here, list):
            if not step.isdecimal() or int(step) >= len(here):
                return f"the list at {way or 'its top'} has {len(here)} elements, and none is '{step}'"
            here = here[int(step)]
        elif isinstance(here, dict):
            here = here.get(step)
        else:
            return f"{way} is {type_name(here)}, and nothing can be in it"
        way += f"/{step}"
    return ""


def listed(value: Json) -> list[Json]:
    """A list as it is, anything else as the only one in it."""
    return value if isinstance(value, list) else [value]


def without_nulls(value: Json) -> Json:
    """Objects without the members that are null, but for the payload: what a request transformer takes away."""
    if isinstance(value, dict):
        return {key: without_nulls(one) for key, one in value.items() if one is not None or key == "payload"}
    return value


def _found(body: Json, place: str) -> list[Json]:
    for step in _steps(place):
        if isinstance(body, list) and step.isdecimal() and int(step) < len(body):
            body = body[int(step)]
        elif isinstance(body, dict) and step in body:
            body = body[step]
        else:
            return []
    return [body]


def _with(here: Json, steps: list[str], value: Json) -> Json:
    if not steps:
        return value
    step, rest = steps[0], steps[1:]
    if isinstance(here, list):
        at = int(step)
        return [*here[:at], _with(here[at], rest, value), *here[at + 1 :]]
    inner = here or {}
    return {**inner, step: _with(inner.get(step), rest, value)}


def _steps(place: str) -> list[str]:
    return [one.replace("~1", "/").replace("~0", "~") for one in place.split("/")[1:]]
