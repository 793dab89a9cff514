"""A file that keeps what is in a sandbox: the writes that were carried out, one a line, carried out again at the start.

Each line has a checksum and is written before its answer is sent, so that ``kill -9`` loses no answered write. A last
line without its end was never answered, and is left out. All else that is not as it was written is refused. Tokens,
sessions, faults and the book are not kept. Now and then a snapshot of what the lines come to is written beside the
file, and a start carries out only those that came after it.
"""

from __future__ import annotations

import json
import logging
import os
import random
import secrets
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from msgspec import Struct

from connector.sandbox.http import Headers, Request
from connector.sandbox.ibexa import snapshot
from connector.sandbox.ibexa.chance import SEEDED
from connector.sandbox.ibexa.releases import V4_6
from connector.sandbox.ibexa.repository import INSTALL, Repository

Json = Any
FORMAT = 1
SNAPSHOT_AFTER = 2000
"""So many writes after the last one a snapshot is due: a start carries out no more than these."""
_log = logging.getLogger(__name__)
_KEPT_HEADERS = ("accept", "content-type", "destination", "x-siteaccess", "x-expected-user", "host")


class JournalError(ValueError):
    """The file cannot be used; the text says which line, and what to do."""


class Entry(Struct, frozen=True):
    """One write: who asked for what, when, and how it was answered."""

    number: int
    user_id: int
    request: Request
    moment: float
    seed: int
    status: int


