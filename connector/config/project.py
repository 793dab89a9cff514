"""Reads a project's folder: one object a file, the file's name is its name. Collects what is wrong; raises nothing.

Whether the declarations make sense is not asked here: see validate.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from connector.config.declaration import Declaration, TransformerSource
from connector.config.source_map import SourceMap
from connector.config.upgrade import upgrade
from connector.core.jsonio import Json, JsonError, fingerprint, parse
from connector.core.nearest import did_you_mean
from connector.core.problem import Place, Problem

__all__ = ["FAMILIES", "FOLDERS", "Declaration", "Project", "TransformerSource", "load"]

FAMILIES = ("client", "incoming", "outgoing", "route", "alert")
FOLDERS: Mapping[str, str] = {
    "client": "clients",
    "incoming": "incoming",
    "outgoing": "outgoing",
    "route": "routes",
    "alert": "alerts",
}
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_LEFTOVERS = re.compile(r"^\.|~$|^#|\.(swp|bak|orig|tmp)$")
_BROKEN: Final = object()


@dataclass(slots=True)
class Project:
    """A project as its files say.

    Attributes:
        root: its folder.
        settings: ``configs/project.json``, if there is one.
        systems: by system, the files of ``configs/systems/<system>/``: operations that the project adds to a catalogue.
        problems: what could not even be read.
        broken: (family, name) of the files that are there but could not be read: no reason to call them missing.
    """

    root: Path
    clients: dict[str, Declaration] = field(default_factory=dict)
    incomings: dict[str, Declaration] = field(default_factory=dict)
    outgoings: dict[str, Declaration] = field(default_factory=dict)
    routes: dict[str, Declaration] = field(default_factory=dict)
    alerts: dict[str, Declaration] = field(default_factory=dict)
    transformers: dict[str, TransformerSource] = field(default_factory=dict)
    unsound: set[str] = field(default_factory=set)
    """Files whose form is wrong, once that has been checked: their content is nothing to build on."""
    settings: Declaration | None = None
    systems: dict[str, list[Declaration]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    broken: set[tuple[str, str]] = field(default_factory=set)

    def family(self, name: str) -> dict[str, Declaration]:
        """The declarations of client, incoming, outgoing, route or alert."""
        families = {
            "client": self.clients,
            "incoming": self.incomings,
            "outgoing": self.outgoings,
            "route": self.routes,
            "alert": self.alerts,
        }
        return families[name]

    def declarations(self) -> list[Declaration]:
        """All of these families."""
        return [one for family in FAMILIES for one in self.family(family).values()]

    def sources(self) -> list[Declaration | TransformerSource]:
        """Every file but ``project.json``."""
        systems = [one for files in self.systems.values() for one in files]
        return [*self.declarations(), *systems, *self.transformers.values()]

    def added(self) -> dict[str, list[Json]]:
        """By system, what the project's own files add to its catalogue."""
        return {
            system: [one.data for one in files if one.shown not in self.unsound]
            for system, files in self.systems.items()
        }

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

    def fingerprint(self, route: str) -> str:
        """Changes when anything that the route is made of is written differently."""
        return fingerprint(self.declared(route))


def load(root: Path) -> Project:
    """Read all files of a project; whatever is wrong with one is a problem, and the others are read all the same."""
    project = Project(root)
    configs = root / "configs"
    if not configs.is_dir():
        hint = "Go to a project, name one with -C, or make one with `connector init`."
        project.problems.append(Problem("CFG100", f"there is no project in {root}: it has no configs/", hint=hint))
        return project
    _load_top(project, configs)
    for family in FAMILIES:
        _load_family(project, family)
    _load_systems(project, configs / "systems")
    _load_transformers(project)
    upgrade(project.settings, project.sources())
    return project


def _load_top(project: Project, configs: Path) -> None:
    """``project.json``; anything else beside the families' folders is left alone, unless it looks like a slip."""
    for path in sorted(configs.iterdir()):
        hint = did_you_mean(path.name, [*FOLDERS.values(), "systems", "transformers"])
        if path.name == "project.json":
            source = _text(project, path)
            data = _BROKEN if source is None else _parsed(project, source)
            if source is not None and data is not _BROKEN:
                project.settings = Declaration("project", source, data)
        elif path.is_dir() and path.name not in (*FOLDERS.values(), "systems") and hint:
            _unread(project, path, hint.strip())
        elif path.suffix == ".json" and not _LEFTOVERS.search(path.name):
            _unread(project, path, f"Move it into {', '.join(f'{name}/' for name in FOLDERS.values())}.")


def _load_family(project: Project, family: str) -> None:
    for path in _files(project, project.root / "configs" / FOLDERS[family], (".json",)):
        source = _text(project, path)
        data = _BROKEN if source is None else _parsed(project, source)
        if source is None or data is _BROKEN:
            project.broken.add((family, path.stem))
        else:
            project.family(family)[path.stem] = Declaration(family, source, data)


