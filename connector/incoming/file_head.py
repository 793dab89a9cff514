"""The first records of a source file, read for a look: bounded in bytes, never a run's way of reading."""

from __future__ import annotations

import contextlib
import io
import itertools
from collections.abc import Iterator, Mapping
from decimal import InvalidOperation
from pathlib import Path
from typing import IO

from msgspec import Struct, field

from connector.core.errors import SourceError
from connector.core.jsonio import MAX_DEPTH, Json
from connector.core.numbers import NotExact
from connector.core.problem import Problem
from connector.incoming.encodings import LEAVE_OUT, check_width, is_cp1252, is_utf8
from connector.incoming.file import FileIncoming, form_of, hint_for, told_of
from connector.incoming.file_forms import READERS, other_delimiter, plain

MOST_BYTES = 64 * 1024
MOST_RECORDS = 200
SEARCHED_BYTES = 8 * 1024 * 1024
"""So far a JSON file is read when nothing is where its records are looked for."""


class Head(Struct):
    """What was seen of a file.

    Attributes:
        records: those that can be taken.
        whole: nothing of the file is left out.
        form: ``json``, ``ndjson`` or ``csv``.
        problem: the file, or one of its records, cannot be read as it is declared; ``where`` says which.
        lists: for json, when there are no records where they are looked for: where there are lists.
        places: of the records in the file, e.g. ``line 2``.
    """

    records: list[Json]
    whole: bool
    form: str
    problem: Problem | None = None
    lists: tuple[str, ...] = ()
    places: list[str] = field(default_factory=list)


def head_of(path: Path, config: Mapping[str, Json]) -> Head:
    """Look at a file that is there.

    Args:
        path: where.
        config: the incoming's declaration, its variables filled in.
    """
    filled = FileIncoming.spec.filled(config)
    form = form_of(path, filled)
    head = Head([], whole=False, form=form or "")
    if form is None:
        head.problem = Problem("", "its form is not known by its ending", hint_for(path))
        return head
    try:
        with told_of(path, filled):
            check_width(path, form, filled)
            utf8 = form != "json" and _is_utf8(path, str(filled["encoding"]))
            if form != "json" and _is_cp1252(path, str(filled["encoding"])):
                hint = 'Declare "encoding": "cp1252".'
                head.problem = Problem("", f"its letters look like cp1252, not like {filled['encoding']}", hint)
            if utf8:
                head.problem = Problem("", f"its letters are written in UTF-8, not in {filled['encoding']}", LEAVE_OUT)
                filled = {**filled, "encoding": "utf-8-sig"}
            entries = _of_json(path, filled, head) if form == "json" else READERS[form](path, filled)
            _take(entries, head)
    except SourceError as error:
        head.problem = head.problem or Problem("", error.message, error.hint)
    first = head.records[0] if form == "csv" and head.records else None
    hint = other_delimiter(list(first), str(filled["delimiter"])) if isinstance(first, dict) else ""
    if hint:
        head.problem = head.problem or Problem("", "its heading is one column", hint)
        head.records = []
    return head


def _is_utf8(path: Path, declared: str) -> bool:
    with path.open("rb") as file:
        return is_utf8(file.read(MOST_BYTES), declared)


def _is_cp1252(path: Path, declared: str) -> bool:
    with path.open("rb") as file:
        return is_cp1252(file.read(MOST_BYTES), declared)


def _take(entries: Iterator[tuple[str, Json, Problem | None]], head: Head) -> None:
    seen = 0
    for place, data, problem in itertools.islice(entries, MOST_RECORDS):
        seen += 1
        if problem is None:
            head.records.append(data)
            head.places.append(place)
        else:
            head.problem = head.problem or problem
    head.whole = (head.form != "json" and seen < MOST_RECORDS) or (head.whole and seen < MOST_RECORDS)


def _of_json(path: Path, config: Mapping[str, Json], head: Head) -> Iterator[tuple[str, Json, Problem | None]]:
    """From the file's beginning only; where that ends in the middle of something is no fault."""
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        found = list(itertools.islice(_begun(data, config), MOST_RECORDS))
        yield from ((f"[{at}]", one, None) for at, one in enumerate(found))
        if found or path.stat().st_size > SEARCHED_BYTES:
            return
    head.whole = True
    try:
        yield from READERS["json"](path, config)
    except SourceError:
        with path.open("rb") as file:
            head.lists = tuple(_lists(file.read(SEARCHED_BYTES)))
        raise


def _begun(data: bytes, config: Mapping[str, Json]) -> Iterator[Json]:
    """The records in the beginning of a file."""
    import ijson  # noqa: PLC0415 - only for this form

    prefix = f"{config['records']}.item" if config.get("records") else "item"
    with contextlib.suppress(ijson.JSONError, UnicodeDecodeError, NotExact, InvalidOperation):
        for value in ijson.items(_stream(data), prefix):
            yield plain(value)


def _lists(data: bytes) -> Iterator[str]:
    """Dotted places of lists that can be named in ``records``; empty: the file itself is one."""
    import ijson  # noqa: PLC0415

    seen: set[str] = set()
    with contextlib.suppress(ijson.JSONError, UnicodeDecodeError, InvalidOperation):
        for prefix, event, _ in ijson.parse(_stream(data)):
            if event == "start_array" and prefix not in seen and "item" not in prefix.split("."):
                seen.add(prefix)
                yield prefix


def _stream(data: bytes) -> IO[bytes]:
    """Without the mark at its beginning; empty when it is nested deeper than a run would take."""
    import ijson  # noqa: PLC0415

    data, depth = data.removeprefix(b"\xef\xbb\xbf"), 0
    with contextlib.suppress(ijson.JSONError, UnicodeDecodeError, InvalidOperation):
        for event, _ in ijson.basic_parse(io.BytesIO(data)):
            depth += event.startswith("start_") - event.startswith("end_")
            if depth > MAX_DEPTH:
                return io.BytesIO(b"[]")
    return io.BytesIO(data)
