"""What a source file says of itself, for `connector init --file`: its form, and which columns may be key and name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import click

from connector.core.jsonio import Json
from connector.incoming.file_head import Head, head_of

_KEYS = ("id", "sku", "key", "code", "number", "identifier", "isbn", "ean", "gtin", "uuid")
_NAMES = ("title", "name", "label", "bezeichnung", "navn", "nom", "nombre")
_DELIMITERS = (",", ";", "\t", "|")


def looked_at(folder: Path, name: str, key: str | None) -> dict[str, Json]:
    """Look at a file of the project.

    Args:
        folder: the project's.
        name: of the file, below it.
        key: what names a record, if somebody said it.

    Returns:
        ``incoming``: its declaration; ``key`` and ``title``: JMESPath of a record; ``left``: that of the other columns.

    Raises:
        BadParameter: it is not there, not below the folder, or holds no records.
    """
    path = _path(folder, name)
    incoming: dict[str, Json] = {"type": "file", "path": path.relative_to(folder.resolve()).as_posix()}
    tried = [(head_of(path, one), one) for one in _ways(incoming, path)]
    best, declared = max(tried, key=lambda one: _worth(one[0]))
    if not best.records:
        hint = f"{best.problem.message}. {best.problem.hint}" if best.problem else "it holds no records"
        raise click.BadParameter(f"{name}: {hint}", param_hint="--file")
    records = [one for one in best.records if isinstance(one, dict)]
    columns = list(dict.fromkeys(column for one in records for column in one))
    if not columns:
        raise click.BadParameter(f"{name}: its records are no objects", param_hint="--file")
    named = key or _expression(_key(columns, records))
    title = _expression(_title(records, named))
    left = [one for one in map(_expression, columns) if one not in (named, title)]
    return {"incoming": {**declared, "key": named}, "key": named, "title": title, "left": left}


def _path(folder: Path, name: str) -> Path:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise click.BadParameter(f"{name} is outside of the project: copy it into {folder}.", param_hint="--file")
    if not path.is_file():
        where = f"{folder / name}"
        copied = f" Copy it there: mkdir -p {path.parent} && cp {name} {path}" if Path(name).is_file() else ""
        raise click.BadParameter(f"there is no file {where}.{copied}", param_hint="--file")
    return path


def _ways(incoming: Mapping[str, Json], path: Path) -> Iterable[dict[str, Json]]:
    """In how many ways it might be read, the most usual first."""
    base = {**incoming, "key": "@"}
    if path.suffix.lower() == ".json":
        yield base
        yield from ({**base, "records": one} for one in head_of(path, base).lists if one)
        return
    delimiters = _DELIMITERS if path.suffix.lower() != ".ndjson" else _DELIMITERS[:1]
    for encoding in ({}, {"encoding": "cp1252"}):
        for one in delimiters:
            yield {**base, **encoding, **({"delimiter": one} if one != "," else {})}


def _worth(head: Head) -> tuple[bool, bool, int]:
    """Read without a fault; records; many columns."""
    first = head.records[0] if head.records else None
    return bool(head.records), head.problem is None, len(first) if isinstance(first, dict) else 0


def _key(columns: Sequence[str], records: Sequence[Mapping[str, Json]]) -> str:
    unique = [name for name in columns if _is_unique([one.get(name) for one in records])]
    usual = [name for word in _KEYS for name in unique if name.lower() == word]
    return (usual or unique or list(columns))[0]


def _is_unique(values: Sequence[Json]) -> bool:
    scalars = [one for one in values if isinstance(one, str | int) and one != ""]
    return len(scalars) == len(values) == len(set(map(str, scalars)))


def _title(records: Sequence[Mapping[str, Json]], key: str) -> str:
    texts = [name for name, value in records[0].items() if isinstance(value, str)]
    usual = [name for word in _NAMES for name in texts if word in name.lower()]
    others = [name for name in texts if _expression(name) != key]
    return (usual or others or list(records[0]))[0]


def _expression(name: str) -> str:
    if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        return name
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
