"""Reads one file of a project: its text and its JSON; what is wrong with it becomes a problem of the project."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from connector.config.json_slips import remedy
from connector.config.source_map import SourceMap
from connector.core.jsonio import Json, JsonError, parse
from connector.core.problem import Place, Problem

if TYPE_CHECKING:
    from connector.config.project import Project

BROKEN: Final = object()
"""Stands for what could not be parsed."""
LEFTOVERS: Final = re.compile(r"^\.|~$|^#|\.(swp|bak|orig|tmp)$")
"""Names of files that editors leave behind; nobody is told of them."""


def unread(project: Project, path: Path, hint: str) -> None:
    """Tell of a file that has no effect."""
    slash = "/" if path.is_dir() else ""
    message, place = f"'{path.name}{slash}' is not read", Place(path_in(project, path))
    project.problems.append(Problem("CFG101", message, hint, place=place, severity="warning"))


def text_of(project: Project, path: Path) -> tuple[Path, str, str] | None:
    """Path, name below the project, and text; None when it cannot be read, which is told."""
    shown = path_in(project, path)
    try:
        return path, shown, path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"the file is not UTF-8 (byte {error.start})"
        lines = error.object[: error.start].decode("utf-8").split("\n")
        place = Place(shown, len(lines), len(lines[-1]) + 1)
        project.problems.append(Problem("CFG104", message, "Save it as UTF-8.", place=place))
    except OSError as error:
        message, hint = f"the file cannot be read: {error.strerror}", "Check that it exists and who may read it."
        project.problems.append(Problem("CFG105", message, hint, place=Place(shown)))
    return None


def parsed(project: Project, source: tuple[Path, str, str]) -> Json:
    """Its JSON; ``BROKEN`` when it is none, which is told."""
    _, shown, text = source
    if not text.removeprefix("\ufeff").strip():
        hint = "Write one JSON object (a list of steps, in a transformer), or remove the file."
        project.problems.append(Problem("CFG106", "the file is empty", hint, place=Place(shown, 1, 1)))
        return BROKEN
    try:
        return parse(text)
    except JsonError as error:
        project.problems += _broken(shown, text, str(error))
        return BROKEN


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
    plain = text.removeprefix("\ufeff")
    hint = remedy(plain, line, column, error) if found else "Write it in plain JSON."
    message = error[: found.start()] if found else error
    yield Problem("CFG108", message, hint, place=Place(shown, line, column))


def _where(text: str, word: str) -> tuple[int, int]:
    """Line and column of a word outside of quotes."""
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        found = re.search(rf"-?\b{word}\b", re.sub(r'"(\\.|[^"\\])*"', lambda quoted: " " * len(quoted[0]), line))
        if found:
            return number, found.start() + 1
    return 1, 1


def path_in(project: Project, path: Path) -> str:
    """The file's name below the project's folder."""
    return path.relative_to(project.root).as_posix()
