"""What a project adds to a system's catalogue: each operation makes sense by itself, and none is there twice."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from connector.checks.bodies import check_bodies
from connector.config.declaration import Declaration
from connector.config.project import Project
from connector.core.jsonio import Json
from connector.core.nearest import did_you_mean
from connector.core.problem import Finding
from connector.core.template import placeholders
from connector.systems.catalogue import ibexa

_SYSTEMS = ("ibexa",)
_WITHOUT_BODY = ("GET", "HEAD", "DELETE")


def check_systems(project: Project) -> Iterator[tuple[Declaration, Finding]]:
    """Findings of all files in ``configs/systems/``."""
    for system, files in project.systems.items():
        seen: dict[str, str] = {}
        if system in _SYSTEMS:
            yield from check_bodies([one for one in files if one.shown not in project.unsound])
        for declaration in files:
            if declaration.shown in project.unsound:
                continue
            if system not in _SYSTEMS:
                hint = f"{did_you_mean(system, _SYSTEMS)}Known are: {', '.join(_SYSTEMS)}."
                message = f"there is no system '{system}' whose operations could be added to"
                yield declaration, Finding("", "CFG171", message, hint)
                continue
            rows = declaration.data.get("operations") if isinstance(declaration.data, dict) else None
            for number, row in enumerate(rows if isinstance(rows, list) else ()):
                if isinstance(row, dict):
                    yield from ((declaration, one) for one in _row(row, f"/operations/{number}"))
                    yield from _twice(declaration, row, number, seen)


def _twice(
    declaration: Declaration, row: dict[str, Json], number: int, seen: dict[str, str]
) -> Iterator[tuple[Declaration, Finding]]:
    name = str(row.get("id"))
    if name in seen:
        message = f"the operation '{name}' is there twice, first in {seen[name]}"
        yield declaration, Finding(f"/operations/{number}/id", "CFG171", message, "Remove one of them.")
    seen.setdefault(name, declaration.shown)


def _row(row: dict[str, Json], pointer: str) -> Iterator[Finding]:
    names = placeholders(str(row.get("path", "")))
    for name in row.get("path_of_segments") or ():
        if name not in names:
            hint = f"{did_you_mean(str(name), names)}The path has: {', '.join(names) or 'none'}."
            yield Finding(f"{pointer}/path_of_segments", "CFG171", f"'{name}' is not in the path", hint)
    for name in row.get("params") or ():
        if name not in names:
            hint = f"{did_you_mean(str(name), names)}The path has: {', '.join(names) or 'none'}."
            yield Finding(f"{pointer}/params/{name}#", "CFG171", f"'{name}' is not in the path", hint)
    for name in placeholders(str(row.get("content_type") or "")):
        if name not in names:
            hint = f"{did_you_mean(name, names)}The path has: {', '.join(names) or 'none'}."
            message = f"'{{{name}}}' is filled in from the path, which has no such name"
            yield Finding(f"{pointer}/content_type", "CFG171", message, hint)
    yield from _paging(row, pointer)
    yield from _answer(row, pointer)
    if row.get("content_type") and row.get("method") in _WITHOUT_BODY:
        hint = "Remove content_type, or correct the method."
        yield Finding(f"{pointer}/content_type", "CFG159", f"a {row['method']} has no body", hint)
    root = str(row.get("request_root") or "")
    media = str(row.get("content_type") or "").partition("+")[0].rpartition(".")[2]
    if root and media and media != root:
        hint = f"Write application/vnd.ibexa.api.{root}+json, or correct request_root."
        message = f"the media type says {media}, request_root says {root}"
        yield Finding(f"{pointer}/content_type", "CFG159", message, hint, "warning")


def _paging(row: dict[str, Json], pointer: str) -> Iterator[Finding]:
    """Parameters that page and that the operation does not have: each page would be refused before it is asked for."""
    paging, query = row.get("paging") or {}, row.get("query") or {}
    for key, name in paging.items():
        if key.endswith("_param") and name not in query:
            known = [one for one in query if one not in paging.values()] or list(query)
            listed = f"It has: {', '.join(query)}." if query else "It has none."
            hint = f'{did_you_mean(str(name), known)}{listed} Or describe "{name}" there.'
            yield Finding(f"{pointer}/paging/{key}", "CFG171", f"'{name}' is not among the parameters in query", hint)
    named = [name for key, name in paging.items() if key.endswith("_param")]
    if len(named) == 2 and named[0] == named[1]:
        message = f"'{named[0]}' is both the position and the size of a page"
        yield Finding(f"{pointer}/paging/limit_param", "CFG171", message, "Name two parameters.")


def _answer(row: dict[str, Json], pointer: str) -> Iterator[Finding]:
    """What the answer is called: by its root element, by its media type, and where its records are."""
    root = str(row.get("response_root") or "")
    media = str(row.get("accept") or "").partition("+")[0].rpartition(".")[2]
    tops = {key: str(row[key]).partition(".")[0] for key in ("list_at", "total_at") if row.get(key)}
    if root and media and media != root and set(tops.values()) == {media}:
        message = f"response_root says {root}, and {' and '.join(('accept', *tops))} {media}"
        yield Finding(f"{pointer}/response_root", "CFG171", message, f"Write {media}, or correct the others.")
        return
    for key, top in tops.items():
        if root and top != root:
            hint = f"It begins at the top of the answer, e.g. {root}.Rating."
            yield Finding(f"{pointer}/{key}", "CFG171", f"{key} does not begin with response_root", hint)
    if root and media and media != root and (media, root) not in _unlike():
        hint = f"Write application/vnd.ibexa.api.{root}+json, or correct response_root."
        message = f"the media type says {media}, response_root says {root}"
        yield Finding(f"{pointer}/accept", "CFG159", message, hint, "warning")


@cache
def _unlike() -> frozenset[tuple[str, str]]:
    """Media types of Ibexa's own that do not name the root element; a project may describe such an operation anew."""
    rows = ((one.accept.partition("+")[0].rpartition(".")[2], one.response_root) for one in ibexa().operations())
    return frozenset((media, root) for media, root in rows if media != root)
