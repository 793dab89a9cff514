"""Names that must exist, things that nothing uses, routes that wait for each other."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator

from connector.config.project import Declaration, Project, TransformerSource
from connector.core.problem import Finding

Linked = tuple[Declaration | TransformerSource, Finding]


def check_links(project: Project) -> Iterator[Linked]:
    """Every name that leads nowhere, and every thing that no name leads to."""
    used: set[tuple[str, str]] = set()
    for declaration in project.declarations():
        for pointer, family, name in _names_in(declaration):
            used.add((family, name))
            yield from _check(project, declaration, (pointer, family, name))
    yield from _unused(project, used)
    yield from _circles(project)


def _names_in(declaration: Declaration) -> Iterator[tuple[str, str, str]]:
    """(pointer, family, name) of every name that a declaration gives."""
    data = declaration.data if isinstance(declaration.data, dict) else {}
    single = {"route": (("incoming", "incoming"), ("outgoing", "outgoing"))}
    single |= dict.fromkeys(("incoming", "outgoing"), (("client", "client"), ("request_transformer", "transformer")))
    for key, family in single.get(declaration.family, ()):
        if isinstance(data.get(key), str) and "${" not in data[key]:
            yield f"/{key}", family, data[key]
    if declaration.family == "route":
        for key, family in (("transformers", "transformer"), ("after", "route")):
            listed = data.get(key)
            for number, name in enumerate(listed if isinstance(listed, list) else []):
                if isinstance(name, str):
                    yield f"/{key}/{number}", family, name


def _members(project: Project, family: str) -> dict[str, Declaration] | dict[str, TransformerSource]:
    return project.transformers if family == "transformer" else project.family(family)


def _check(project: Project, declaration: Declaration, link: tuple[str, str, str]) -> Iterator[Linked]:
    pointer, family, name = link
    members = _members(project, family)
    if name not in members:
        near = difflib.get_close_matches(name, members, 1)
        listed = ", ".join(sorted(members)) or "none yet"
        hint = f"Did you mean '{near[0]}'?" if near else f"Known are: {listed}."
        yield declaration, Finding(pointer, "CFG120", f"there is no {family} '{name}'", hint)
        return
    found = members[name]
    if declaration.enabled and isinstance(found, Declaration) and not found.enabled:
        hint = f'Remove "enabled": false from {found.shown}, or add it here.'
        yield declaration, Finding(pointer, "CFG123", f"the {family} '{name}' is disabled", hint, "warning")


def _unused(project: Project, used: set[tuple[str, str]]) -> Iterator[Linked]:
    families: Iterable[str] = ("client", "incoming", "outgoing", "transformer")
    for family in families:
        for name, found in _members(project, family).items():
            if (family, name) not in used:
                hint = "Use it in a route, or remove it."
                yield found, Finding("", "CFG121", f"nothing uses the {family} '{name}'", hint, "warning")


def _circles(project: Project) -> Iterator[Linked]:
    for name, declaration in project.routes.items():
        path = _way_back(project, name, name, ())
        if path:
            shown = " → ".join((name, *path))
            yield (
                declaration,
                Finding("/after", "CFG122", f"routes wait for each other: {shown}", "Remove one `after`."),
            )


def _way_back(project: Project, start: str, at: str, path: tuple[str, ...]) -> tuple[str, ...]:
    data = project.routes[at].data if at in project.routes else {}
    after = data.get("after") if isinstance(data, dict) else None
    for name in after if isinstance(after, list) else []:
        if name == start:
            return (*path, start)
        if isinstance(name, str) and name in project.routes and name not in path:
            found = _way_back(project, start, name, (*path, name))
            if found:
                return found
    return ()
