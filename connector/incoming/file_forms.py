"""The forms of files: JSON arrays, NDJSON, CSV, each read as a stream of entries with their place."""

from __future__ import annotations

import contextlib
import csv
import mmap
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import IO

from connector.core.errors import SourceError
from connector.core.jsonio import MAX_DEPTH, Json, JsonError, fingerprint, parse
from connector.core.model import TOO_LARGE
from connector.core.numbers import NotExact, fitted
from connector.core.problem import Problem
from connector.core.units import size
from connector.incoming import json_faults
from connector.incoming.encodings import unmarked

_FIELD_LIMIT = 1024 * 1024
_DELIMITERS = ";,\t|"
_SEPARATOR = re.compile(r"sep=.?", re.IGNORECASE)
"""The line by which Excel tells itself what a file is separated by."""

Entry = tuple[str, Json, Problem | None]
"""Where in the file, the data, and why it cannot be taken."""


def _json(path: Path, config: Mapping[str, Json]) -> Iterator[Entry]:
    """Elements of an array, one in memory at a time."""
    import ijson  # noqa: PLC0415 - only for this form

    prefix = f"{config['records']}.item" if config.get("records") else "item"
    with path.open("rb") as file:
        _check_surrogates(path)
        _check_depth(path, ijson)
        _skip_mark(file)
        number = 0
        try:
            for number, value in enumerate(ijson.items(file, prefix), start=1):
                yield _element(f"[{number - 1}]", value)
        except (ijson.JSONError, UnicodeDecodeError, InvalidOperation):
            message, hint = json_faults.told(path, number)
            raise SourceError(message, hint=hint) from None
    if number == 0:
        _must_be_empty_array(path, config)


def _element(place: str, value: Json) -> Entry:
    try:
        return place, plain(value), None
    except NotExact as error:
        kept = {"digest": fingerprint(str(value))}
        return place, kept, Problem("REC114", f"in this element, {error}", hint="Correct the file.", where=place)


def _check_depth(path: Path, ijson: object) -> None:
    """Ijson's memory grows with the square of the depth: look at it before anything is built."""
    depth = 0
    with path.open("rb") as file:
        _skip_mark(file)
        with contextlib.suppress(ijson.JSONError, InvalidOperation):  # type: ignore[attr-defined]
            for event, _ in ijson.basic_parse(file):  # type: ignore[attr-defined]
                depth += 1 if event in ("start_map", "start_array") else -1 if event in ("end_map", "end_array") else 0
                if depth > MAX_DEPTH:
                    raise SourceError(f"{path.name} is nested deeper than {MAX_DEPTH} levels")


