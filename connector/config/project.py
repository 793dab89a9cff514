"""Reads a project's folder: one object a file, the file's name is its name. Collects what is wrong; raises nothing.

Whether the declarations make sense is not asked here: see validate.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct, field

from connector.config.declaration import Declaration, TransformerSource
from connector.config.discovered import DiscoveredFiles, load_discovered
from connector.config.reading import BROKEN, LEFTOVERS, parsed, path_in, text_of, unread
from connector.config.upgrade import upgrade
from connector.config.whereabouts import no_project
from connector.core.jsonio import Json, fingerprint
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
_READ = (*FOLDERS.values(), "systems", "types")
_ELSEWHERE: Mapping[str, str] = {"transformers": "It belongs beside configs/, not into it: move it one folder up."}
"""Folders of a project that do not lie in ``configs/``."""
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")


class Project(Struct):
    """A project as its files say.

    Attributes:
        root: its folder.
        settings: ``configs/project.json``, if there is one.
        systems: by system, the files of ``configs/systems/<system>/``: operations that the project adds to a catalogue.
        problems: what could not even be read.
        discovered: by client, what `connector discover` wrote into ``configs/types/``.
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
    discovered: dict[str, DiscoveredFiles] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    broken: set[tuple[str, str]] = field(default_factory=set)

    def after(self) -> dict[str, list[str]]:
        """Route -> the routes that it comes after, as declared; none where the declaration's form is wrong."""
        declared = {name: one.data if isinstance(one.data, dict) else {} for name, one in self.routes.items()}
        return {
            name: [one for one in _listed(data.get("after")) if isinstance(one, str)] for name, data in declared.items()
        }

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


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def load(root: Path) -> Project:
    """Read all files of a project; whatever is wrong with one is a problem, and the others are read all the same."""
    project = Project(root)
    configs = root / "configs"
    if not configs.is_dir():
        message, hint = no_project(root)
        project.problems.append(Problem("CFG100", message, hint=hint))
        return project
    _load_top(project, configs)
    for family in FAMILIES:
        _load_family(project, family)
    _load_systems(project, configs / "systems")
    load_discovered(project, configs / "types")
    _load_transformers(project)
    upgrade(project.settings, project.sources())
    return project


def _load_top(project: Project, configs: Path) -> None:
    """``project.json``; anything else beside the families' folders is left alone, unless it looks like a slip."""
    for path in sorted(configs.iterdir()):
        hint = _ELSEWHERE.get(path.name) or did_you_mean(path.name, [*_READ, *_ELSEWHERE])
        if path.name == "project.json":
            source = text_of(project, path)
            data = BROKEN if source is None else parsed(project, source)
            if source is not None and data is not BROKEN:
                project.settings = Declaration("project", source, data)
        elif path.is_dir() and path.name not in _READ and hint:
            unread(project, path, hint.strip())
        elif path.suffix == ".json" and not LEFTOVERS.search(path.name):
            folders = ", ".join(f"{name}/" for name in FOLDERS.values())
            unread(project, path, f"Move it into {folders}; a transformer into transformers/, beside configs/.")


def _load_family(project: Project, family: str) -> None:
    for path in _files(project, project.root / "configs" / FOLDERS[family], (".json",)):
        source = text_of(project, path)
        data = BROKEN if source is None else parsed(project, source)
        if source is None or data is BROKEN:
            project.broken.add((family, path.stem))
        else:
            project.family(family)[path.stem] = Declaration(family, source, data)


def _load_systems(project: Project, folder: Path) -> None:
    for system in sorted(folder.iterdir()) if folder.is_dir() else ():
        if not system.is_dir():
            unread(project, system, "Move it into the folder of its system, e.g. ibexa/.")
            continue
        for path in _files(project, system, (".json",)):
            source = text_of(project, path)
            data = BROKEN if source is None else parsed(project, source)
            if source is not None and data is not BROKEN:
                project.systems.setdefault(system.name, []).append(Declaration("system", source, data))


def _load_transformers(project: Project) -> None:
    first: dict[str, Path] = {}
    for path in _files(project, project.root / "transformers", (".json", ".jmespath")):
        if path.stem in first:
            place = Place(path_in(project, path))
            hint = f"Remove {path.name} or {first[path.stem].name}."
            project.problems.append(Problem("CFG103", f"two transformers are named '{path.stem}'", hint, place=place))
            continue
        first[path.stem] = path
        source = text_of(project, path)
        data = BROKEN if source is None else parsed(project, source) if path.suffix == ".json" else None
        if source is None or data is BROKEN:
            project.broken.add(("transformer", path.stem))
        else:
            project.transformers[path.stem] = TransformerSource(source, data)


def _files(project: Project, folder: Path, suffixes: tuple[str, ...]) -> Iterator[Path]:
    """The files that are declarations by their name; tells of the others."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if LEFTOVERS.search(path.name):
            continue
        if path.is_dir():
            unread(project, path, "Folders are not looked into: one file beside the other.")
        elif path.suffix not in suffixes:
            unread(project, path, f"Here files end in {' or '.join(suffixes)}.")
        elif not _NAME.fullmatch(path.stem):
            better = re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-") or "name"
            hint = f"Small letters, digits and hyphens: rename it to {better}{path.suffix}."
            place = Place(path_in(project, path))
            project.problems.append(Problem("CFG102", f"'{path.stem}' is no name", hint, place=place))
        else:
            yield path