class Journal:
    """An open file; one process at a time has it.

    Args:
        file: is made where there is none.
        version: of the Ibexa whose writes it keeps.
        beginning: what the sandbox has before the file is carried out, besides a clean install; any JSON.

    Raises:
        JournalError: it is damaged, of another version, or in use.
        OSError: it cannot be opened.
    """

    def __init__(self, file: Path, version: str, beginning: Json = None) -> None:
        self._file = file
        self._version = version
        self._key = snapshot.key_of([version, beginning])
        self._length = self._checksum = 0  # of all that is in the file
        self._lines = self._in_snapshot = 0
        self._rest: list[Json] = []
        self._snapshot: snapshot.Snapshot | None = None
        self._handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with ExitStack() as undo:
            undo.callback(os.close, self._handle)
            _lock(self._handle, file)
            self._begin()
            undo.pop_all()
        self._entry: tuple[float, int] | None = None

    @property
    def is_new(self) -> bool:
        """Whether nothing was ever written to it."""
        return self._lines <= 1

    def restore(self, repository: Repository) -> None:
        """Put a clean install into the state of the snapshot, if there is one: what the first lines came to."""
        if self._snapshot is not None:
            repository.take_state(self._snapshot.state)
            self._snapshot = None

    def entries(self) -> Iterator[Entry]:
        """What it holds beyond the snapshot, in order; to be called once."""
        rest, self._rest = self._rest, []
        first = self._lines - len(rest) + 1
        for number, line in enumerate(rest, first):
            yield _entry(number, line)

    def keep_snapshot(self, repository: Repository, *, after: int | None = None) -> None:
        """Write a snapshot if there were so many writes since the last one; without room for it there is none."""
        if self._lines - self._in_snapshot < (SNAPSHOT_AFTER if after is None else after):
            return
        self._in_snapshot = self._lines  # also where it fails: the next try is as far away
        try:
            snapshot.write(self._file, self._key, repository.state(), (self._length, self._lines, self._checksum))
        except OSError as error:
            _log.warning("%s: no snapshot, the next start takes longer: %s", self._file, error)

    @contextmanager
    def keeping(self, repository: Repository, entry: Entry | None = None) -> Iterator[None]:
        """While a write is handled its time stands still and its chances are known; ``entry``: as they were then."""
        clock = repository.clock
        moment, seed = (entry.moment, entry.seed) if entry else (clock(), secrets.randbits(64))
        self._entry = (moment, seed)
        token = SEEDED.set(random.Random(seed))  # noqa: S311 - repeatable on purpose
        repository.clock = lambda: moment
        try:
            yield
        finally:
            repository.clock = clock
            SEEDED.reset(token)

    def write(self, user_id: int, request: Request, status: int) -> None:
        """Keep a write that was just handled.

        Raises:
            OSError: the disk is full, or the like.
        """
        assert self._entry is not None
        moment, seed = self._entry
        headers = {name: value for name in _KEPT_HEADERS if (value := request.headers.get(name)) is not None}
        body = request.body.decode("utf-8", "surrogateescape")
        self._append([user_id, request.method, request.path, request.query, headers, body, moment, seed, status])

    def clear(self) -> None:
        """Forget everything: a clean install again."""
        os.ftruncate(self._handle, 0)
        snapshot.forget(self._file)
        self._lines = self._in_snapshot = self._length = self._checksum = 0
        version = {} if self._version == V4_6.name else {"ibexa": self._version}
        self._append({"sandbox": FORMAT, "install": zlib.crc32(INSTALL.read_bytes()), **version})

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._handle)

    def _append(self, value: Json) -> None:
        text = json.dumps(value, separators=(",", ":")).encode()
        line = b"%08x %s\n" % (zlib.crc32(text), text)
        if os.write(self._handle, line) != len(line):
            os.ftruncate(self._handle, self._length)  # half a line would spoil those after it
            raise OSError(f"{self._file}: the disk is full")
        self._length += len(line)
        self._lines += 1
        self._checksum = zlib.crc32(line, self._checksum)

    def _begin(self) -> None:
        """Read what is there, as far as a snapshot does not have it already."""
        raw = self._file.read_bytes()
        whole, _, rest = raw.rpartition(b"\n")
        if rest and not whole and not _is_begun(rest):
            raise self._refusal(1, "is none that a sandbox wrote")
        if rest:  # its answer was never sent
            raw = raw[: -len(rest)]
            os.ftruncate(self._handle, len(raw))
        self._snapshot = snapshot.read(self._file, self._key, raw)
        if not raw:
            self.clear()
            return
        self._read(raw, self._snapshot.lines if self._snapshot else 0)

    def _read(self, raw: bytes, known: int) -> None:
        start = self._snapshot.length if self._snapshot else 0
        new = raw[start:].split(b"\n")[:-1]
        self._rest = [self._checked(number, line) for number, line in enumerate(new, known + 1)]
        if not known:
            self._check_head(self._rest.pop(0))
        self._in_snapshot, self._lines = known, known + len(new)
        self._length, self._checksum = len(raw), zlib.crc32(raw)

    def _checked(self, number: int, line: bytes) -> Json:
        digits, _, text = line.partition(b" ")
        if digits != b"%08x" % zlib.crc32(text):
            raise self._refusal(number, "is not as a sandbox wrote it")
        return json.loads(text)

    def _check_head(self, head: Json) -> None:
        if not isinstance(head, dict) or head.get("sandbox") != FORMAT:
            raise self._refusal(1, "was written by another version of the sandbox")
        if head.get("install") != zlib.crc32(INSTALL.read_bytes()):
            raise self._refusal(1, "begins with another clean install than this version's")
        begun = head.get("ibexa", V4_6.name)
        if begun != self._version:
            told = f"{self._file} is of an Ibexa {begun}, and this one is a {self._version}"
            raise JournalError(f"{told}. Say --ibexa {begun}, or begin a new file")

    def refuse_answer(self, entry: Entry, status: int) -> JournalError:
        """For an entry that is answered otherwise than it was."""
        return self._refusal(entry.number, f"was answered with {entry.status}, and is now with {status}: other rules")

    def _refusal(self, number: int, what: str) -> JournalError:
        hint = "Use the version that wrote it, or begin a new file"
        return JournalError(f"{self._file}, line {number} {what}. {hint}")


def _is_begun(rest: bytes) -> bool:
    """Whether this is the beginning of a first line, all that was written before an end by force."""
    digits, _, text = rest.partition(b" ")
    return all(each in b"0123456789abcdef" for each in digits) and b'{"sandbox"'.startswith(text[:10])


def _entry(number: int, line: Json) -> Entry:
    user_id, method, path, query, headers, body, moment, seed, status = line
    pairs = [(str(name), str(value)) for name, value in query]
    request = Request(method, path, pairs, Headers(headers), body.encode("utf-8", "surrogateescape"))
    return Entry(number, user_id, request, moment, seed, status)


def _lock(handle: int, file: Path) -> None:
    try:
        import fcntl  # noqa: PLC0415 - not everywhere
    except ImportError:  # then nobody watches over it
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise JournalError(f"{file} is in use by another sandbox. End that one, or name another file") from None
