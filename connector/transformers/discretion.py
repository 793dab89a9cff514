"""What of a record the run log must not keep, and need not: what is a secret by its name and no transformer reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connector.config.secrecy import is_secret_field
from connector.core.jsonio import Json
from connector.core.secrets import MASK
from connector.transformers.reach import Reach

Way = tuple[str, ...]
_CONTAINERS = (dict, list)
_MOST_NAMES = 10_000
"""So many names are remembered: data may stand in keys."""


class Discretion:
    """Of one route; satisfies core.protocols.Discreet.

    Args:
        files: text and suffix of each transformer file, in the route's order.
    """

    def __init__(self, files: Sequence[tuple[str, str]]) -> None:
        self._reach = Reach(files)
        self._known: dict[Way, bool] = {}
        self._harmless: set[str] = set()

    def kept(self, data: Json) -> Json:
        """The record with a mask for each such value; the same object when there is none."""
        return self._without(data, ()) if self._is_suspect(data) else data

    def lacks(self, data: Json) -> bool:
        """Whether a stored record has a mask where these transformers read: others wrote it."""
        return any(value == MASK and self._reach.covers(way) for way, value in secrets_in(data))

    def reads(self, way: Way) -> bool:
        """Whether a transformer may read that member."""
        return self._reach.covers(way)

    def _is_suspect(self, data: Json) -> bool:
        """Whether any name in it stands for a secret; most records have none, and are looked through quickly."""
        left: list[Json] = [data]
        harmless = self._harmless
        while left:
            value = left.pop()
            if isinstance(value, dict):
                if not harmless.issuperset(value):
                    if any(map(is_secret_field, value)):
                        return True
                    if len(harmless) < _MOST_NAMES:
                        harmless.update(value)
                left += [one for one in value.values() if isinstance(one, _CONTAINERS)]
            elif isinstance(value, list):
                left += [one for one in value if isinstance(one, _CONTAINERS)]
        return False

    def _without(self, value: Json, way: Way) -> Json:
        if isinstance(value, dict):
            changed = {}
            for name, one in value.items():
                if one is None or one == "":
                    continue
                kept = MASK if self._is_hidden(name, way) else one
                if kept is one and isinstance(one, dict | list):
                    kept = self._without(one, (*way, name))
                if kept is not one:
                    changed[name] = kept
            return {**value, **changed} if changed else value
        if isinstance(value, list):
            found = [self._without(one, way) if isinstance(one, dict | list) else one for one in value]
            return found if any(one is not other for one, other in zip(found, value, strict=True)) else value
        return value

    def _is_hidden(self, name: str, way: Way) -> bool:
        if not is_secret_field(name):
            return False
        here = (*way, name)
        if here not in self._known:
            self._known[here] = not self._reach.covers(here)
        return self._known[here]


def secrets_in(value: Json, way: Way = ()) -> Iterator[tuple[Way, Json]]:
    """The members of a record that are secrets by their names and not empty, each with the names that lead to it."""
    for name, one in value.items() if isinstance(value, dict) else ():
        if one in (None, ""):
            continue
        if is_secret_field(name):
            yield (*way, name), one
        else:
            yield from secrets_in(one, (*way, name))
    for one in value if isinstance(value, list) else ():
        yield from secrets_in(one, way)
