"""Names that must exist, things that nothing uses, routes that wait for each other."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from connector.config.declaration import Declaration, TransformerSource
from connector.config.pointer import below
from connector.config.project import Project
from connector.core.nearest import did_you_mean
from connector.core.problem import Finding

Linked = tuple[Declaration | TransformerSource, Finding]

_PARTS = (("incoming", "incoming"), ("outgoing", "outgoing"), ("transformers", "transformer"), ("after", "route"))
_ENDS = (("client", "client"), ("request_transformer", "transformer"))
_LINKS = {"route": _PARTS, "incoming": _ENDS, "outgoing": _ENDS, "alert": (("routes", "route"),)}
"""By family: the keys that hold names, and the family that each leads to."""


def check_links(project: Project) -> Iterator[Linked]:
    """Every name that leads nowhere or to something disabled, and every circle of routes."""
    for declaration in project.declarations():
        for link in _names_in(declaration):
            yield from ((declaration, finding) for finding in _check(project, declaration, link))
    yield from _circles(project)


def check_unused(project: Project) -> Iterator[Linked]:
    """Every enabled thing that no name leads to."""
    used = {(family, name) for one in project.declarations() for _, family, name in _names_in(one)}
    for family in ("client", "incoming", "outgoing", "transformer"):
        for name, found in _members(project, family).items():
            if (family, name) not in used and (isinstance(found, TransformerSource) or found.enabled):
                hint = "Use it, or remove it."
                yield found, Finding("", "CFG121", f"nothing uses the {family} '{name}'", hint, "warning")


def users_of(project: Project, family: str, name: str) -> list[Declaration]:
    """The declarations that name a client, incoming, outgoing, transformer or route."""
    return [one for one in project.declarations() if (family, name) in {link[1:] for link in _names_in(one)}]


def in_order(project: Project, names: Collection[str]) -> list[str]:
    """These routes by name, those named in another's ``after`` before it."""
    after, ordered = project.after(), list[str]()

    def place(name: str, path: tuple[str, ...]) -> None:
        if name in names and name not in ordered and name not in path:
            for earlier in after[name]:
                place(earlier, (*path, name))
            ordered.append(name)

    for name in sorted(names):
        place(name, ())
    return ordered


def parts_of(project: Project, family: str, name: str) -> set[tuple[str, str]]:
    """Family and name of a part and of everything that it is made of; what only comes before it is none of that."""
    found: set[tuple[str, str]] = set()
    open_ = [(family, name)]
    while open_:
        part = open_.pop()
        if part in found:
            continue
        found.add(part)
        declaration = None if part[0] == "transformer" else project.family(part[0]).get(part[1])
        if declaration is not None:
            open_ += [(kind, other) for _, kind, other in _names_in(declaration) if kind != "route"]
    return found


def _names_in(declaration: Declaration) -> Iterator[tuple[str, str, str]]:
    """(pointer, family, name) of every name that a declaration gives."""
    data = declaration.data if isinstance(declaration.data, dict) else {}
    for key, family in _LINKS.get(declaration.family, ()):
        given, pointer = data.get(key), below("", key)
        listed = enumerate(given) if isinstance(given, list) else ()
        places = [(pointer, given), *((below(pointer, number), name) for number, name in listed)]
        yield from ((place, family, name) for place, name in places if isinstance(name, str) and "${" not in name)


def _members(project: Project, family: str) -> dict[str, Declaration] | dict[str, TransformerSource]:
    return project.transformers if family == "transformer" else project.family(family)


def _check(project: Project, declaration: Declaration, link: tuple[str, str, str]) -> Iterator[Finding]:
    pointer, family, name = link
    members = _members(project, family)
    if (family, name) in project.broken:
        return
    if name not in members:
        hint = f"{did_you_mean(name, members)}Known are: {', '.join(sorted(members)) or 'none yet'}."
        yield Finding(pointer, "CFG120", f"there is no {family} '{name[:40]}'", hint)
        return
    found = members[name]
    if declaration.enabled and isinstance(found, Declaration) and not found.enabled:
        hint = f'Remove "enabled": false from {found.shown}, or add it here.'
        yield Finding(pointer, "CFG123", f"the {family} '{name}' is disabled", hint, "warning")


def _circles(project: Project) -> Iterator[Linked]:
    waits = {
        name: [other for _, family, other in _names_in(one) if family == "route"]
        for name, one in project.routes.items()
    }
    told = set[frozenset[str]]()
    for name, declaration in sorted(project.routes.items()):
        path = _way_back(waits, name)
        if len(path) == 2:
            message, hint = f"the route '{name}' waits for itself", "Remove it from its own `after`."
            yield declaration, Finding("/after", "CFG122", message, hint)
        elif path and frozenset(path) not in told:
            told.add(frozenset(path))
            message = f"routes wait for each other: {' → '.join(path)}"
            yield declaration, Finding("/after", "CFG122", message, "Remove one of them from an `after`.")


def circle(project: Project, name: str) -> tuple[str, ...]:
    """The routes that a route waits for, and that wait for it; empty when nothing leads back."""
    return _way_back({one: list(other) for one, other in project.after().items()}, name)[1:]


def _way_back(waits: dict[str, list[str]], start: str) -> tuple[str, ...]:
    """The shortest way from a route over ``after`` back to itself; empty if there is none."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen = {start}
    while ways:
        way = ways.pop(0)
        for name in waits.get(way[-1], ()):
            if name == start:
                return (*way, start)
            if name not in seen:
                seen.add(name)
                ways.append((*way, name))
    return ()
