"""One file of a project: what it says, and where in it everything stands. Reads nothing from the disk itself."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from connector.config.source_map import SourceMap
from connector.core.jsonio import Json, dumps
from connector.core.problem import Place


class _Source:
    """A file with positions that are worked out when first asked for."""

    def __init__(self, path: Path, shown: str, text: str) -> None:
        self.path = path
        self.shown = shown
        self.text = text
        self.name = path.stem

    @cached_property
    def positions(self) -> SourceMap:
        """Where everything stands."""
        return SourceMap(self.text)

    def place(self, pointer: str, *, offset: int | None = None, at_key: bool = False) -> Place:
        """The place of a pointer; ``offset`` characters into a text; or of the key instead of the value."""
        spot = self.positions.key(pointer) if at_key else self.positions.value(pointer)
        if offset is not None:
            spot = self.positions.inside(pointer, offset)
        return Place(self.shown, spot.line, spot.column, pointer) if spot else Place(self.shown, 1, 1, pointer)


class Declaration(_Source):
    """One declared client, incoming, outgoing or route; or what the project says of itself, or adds to a system.

    Attributes:
        family: ``client``, ``incoming``, ``outgoing``, ``route``, ``project`` or ``system``.
        data: the JSON value as written; an object once the project is valid.
    """

    def __init__(self, family: str, source: tuple[Path, str, str], data: Json) -> None:
        super().__init__(*source)
        self.family = family
        self.data = data

    @property
    def enabled(self) -> bool:
        """Unless it says ``"enabled": false``."""
        return not isinstance(self.data, dict) or self.data.get("enabled") is not False

    @property
    def root(self) -> Path:
        """The project's folder."""
        return self.path.parents[{"project": 1, "system": 3}.get(self.family, 2)]


class Discovered(_Source):
    """One file of ``configs/types/``, which the program wrote: what a client's server has."""

    family = "discovered"

    def __init__(self, source: tuple[Path, str, str], data: Json) -> None:
        super().__init__(*source)
        self.data = data


class TransformerSource(_Source):
    """One transformer file; ``data`` is the parsed list of steps of a ``.json`` one."""

    family = "transformer"

    def __init__(self, source: tuple[Path, str, str], data: Json) -> None:
        super().__init__(*source)
        self.suffix = source[0].suffix
        self.data = data
        self._written = data

    @property
    def current(self) -> str:
        """What to compile: the text, or what became of it when the file is of an earlier form."""
        return self.text if self.data is self._written else dumps(self.data).decode()

    def place(self, pointer: str, *, offset: int | None = None, at_key: bool = False) -> Place:
        """In ``.jmespath`` the offset counts from the file's first character."""
        if self.suffix == ".json":
            return super().place(pointer, offset=offset, at_key=at_key)
        before = self.text.removeprefix("\ufeff")[: offset or 0]
        return Place(self.shown, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)
