"""Which parts of a project its errors keep from being used: those at fault, and what is made of them.

An error that belongs to no part alone (a name that two files have, a file that nothing tells the place of, one that
changes operations of the system itself) keeps everything from being used.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import PurePosixPath

from msgspec import Struct, field

from connector.config.additions import is_addition, users
from connector.config.links import circle, parts_of
from connector.config.project import FOLDERS, Project
from connector.core.errors import ConfigError
from connector.core.problem import Problem

Part = tuple[str, str]

_FAMILIES: Mapping[str, str] = {**{folder: family for family, folder in FOLDERS.items()}, "types": "client"}
_NAMES = frozenset({"CFG102", "CFG103"})
"""Of files that are not read for their name: which part is meant, nobody knows."""


class Faults(Struct, frozen=True):
    """The errors of a project.

    Attributes:
        everywhere: those that concern all of it.
        by_part: the others by family and name of the part whose file they are in.
    """

    everywhere: tuple[Problem, ...] = ()
    by_part: Mapping[Part, Sequence[Problem]] = field(default_factory=dict)

    @property
    def all(self) -> list[Problem]:
        """Of all parts too."""
        return [*self.everywhere, *dict.fromkeys(one for found in self.by_part.values() for one in found)]

    def of(self, project: Project, family: str, name: str) -> list[Problem]:
        """The errors of one part and of all that it is made of."""
        if not self.by_part:
            return []
        parts = parts_of(project, family, name)
        return [one for part, found in self.by_part.items() if part in parts for one in found]

    def ensure_none(self, project: Project, family: str, name: str) -> None:
        """Whether a part can be used.

        Raises:
            ConfigError: see ``of``; with all of these.
        """
        if errors := self.of(project, family, name):
            where = sorted({one.place.file for one in errors if one.place})
            message = f"the {family} '{name}' cannot be used: {_many(errors)} in {', '.join(where)}"
            raise ConfigError(message, hint="Mend it, and see with `connector validate`.", problems=tuple(errors))


def refuse(found: Iterable[Problem]) -> None:
    """Whether there is no error.

    Raises:
        ConfigError: with all of them.
    """
    if errors := tuple(found):
        if len(errors) == 1 and errors[0].place is None:  # of the project as a whole: it is the sentence itself
            raise ConfigError(errors[0].message, hint=errors[0].hint, problems=errors)
        hint = "Run `connector validate` to see them all."
        raise ConfigError(f"the project has {_many(errors)}", hint=hint, problems=errors)


def _many(errors: Sequence[Problem]) -> str:
    return f"{len(errors)} error{'s' if len(errors) > 1 else ''}"


def faults_of(project: Project, problems: Iterable[Problem], known: Callable[[], Collection[str]]) -> Faults:
    """The errors among these problems, sorted out; warnings are none.

    Args:
        project: that they are of.
        problems: all of them.
        known: entities and bodies that the systems have of themselves: see ``additions``.
    """
    everywhere: list[Problem] = []
    by_part: dict[Part, list[Problem]] = {}
    for one in problems:
        if one.severity != "error":
            continue
        if one.place is not None and is_addition(one.place.file):
            used = users(project, one.place.file, known())
            for each in [("system", one.place.file), *used] if used is not None else ():
                by_part.setdefault(each, []).append(one)
            if used is None:
                everywhere.append(one)
            continue
        part = None if one.place is None or one.code in _NAMES else _part(one.place.file)
        # Of a route that cannot be read nobody knows when it runs and what waits for it.
        if part is None or (part[0] == "route" and part in project.broken):
            everywhere.append(one)
        else:
            # A circle is told of at one of its routes, and all of them are at fault.
            circular = circle(project, part[1]) if one.code == "CFG122" else ()
            for each in dict.fromkeys((part, *(("route", name) for name in circular))):
                by_part.setdefault(each, []).append(one)
    return Faults(tuple(everywhere), by_part)


def _part(file: str) -> Part | None:
    """Family and name of the part that a file is of; what `discover` wrote is the client's."""
    match PurePosixPath(file).parts:
        case ("transformers", name):
            return "transformer", PurePosixPath(name).stem
        case ("configs", folder, name, *_) if folder in _FAMILIES:
            return _FAMILIES[folder], PurePosixPath(name).stem
        case _:
            return None
