"""Keeps a folder of documents equal to what a server has: says what differs, then writes it, each file at once or not.

``<folder>/<client>.json`` is about the server, ``<folder>/<client>/<content type>.json`` about one content type.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from msgspec import Struct

from connector.config.codes import laid_out
from connector.core.errors import ConfigError
from connector.core.jsonio import Json, JsonError, parse
from connector.core.nearest import did_you_mean
from connector.systems.ibexa.known import server_of
from connector.systems.ibexa.type_document import FIELD, TYPE, server_document

ABSENT = ""
"""Text of a file that shall not be there."""


class Change(Struct, frozen=True):
    """One file.

    Attributes:
        path: where it is.
        state: new, changed, removed or unchanged.
        text: what it shall hold.
        about: what differs, in a few words each: ``+ean``, ``-colour``, ``price: required``.
    """

    path: Path
    state: str
    text: str
    about: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Json]:
        """Without the text."""
        return {"file": self.path.as_posix(), "state": self.state, "about": list(self.about)}


def plan(
    folder: Path,
    client: str,
    found: tuple[Mapping[str, Json], Mapping[str, Mapping[str, Json]]],
    chosen: Sequence[str] | None,
    *,
    everything: bool = False,
) -> list[Change]:
    """What would be written; sorted by file, the server's own first.

    Args:
        folder: of all clients.
        client: name of the client.
        found: what is not of one content type, see ``server_document``; and documents by identifier of the type.
        chosen: the content types to write down; None: those of the last time, or all.
        everything: all of them, whatever was chosen the last time.

    Raises:
        ConfigError: a chosen type is not there.
    """
    about, documents = found
    for name in chosen or ():
        if name not in documents:
            hint = f"{did_you_mean(name, documents)}There are: {', '.join(documents)}."
            raise ConfigError(f"'{client}' has no content type '{name}'", hint=hint)
    kept = chosen if chosen is not None or everything else _chosen_before(folder / f"{client}.json")
    wanted = [name for name in documents if kept is None or name in kept]
    files = {folder / f"{client}.json": server_document(about, tuple(documents), kept)}
    files |= {folder / client / file_name(name): dict(documents[name]) for name in wanted}
    changes = [_change(path, written(document)) for path, document in files.items()]
    return changes + [Change(path, "removed", ABSENT) for path in _ours(folder / client) if path not in files]


def write(changes: Iterable[Change]) -> None:
    """Write what differs: each file is replaced as a whole, so that nobody ever reads half of one.

    Raises:
        OSError: a file cannot be written; those before it are.
    """
    for one in changes:
        if one.state == "removed":
            one.path.unlink()
        elif one.state != "unchanged":
            one.path.parent.mkdir(parents=True, exist_ok=True)
            part = one.path.with_name(f".{one.path.name}.{os.getpid()}.tmp")
            try:
                part.write_bytes(one.text.encode())
                part.replace(one.path)
            finally:
                part.unlink(missing_ok=True)


def written(document: Json) -> str:
    """As it stands in the file: laid out for people and for version control."""
    return laid_out(document) + "\n"


def file_name(identifier: str) -> str:
    """Of a content type's document; what a file system might not take is written as %XX."""
    return f"{quote(identifier, safe='')}.json"


def _chosen_before(path: Path) -> Sequence[str] | None:
    about = server_of(_read(path)) or {}
    chosen = about.get("chosen")
    return [str(one) for one in chosen] if isinstance(chosen, list) else None


def _change(path: Path, text: str) -> Change:
    if not path.is_file():
        return Change(path, "new", text)
    if path.read_bytes() == text.encode():
        return Change(path, "unchanged", text)
    return Change(path, "changed", text, tuple(_differences(_read(path), parse(text))))


def _differences(before: Json, now: Json) -> Iterator[str]:
    """Of two documents of one type, by field; of two of a server, by what is named in it."""
    if server_of(before) is not None and server_of(now) is not None:
        yield from _named(server_of(before) or {}, server_of(now) or {})
        return
    old, new = ((one.get("properties") if isinstance(one, dict) else None) or {} for one in (before, now))
    yield from (f"+{name}" for name in new if name not in old)
    yield from (f"-{name}" for name in old if name not in new)
    for name in new:
        notes = [_object(one.get(name)).get(FIELD) for one in (old, new)]
        was, is_ = (_object(one) for one in notes)
        keys = [key for key in {**was, **is_} if was.get(key) != is_.get(key)] if name in old else []
        if keys:
            yield f"{name}: {', '.join(keys)}"


def _named(old: Mapping[str, Json], new: Mapping[str, Json]) -> Iterator[str]:
    """``languages: +fre-FR -pol-PL``; ``+roles`` where nothing was written down of them."""
    for key in {**new, **old}:
        if key not in old or key not in new:
            yield f"{'+' if key in new else '-'}{key}"
        elif old[key] != new[key] and key != "chosen":
            was, is_ = _names(old[key]), _names(new[key])
            moves = [f"+{one}" for one in is_ if one not in was] + [f"-{one}" for one in was if one not in is_]
            yield f"{key}: {' '.join(moves) or 'written otherwise'}"


def _names(listed: Json) -> list[str]:
    """What a list names, or an object; of object states with their group: ``lock/locked``."""
    if not isinstance(listed, dict):
        return [str(one) for one in listed]
    return [
        f"{key}/{one}" if isinstance(inner, list) else key
        for key, inner in listed.items()
        for one in (inner if isinstance(inner, list) else [key])
    ]


def _ours(folder: Path) -> Iterator[Path]:
    """Files that were written by us; others are left alone."""
    for path in sorted(folder.glob("*.json")):
        if TYPE in _object(_read(path)):
            yield path


def _read(path: Path) -> Json:
    try:
        return parse(path.read_bytes())
    except (OSError, JsonError):
        return None  # it will be written anew


def _object(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, dict) else {}
