"""Reads a project's folder: one object a file, the file's name is its name. Collects what is wrong; raises nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from connector.config.source_map import SourceMap
from connector.core.jsonio import Json, JsonError, fingerprint, parse
from connector.core.problem import Place, Problem

FAMILIES = ("client", "incoming", "outgoing", "route")
FOLDERS: Mapping[str, str] = {"client": "clients", "incoming": "incoming", "outgoing": "outgoing", "route": "routes"}
_NAME = re.compile(r"^[a-z0-9][a-z0-9-]*$")
_LEFTOVERS = re.compile(r"^\.|~$|^#|\.(swp|bak|orig|tmp)$")


class _Source:
    """A file with positions that are worked out when first asked for."""

    def __init__(self, path: Path, shown: str, text: str) -> None:
        self.path = path
        self.shown = shown
        self.text = text

    @cached_property
    def positions(self) -> SourceMap:
        """Where everything stands."""
        return SourceMap(self.text)

    def place(self, pointer: str, *, offset: int | None = None, at_key: bool = False) -> Place:
        """The place of a pointer; ``offset`` characters into a text."""
        spot = self.positions.key(pointer) if at_key else self.positions.value(pointer)
        if spot is None:
            return Place(self.shown, 1, 1, pointer)
        return Place(self.shown, spot.line, spot.column + (0 if offset is None else offset + 1), pointer)


class Declaration(_Source):
    """One declared client, incoming, outgoing or route."""

    def __init__(self, family: str, source: tuple[Path, str, str], data: Json) -> None:
        super().__init__(*source)
        self.family = family
        self.name = source[0].stem
        self.data = data

    @property
    def enabled(self) -> bool:
        """Unless it says ``"enabled": false``."""
        return not isinstance(self.data, dict) or self.data.get("enabled") is not False


class TransformerSource(_Source):
    """One transformer file; ``data`` is the parsed list of steps of a ``.json`` one."""

    family = "transformer"

    def __init__(self, source: tuple[Path, str, str], data: Json) -> None:
        super().__init__(*source)
        self.name = source[0].stem
        self.suffix = source[0].suffix
        self.data = data

    def place(self, pointer: str, *, offset: int | None = None, at_key: bool = False) -> Place:
        """In ``.jmespath`` the offset counts from the file's first character."""
        if self.suffix == ".json":
            return super().place(pointer, offset=offset, at_key=at_key)
        before = self.text.removeprefix("\ufeff")[: offset or 0]
        return Place(self.shown, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)


@dataclass(slots=True)
class Project:
    """A project as its files say; ``problems`` holds what could not even be read."""

    root: Path
    clients: dict[str, Declaration] = field(default_factory=dict)
    incomings: dict[str, Declaration] = field(default_factory=dict)
    outgoings: dict[str, Declaration] = field(default_factory=dict)
    routes: dict[str, Declaration] = field(default_factory=dict)
    transformers: dict[str, TransformerSource] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def family(self, name: str) -> dict[str, Declaration]:
        """The declarations of client, incoming, outgoing or route."""
        families = {
            "client": self.clients,
            "incoming": self.incomings,
            "outgoing": self.outgoings,
            "route": self.routes,
        }
        return families[name]

    def declarations(self) -> list[Declaration]:
        """All of them."""
        return [one for family in FAMILIES for one in self.family(family).values()]

    def declared(self, route: str) -> Json:
        """Everything that a route is made of, as written, hence without secrets: kept with each of its runs."""
        data = self.routes[route].data
        incoming, outgoing = self.incomings[data["incoming"]], self.outgoings[data["outgoing"]]
        names = {one.data.get("client") for one in (incoming, outgoing)}
        names.discard(None)
        used = [self.transformers[name] for name in data.get("transformers", [])]
        return {
            "route": {route: data},
            "incoming": {incoming.name: incoming.data},
            "outgoing": {outgoing.name: outgoing.data},
            "clients": {str(name): self.clients[str(name)].data for name in sorted(map(str, names))},
            "transformers": {one.name: fingerprint(one.text) for one in used},
        }