def _load_systems(project: Project, folder: Path) -> None:
    for system in sorted(folder.iterdir()) if folder.is_dir() else ():
        if not system.is_dir():
            _unread(project, system, "Move it into the folder of its system, e.g. ibexa/.")
            continue
        for path in _files(project, system, (".json",)):
            source = _text(project, path)
            data = _BROKEN if source is None else _parsed(project, source)
            if source is not None and data is not _BROKEN:
                project.systems.setdefault(system.name, []).append(Declaration("system", source, data))


def _load_transformers(project: Project) -> None:
    first: dict[str, Path] = {}
    for path in _files(project, project.root / "transformers", (".json", ".jmespath")):
        if path.stem in first:
            place = Place(_shown(project, path))
            hint = f"Remove {path.name} or {first[path.stem].name}."
            project.problems.append(Problem("CFG103", f"two transformers are named '{path.stem}'", hint, place=place))
            continue
        first[path.stem] = path
        source = _text(project, path)
        data = _BROKEN if source is None else _parsed(project, source) if path.suffix == ".json" else None
        if source is None or data is _BROKEN:
            project.broken.add(("transformer", path.stem))
        else:
            project.transformers[path.stem] = TransformerSource(source, data)


def _files(project: Project, folder: Path, suffixes: tuple[str, ...]) -> Iterator[Path]:
    """The files that are declarations by their name; tells of the others."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if _LEFTOVERS.search(path.name):
            continue
        if path.is_dir():
            _unread(project, path, "Folders are not looked into: one file beside the other.")
        elif path.suffix not in suffixes:
            _unread(project, path, f"Here files end in {' or '.join(suffixes)}.")
        elif not _NAME.fullmatch(path.stem):
            better = re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-") or "name"
            hint = f"Small letters, digits and hyphens: rename it to {better}{path.suffix}."
            place = Place(_shown(project, path))
            project.problems.append(Problem("CFG102", f"'{path.stem}' is no name", hint, place=place))
        else:
            yield path


def _unread(project: Project, path: Path, hint: str) -> None:
    slash = "/" if path.is_dir() else ""
    message, place = f"'{path.name}{slash}' is not read", Place(_shown(project, path))
    project.problems.append(Problem("CFG101", message, hint, place=place, severity="warning"))


def _text(project: Project, path: Path) -> tuple[Path, str, str] | None:
    shown = _shown(project, path)
    try:
        return path, shown, path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"the file is not UTF-8 (byte {error.start})"
        project.problems.append(Problem("CFG104", message, "Save it as UTF-8.", place=Place(shown)))
    except OSError as error:
        message, hint = f"the file cannot be read: {error.strerror}", "Check that it exists and who may read it."
        project.problems.append(Problem("CFG105", message, hint, place=Place(shown)))
    return None


def _parsed(project: Project, source: tuple[Path, str, str]) -> Json:
    _, shown, text = source
    if not text.removeprefix("\ufeff").strip():
        hint = "Write one JSON object (a list of steps, in a transformer), or remove the file."
        project.problems.append(Problem("CFG106", "the file is empty", hint, place=Place(shown, 1, 1)))
        return _BROKEN
    try:
        return parse(text)
    except JsonError as error:
        project.problems += _broken(shown, text, str(error))
        return _BROKEN


def _broken(shown: str, text: str, error: str) -> Iterator[Problem]:
    twice = SourceMap(text).twice if "twice" in error else []
    for name, first, second in twice:
        message = f"the key '{name[:40]}' occurs twice in one object, first at line {first.line}"
        place = Place(shown, second.line, second.column)
        yield Problem("CFG107", message, "Remove one of them: only one would count.", place=place)
    if twice:
        return
    found = re.search(r" at line (\d+), column (\d+)", error)
    word = re.match(r"-?(NaN|Infinity) is not", error)
    line, column = (int(found[1]), int(found[2])) if found else _where(text, word[1]) if word else (1, 1)
    hint = "A missing comma or quote, or a comma too many?" if found else "Write it in plain JSON."
    message = error[: found.start()] if found else error
    yield Problem("CFG108", message, hint, place=Place(shown, line, column))


def _where(text: str, word: str) -> tuple[int, int]:
    """Line and column of a word outside of quotes."""
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        found = re.search(rf"-?\b{word}\b", re.sub(r'"(\\.|[^"\\])*"', lambda quoted: " " * len(quoted[0]), line))
        if found:
            return number, found.start() + 1
    return 1, 1


def _shown(project: Project, path: Path) -> str:
    return path.relative_to(project.root).as_posix()
