"""What ``configs/project.json`` declares of the run log: how long things are kept, and the room that must be left."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from connector.core.jsonio import Json
from connector.core.limits import Retention, Room
from connector.core.spec import COUNT, SIZE, TEXT, Field
from connector.core.units import duration, size

FOREVER: Final = "forever"
_AGE: Mapping[str, Json] = {
    "type": "string",
    "x-format": "age",
    "pattern": "^(forever|[0-9]+(\\.[0-9]+)?(ms|s|m|h|d))$",
}


def _age(default: str, text: str) -> dict[str, Json]:
    return {**_AGE, "default": default, "description": text}


_RETENTION: dict[str, Any] = {
    "type": "object",
    "properties": {
        "messages": _age("7d", "Message and attempts of a finished or skipped task; the task itself stays longer."),
        "finished": _age("30d", "Finished tasks."),
        "skipped": _age("7d", "Skipped tasks."),
        "failed": _age("180d", "Failed tasks that a newer task of the same key followed."),
        "last_failed": _age(
            FOREVER, "Failed tasks that are the newest of their key. Their record counts as new when it is read again."
        ),
        "requests": _age("7d", "The request log; never more than 10,000 entries."),
        "runs": _age("365d", "Runs of which no task is left; the last one of a route always stays."),
        "max_tasks": {
            **COUNT,
            "default": 1_000_000,
            "description": "At most so many finished tasks, and as many skipped ones, however young.",
        },
    },
    "additionalProperties": False,
}
_DISK: dict[str, Any] = {
    "type": "object",
    "properties": {
        "min_free": {**SIZE, "default": "500MB", "description": 'So much must be free; "0" does not look.'},
        "max_size": {**SIZE, "description": "The largest that the run log's database may be."},
        "path": {
            **TEXT,
            "description": "A folder on the disk that is looked at, when the database is not a file of this machine.",
        },
    },
    "additionalProperties": False,
}

LIMITS: Mapping[str, Field] = {
    "retention": Field(
        _RETENTION,
        'How long the run log keeps what has ended: a duration, or "forever". Items and records always stay.',
        default={},
        example={"finished": "90d", "runs": "forever"},
    ),
    "disk": Field(
        _DISK,
        "A run reads nothing more while the run log has less room than this.",
        default={},
        example={"min_free": "2GB", "max_size": "50GB"},
    ),
}
"""The keys of the project file that are read here."""


def retention(config: Mapping[str, Json]) -> Retention:
    """From a valid project file; what it does not say is as the defaults are."""
    declared = config.get("retention") or {}
    values = {name: declared.get(name, one["default"]) for name, one in _RETENTION["properties"].items()}
    count = int(values.pop("max_tasks"))
    return Retention(**{name: _kept(value) for name, value in values.items()}, max_tasks=count)


def room(config: Mapping[str, Json], root: Path) -> Room:
    """From a valid project file; a relative path counts from the project's folder."""
    declared = config.get("disk") or {}
    least = declared.get("min_free", _DISK["properties"]["min_free"]["default"])
    largest, path = declared.get("max_size"), declared.get("path")
    return Room(size(least), size(largest) if largest else None, root / path if path else None)


def _kept(text: str) -> timedelta | None:
    return None if text == FOREVER else duration(text)
