"""One open table of kinds per family: built-in members, third-party ones by entry point, looked up by ``type``."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Generic, Protocol, TypeVar

from connector.core.errors import ConfigError
from connector.core.jsonio import Json
from connector.core.spec import Field, Spec

if TYPE_CHECKING:
    from importlib import metadata


class Kind(Protocol):
    """A class that can be a member: it carries its spec."""

    spec: ClassVar[Spec]


K = TypeVar("K", bound=Kind)


class Registry(Generic[K]):
    """The kinds of one family.

    Args:
        family: the word users know, e.g. ``pagination``; also the entry point group ``connector.<family>``.
        members: the built-in kinds.
        common: fields that every kind of the family has besides its own.
    """

    def __init__(self, family: str, *members: type[K], common: Mapping[str, Field] | None = None) -> None:
        self.family = family
        self.common = dict(common or {})
        self._members: dict[str, type[K]] = {member.spec.type: member for member in members}
        self._entry_points_read = False

    def __iter__(self) -> Iterator[type[K]]:
        return iter(self._members.values())

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name in self._members

    def types(self) -> list[str]:
        """The known values of ``type``, sorted."""
        return sorted(self._members)

    def get(self, name: str) -> type[K]:
        """The kind of that type; entry points are only looked at when it is not built in.

        Raises:
            ConfigError: no such kind, with the nearest name.
        """
        if name not in self._members and not self._entry_points_read:
            self._read_entry_points()
        if name not in self._members:
            near = difflib.get_close_matches(name, self._members, 1)
            hint = f"did you mean '{near[0]}'?" if near else f"known are: {', '.join(self.types())}."
            raise ConfigError(f"'{name}' is no {self.family} type", hint=hint)
        return self._members[name]

    def json_schema(self) -> dict[str, Json]:
        """One schema for the family: ``type`` chooses, by if/then, so that messages speak of the chosen kind."""
        self._read_entry_points()
        branches = []
        for name in self.types():
            then = self._members[name].spec.json_schema(self.common)
            branches.append({"if": {"properties": {"type": {"const": name}}, "required": ["type"]}, "then": then})
        choice = {"enum": self.types(), "description": f"Which kind of {self.family}."}
        return {"type": "object", "required": ["type"], "properties": {"type": choice}, "allOf": branches}

    def _read_entry_points(self) -> None:
        if self._entry_points_read:
            return
        self._entry_points_read = True
        for point in _points():
            if point.group == f"connector.{self.family}":
                self._members.setdefault(point.name, point.load())


@cache
def _points() -> tuple[metadata.EntryPoint, ...]:
    """Those of all families: read once, and only where there is one; few projects have a kind of their own."""
    if not any(_may_declare(Path(folder)) for folder in sys.path):
        return ()
    from importlib import metadata  # noqa: PLC0415 - as heavy as all that is read with it

    found = (point for package in metadata.distributions() for point in package.entry_points)
    return tuple(point for point in found if point.group.startswith("connector."))


def _may_declare(folder: Path) -> bool:
    """Whether a package with kinds is installed there. Of what is no plain folder, such as a zip file: perhaps."""
    if not folder.is_dir():
        return folder.exists()
    packages = (one for one in folder.iterdir() if one.name.upper().endswith("-INFO"))
    return any(_mentions_kinds(one / "entry_points.txt") for one in packages)


def _mentions_kinds(file: Path) -> bool:
    try:
        return b"[connector." in file.read_bytes()
    except OSError:
        return False