_ESCAPE = re.compile(rb"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)


def _check_surrogates(path: Path) -> None:
    """Look before ijson does: it would put a question mark for half a character, without a word."""
    if path.stat().st_size == 0:
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        at = lone_surrogate(data)
    if at >= 0:
        hint = "Correct the file: half of a character stands alone there."
        raise SourceError(f"{path.name} holds a lone surrogate at byte {at}", hint=hint)


def lone_surrogate(data: bytes | mmap.mmap) -> int:
    """Where JSON text holds an escaped half of a character without its other half; -1: nowhere."""
    half: re.Match[bytes] | None = None
    for found in _ESCAPE.finditer(data):
        code = int(found[1], 16) if found[1] else 0
        if half is not None:
            if found.start() != half.end() or not 0xDC00 <= code <= 0xDFFF:
                return half.start()
            half = None
        elif 0xD800 <= code <= 0xDBFF:
            half = found
        elif 0xDC00 <= code <= 0xDFFF:
            return found.start()
    return -1 if half is None else half.start()


def _must_be_empty_array(path: Path, config: Mapping[str, Json]) -> None:
    """No record at all: say so when there is no array, which is not the same as an empty one."""
    import ijson  # noqa: PLC0415

    wanted = str(config.get("records") or "")
    with path.open("rb") as file, contextlib.suppress(ijson.JSONError, InvalidOperation):
        _skip_mark(file)
        for prefix, event, _ in ijson.parse(file):
            if prefix == wanted and event == "start_array":
                return
    place = f"at `{wanted}`" if wanted else "at its top"
    raise SourceError(f"{path.name} has no array {place}", hint="Correct `records`, or `format`, in the incoming.")


def _skip_mark(file: IO[bytes]) -> None:
    if file.read(3) != b"\xef\xbb\xbf":
        file.seek(0)


def plain(value: Json) -> Json:
    """Ijson gives Decimals: as the other forms have them, see core.numbers.

    Raises:
        NotExact: a number in it is too large, too small or too long.
    """
    if isinstance(value, Decimal):
        return fitted(value) if value.as_tuple().exponent else int(value)
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value


def _ndjson(path: Path, config: Mapping[str, Json]) -> Iterator[Entry]:
    limit = size(str(config["max_record"]))
    with path.open("rb") as file:
        _skip_mark(file)
        number = 0
        while line := file.readline(limit + 1):
            number += 1
            place = f"line {number}"
            if len(line) > limit:
                while line and not line.endswith(b"\n"):
                    line = file.readline(limit)
                yield (
                    place,
                    dict(TOO_LARGE),
                    Problem("REC113", f"the line is larger than {limit} bytes", where=place),
                )
                continue
            if not line.strip():
                continue
            try:
                yield place, parse(line.decode(str(config["encoding"]).replace("-sig", "")), max_depth=MAX_DEPTH), None
            except JsonError as error:
                shown = {"line": line[:200].decode("utf-8", "replace"), "digest": fingerprint(line.hex())}
                yield place, shown, Problem("REC114", f"the line is {error}", hint="Correct the file.", where=place)


def _csv(path: Path, config: Mapping[str, Json]) -> Iterator[Entry]:
    csv.field_size_limit(_FIELD_LIMIT)
    with path.open(encoding=unmarked(str(config["encoding"])), newline="") as file:
        rows = csv.reader(file, delimiter=str(config["delimiter"]), quotechar=str(config["quote"]), strict=True)
        header = _header(path, rows, str(config["delimiter"]))
        begins = rows.line_num + 1
        while True:
            try:
                row = next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                hint = "A quote that is never closed? Check delimiter and quote in the incoming."
                raise SourceError(f"{path.name} line {begins}: {error}", hint=hint) from None
            place, begins = f"line {begins}", rows.line_num + 1
            if not row:
                continue
            data = dict(zip(header, row, strict=False))
            if len(row) != len(header):
                message = f"the row has {len(row)} cells, the header has {len(header)}"
                hint = other_delimiter(header, str(config["delimiter"])) or "A delimiter inside a text?"
                yield place, data, Problem("REC115", message, hint=hint, where=place)
                continue
            yield place, data, None


def other_delimiter(header: Sequence[str], declared: str) -> str:
    """A hint for a header that is one column because it is separated by something else; empty: it is not."""
    if len(header) != 1:
        return ""
    found = max((one for one in _DELIMITERS if one != declared), key=header[0].count)
    if found not in header[0]:
        return ""
    written = found.replace("\t", "\\t")  # as JSON writes it
    return f'The header looks like `{written}`: declare "delimiter": "{written}".'


def _header(path: Path, rows: Iterator[list[str]], delimiter: str) -> list[str]:
    try:
        cells = next(rows)
    except StopIteration:
        raise SourceError(f"{path.name} is empty", hint="It needs a header line.") from None
    except csv.Error as error:
        raise SourceError(f"{path.name} line 1: {error}") from None
    names = [unicodedata.normalize("NFC", cell.replace("\ufeff", "").replace("\xa0", " ").strip()) for cell in cells]
    if len(cells) <= 2 and _SEPARATOR.fullmatch(delimiter.join(cells).strip()):
        hint = 'Delete that line, or let Excel save "CSV UTF-8"; and declare `delimiter`.'
        raise SourceError(f"{path.name} line 1 is no heading, but Excel's '{delimiter.join(cells)}'", hint=hint)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SourceError(f"{path.name} has the column '{twice[0]}' twice", hint="Columns are bound by name.")
    return names


READERS: Mapping[str, Callable[[Path, Mapping[str, Json]], Iterator[Entry]]] = {
    "json": _json,
    "ndjson": _ndjson,
    "csv": _csv,
}
