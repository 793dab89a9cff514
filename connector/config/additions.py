"""Operations that a project adds in ``configs/systems/``: who needs them, when one of those files is wrong.

Such a file is not used at all, so that what it adds is not there. What uses it is at fault with it, and all else is
not, unless the file changes something that was there before.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path, PurePosixPath

from connector.config.project import Project
from connector.core.problem import Problem

Part = tuple[str, str]
_ID = re.compile(r'"id"\s*:\s*"([^"]*)"')
_KEY = re.compile(r'"([^"]*)"\s*:\s*\{')
_ENTITY = re.compile(r"there is no entity '([^']+)'|'([^']+)' has no action '")


def is_addition(file: str) -> bool:
    """Whether a file of the project adds operations."""
    return PurePosixPath(file).parts[:2] == ("configs", "systems")


def users(project: Project, file: str, known: Collection[str]) -> list[Part] | None:
    """The parts that are made of what a file adds, as its text says; None: it may be any of them.

    Args:
        project: with the file in it, whatever is wrong with that.
        file: as it is named in findings.
        known: entities and bodies of the systems themselves.
    """
    text = _text(project.root / file)
    ids = {one.partition(".")[0].lower() for one in _ID.findall(text)}
    if not ids or (ids | set(_KEY.findall(text))) & set(known):
        return None
    named = {
        (family, name): one.data.get("entity")
        for family in ("incoming", "outgoing")
        for name, one in project.family(family).items()
        if isinstance(one.data, dict)
    }
    # A slip may be in the id itself, so every entity that is nowhere else counts.
    return [part for part, entity in named.items() if isinstance(entity, str) and entity not in known]


def hidden_by(wrong: Iterable[str], problems: Sequence[Problem], root: Path) -> list[Problem]:
    """Findings on entities and actions that are not there because a file that speaks of them is wrong or not read."""
    texts = [_text(root / one).lower() for one in wrong]
    found = []
    for one in problems:
        named = _ENTITY.match(one.message) if one.code == "CFG150" else None
        entity = (named[1] or named[2]).lower() if named else ""
        if entity and any(f'"{entity}' in text for text in texts):
            found.append(one)
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", errors="replace")
    except OSError:
        return ""
