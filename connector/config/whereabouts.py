"""A folder that is no project: what it is, and where one is near. Imports little: every command may need it."""

from __future__ import annotations

import os
from pathlib import Path

_MAKE = "Go to a project, name one with -C, or make one with `connector init`."


def is_project(folder: Path) -> bool:
    """Whether there is a project in the folder."""
    return (folder / "configs").is_dir()


def no_project(folder: Path) -> tuple[str, str]:
    """Why there is none in a folder, and what to do: for a folder that is no project."""
    if not folder.exists():
        return f"there is no folder {folder}", f"Correct -C. {_MAKE}"
    if not folder.is_dir():
        return f"{folder} is a file, not a project's folder", f"Correct -C. {_MAKE}"
    return f"there is no project in {folder}: it has no configs/", _near(folder) or _MAKE


def _near(folder: Path) -> str:
    """The project that the folder lies in, or the only one in it."""
    above = next((one for one in folder.resolve().parents if is_project(one)), None)
    if above is not None:
        return f"It lies in one: go there, or say connector -C {os.path.relpath(above)}"
    try:
        below = [one for one in folder.iterdir() if is_project(one)]
    except OSError:
        return ""
    return f"There is one in it: go there, or say connector -C {below[0]}" if len(below) == 1 else ""
