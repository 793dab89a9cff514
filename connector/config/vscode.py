"""Tells VS Code which schema a transformer file follows: these are lists, so they have no room for a "$schema"."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from connector.core.errors import ConfigError
from connector.core.jsonio import Json, JsonError, parse

SETTINGS = Path(".vscode") / "settings.json"
_KEY = "json.schemas"
_GENERAL = "transformer"


def associate(root: Path, folder: Path, names: Sequence[str]) -> Path:
    """Write ``json.schemas`` into ``.vscode/settings.json``; everything else that it says is kept.

    Args:
        root: the project's folder, which must be the one that is open in VS Code.
        folder: of the schemas.
        names: of the transformers that have a schema of their own; the others follow the general one.

    Raises:
        ConfigError: the schemas lie outside of the project, or the file is not plain JSON.
    """
    if not folder.resolve().is_relative_to(root.resolve()):
        raise ConfigError(f"{folder} is outside of the project", hint="Export into .connector/schemas.")
    place = "./" + folder.resolve().relative_to(root.resolve()).as_posix()
    path = root / SETTINGS
    settings = _read(path)
    ours = [_entry([f"/transformers/{name}.json"], f"{place}/{_GENERAL}-{name}.schema.json") for name in names]
    others = [f"!/transformers/{name}.json" for name in names]
    ours.append(_entry(["/transformers/*.json", *others], f"{place}/{_GENERAL}.schema.json"))
    kept = [one for one in settings.get(_KEY, []) if not str(one.get("url", "")).startswith(f"{place}/{_GENERAL}")]
    path.parent.mkdir(exist_ok=True)
    text = json.dumps({**settings, _KEY: [*kept, *ours]}, indent=2, ensure_ascii=False) + "\n"
    path.write_text(text, encoding="utf-8")
    return path


def _entry(files: list[str], url: str) -> Json:
    return {"fileMatch": files, "url": url}


def _read(path: Path) -> dict[str, Json]:
    if not path.exists():
        return {}
    try:
        found = parse(path.read_bytes())
    except JsonError as error:
        hint = "It may have comments, which would be lost. Move it aside, export again, and put the two together."
        raise ConfigError(f"{path} cannot be changed: {error}", hint=hint) from None
    sound = isinstance(found, dict) and isinstance(found.get(_KEY, []), list)
    if not sound or not all(isinstance(one, dict) for one in found.get(_KEY, [])):
        raise ConfigError(f"{path} is not what VS Code writes", hint=f"{_KEY} is a list of objects.")
    return dict(found)