def load(root: Path) -> Project:
    """Read all files of a project; whatever is wrong with one is a problem, and the others are read all the same."""
    project = Project(root)
    if not (root / "configs").is_dir():
        hint = "Go to a project, name one with -C, or make one with `connector init`."
        project.problems.append(Problem("CFG100", f"there is no project in {root}: it has no configs/", hint=hint))
        return project
    for family in FAMILIES:
        _load_family(project, family)
    _load_transformers(project)
    return project


def _load_family(project: Project, family: str) -> None:
    folder = project.root / "configs" / FOLDERS[family]
    for path in sorted(folder.glob("*")) if folder.is_dir() else ():
        if not path.is_file() or _LEFTOVERS.search(path.name):
            continue
        source = _read(project, path, (".json",))
        if source is None:
            continue
        data = _parsed(project, source)
        if data is not None:
            project.family(family)[path.stem] = Declaration(family, source, data)


def _load_transformers(project: Project) -> None:
    folder = project.root / "transformers"
    for path in sorted(folder.glob("*")) if folder.is_dir() else ():
        if not path.is_file() or _LEFTOVERS.search(path.name):
            continue
        source = _read(project, path, (".json", ".jmespath"))
        if source is None:
            continue
        if path.stem in project.transformers:
            hint = f"Remove {path.name} or {project.transformers[path.stem].path.name}."
            message = f"there are two transformers named '{path.stem}'"
            project.problems.append(Problem("CFG103", message, hint=hint, place=Place(source[1])))
            continue
        data = _parsed(project, source) if path.suffix == ".json" else None
        if data is not None or path.suffix == ".jmespath":
            project.transformers[path.stem] = TransformerSource(source, data)


def _read(project: Project, path: Path, suffixes: tuple[str, ...]) -> tuple[Path, str, str] | None:
    shown = str(path.relative_to(project.root))
    if path.suffix not in suffixes:
        hint = f"Here files end in {' or '.join(suffixes)}."
        found = Problem("CFG101", f"'{path.name}' is not read", hint=hint, place=Place(shown), severity="warning")
        project.problems.append(found)
        return None
    if not _NAME.match(path.stem):
        better = re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-") or "name"
        hint = f"Small letters, digits and hyphens: rename it to {better}{path.suffix}."
        project.problems.append(Problem("CFG102", f"'{path.stem}' is no name", hint=hint, place=Place(shown)))
        return None
    try:
        return path, shown, path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"the file is not UTF-8 (byte {error.start})"
        project.problems.append(Problem("CFG104", message, hint="Save it as UTF-8.", place=Place(shown)))
    except OSError as error:
        project.problems.append(Problem("CFG105", f"the file cannot be read: {error.strerror}", place=Place(shown)))
    return None


def _parsed(project: Project, source: tuple[Path, str, str]) -> Json:
    _, shown, text = source
    if not text.strip():
        found = Problem("CFG106", "the file is empty", hint="Write one JSON object.", place=Place(shown, 1, 1))
        project.problems.append(found)
        return None
    try:
        return parse(text)
    except JsonError as error:
        project.problems.append(_broken(shown, text, error))
        return None


def _broken(shown: str, text: str, error: JsonError) -> Problem:
    twice = SourceMap(text).twice
    if twice and "twice" in str(error):
        name, first, second = twice[0]
        message = f"the key '{name}' occurs twice in one object, first at line {first.line}"
        place = Place(shown, second.line, second.column)
        return Problem("CFG107", message, hint="Remove one of them: only one would count.", place=place)
    found = re.search(r"line (\d+), column (\d+)", str(error))
    place = Place(shown, int(found[1]), int(found[2])) if found else Place(shown, 1, 1)
    message = re.sub(r" at line .*", "", str(error))
    return Problem("CFG108", message, hint="A missing comma or quote, or a comma too many?", place=place)
