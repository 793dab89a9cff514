"""What a journal comes to, kept beside it, so that a start need not carry out all of it again.

A snapshot is a copy that nobody depends on: where it is missing, damaged, of another version of the sandbox, or of
another journal, it is passed over and the journal carried out. It is written to a file of its own that takes the
place of the old one at once, so that an end by force leaves one or the other.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import io
import json
import os
import pickle
import zlib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct

from connector.sandbox.ibexa import aliases, documents, model

Json = Any
State = dict[str, Any]
_CODE = Path(__file__).parent
_KNOWN = {
    (module.__name__, name): each
    for module in (model, aliases, documents)
    for name, each in vars(module).items()
    if isinstance(each, type) and each.__module__ == module.__name__
}


class Snapshot(Struct, frozen=True):
    """The state after the first ``length`` bytes, that is ``lines`` lines, of a journal."""

    state: State
    length: int
    lines: int


def path_of(journal: Path) -> Path:
    """Where the snapshot of a journal is."""
    return journal.with_name(journal.name + ".snapshot")


def key_of(beginning: Json) -> str:
    """What a snapshot is only good for: this very code, and what the sandbox begins with before the journal."""
    return hashlib.sha256(_code().encode() + json.dumps(beginning).encode()).hexdigest()


@cache
def _code() -> str:
    """A digest of the sandbox: other rules could have made another state of the same journal."""
    digest = hashlib.sha256()
    for file in sorted(each for each in _CODE.rglob("*") if each.suffix in {".py", ".json"}):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def write(journal: Path, key: str, state: Mapping[str, Any], raw: tuple[int, int, int]) -> None:
    """Keep a state; ``raw`` is the journal's length, lines and CRC.

    Raises:
        OSError: the disk is full, or the like; the snapshot that was there is left.
    """
    with _no_collection():
        body = pickle.dumps(dict(state), protocol=5)
    length, lines, checksum = raw
    head = {"key": key, "length": length, "lines": lines, "journal": checksum, "state": zlib.crc32(body)}
    target = path_of(journal)
    begun = target.with_name(target.name + ".new")
    try:
        with os.fdopen(os.open(begun, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(json.dumps(head).encode() + b"\n" + body)
        begun.replace(target)
    except OSError:
        with contextlib.suppress(OSError):
            begun.unlink(missing_ok=True)
        raise


def forget(journal: Path) -> None:
    """Remove the snapshot of a journal that begins anew."""
    path_of(journal).unlink(missing_ok=True)


def read(journal: Path, key: str, raw: bytes) -> Snapshot | None:
    """The snapshot of a journal with this content; None where there is none that will do."""
    try:
        first, _, body = path_of(journal).read_bytes().partition(b"\n")
    except FileNotFoundError:
        return None
    try:
        head = json.loads(first)
        length, lines = int(head["length"]), int(head["lines"])
        fits = head["key"] == key and head["state"] == zlib.crc32(body) and head["journal"] == zlib.crc32(raw[:length])
    except (ValueError, KeyError, TypeError):  # it breaks off, or is something else
        return None
    if not fits or length > len(raw):
        return None
    try:
        with _no_collection():
            return Snapshot(_Unpickler(io.BytesIO(body)).load(), length, lines)
    except pickle.UnpicklingError:  # somebody made it fit, and put something else into it
        return None


@contextlib.contextmanager
def _no_collection() -> Iterator[None]:
    """Without garbage collection: among so many new things it takes ten times as long as the rest, and finds none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Unpickler(pickle.Unpickler):
    """Makes the repository's records and nothing else, whoever wrote the file."""

    def find_class(self, module: str, name: str) -> Any:
        found = _KNOWN.get((module, name))
        if found is None:
            raise pickle.UnpicklingError(f"a snapshot holds no {module}.{name}")
        return found
