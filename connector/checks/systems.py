"""What a project adds to a system's catalogue: each operation makes sense by itself, and none is there twice."""

from __future__ import annotations

from collections.abc import Iterator

from connector.config.declaration import Declaration
from connector.config.project import Project
from connector.core.jsonio import Json
from connector.core.nearest import did_you_mean
from connector.core.problem import Finding
from connector.core.template import placeholders

_SYSTEMS = ("ibexa",)
_WITHOUT_BODY = ("GET", "HEAD", "DELETE")


def check_systems(project: Project) -> Iterator[tuple[Declaration, Finding]]:
    """Findings of all files in ``configs/systems/``."""
    for system, files in project.systems.items():
        seen: dict[str, str] = {}
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
    if row.get("list_at") and not str(row["list_at"]).startswith(str(row.get("response_root", ""))):
        hint = "It begins at the top of the answer, e.g. RatingList.Rating."
        yield Finding(f"{pointer}/list_at", "CFG171", "list_at does not begin with response_root", hint)
    if row.get("content_type") and row.get("method") in _WITHOUT_BODY:
        hint = "Remove content_type, or correct the method."
        yield Finding(f"{pointer}/content_type", "CFG159", f"a {row['method']} has no body", hint)
    root = str(row.get("request_root") or "")
    media = str(row.get("content_type") or "").partition("+")[0].rpartition(".")[2]
    if root and media and media != root:
        hint = f"Write application/vnd.ibexa.api.{root}+json, or correct request_root."
        message = f"the media type says {media}, request_root says {root}"
        yield Finding(f"{pointer}/content_type", "CFG159", message, hint, "warning")
