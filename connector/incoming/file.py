"""The file subscriber: a JSON array, NDJSON or CSV in the project, read as a stream."""

from __future__ import annotations

import contextlib
import csv
import itertools
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, ClassVar, Self

from connector.core.errors import SourceError, Stopped
from connector.core.jsonio import MAX_DEPTH, Json, JsonError, fingerprint, parse
from connector.core.model import Batch, Position, Record
from connector.core.problem import Problem
from connector.core.protocols import Stop
from connector.core.services import Services
from connector.core.spec import COUNT, JMESPATH, SIZE, TEXT, Field, Spec
from connector.core.units import size
from connector.incoming.select import Selection

_SUFFIXES = {".json": "json", ".ndjson": "ndjson", ".jsonl": "ndjson", ".csv": "csv"}
_FIELD_LIMIT = 1024 * 1024

Entry = tuple[str, Json, Problem | None]
"""Where in the file, the data, and why it cannot be taken."""


class FileIncoming:
    """Reads records from one file."""

    spec: ClassVar[Spec] = Spec(
        "file",
        "File subscriber",
        "Reads records from a JSON, NDJSON or CSV file inside the project.",
        {
            "path": Field(TEXT, "The file, relative to the project.", required=True, example="data/articles.csv"),
            "format": Field(
                {"type": "string", "enum": ["json", "ndjson", "csv"]}, "Its form; left out: by the name's ending."
            ),
            "records": Field(
                TEXT, "For json: dotted path of the array, e.g. `data.items`; left out: the file is the array."
            ),
            "key": Field(JMESPATH, "What names a record.", required=True, example="sku"),
            "encoding": Field(TEXT, "For csv and ndjson.", default="utf-8-sig", example="cp1252"),
            "delimiter": Field({"type": "string", "minLength": 1, "maxLength": 1}, "For csv.", default=","),
            "quote": Field({"type": "string", "minLength": 1, "maxLength": 1}, "For csv.", default='"'),
            "batch": Field(COUNT, "Records that are stored together.", default=500),
            "max_record": Field(SIZE, "A larger record becomes a failed task.", default="5MiB"),
        },
    )

    def __init__(self, name: str, config: Mapping[str, Json], services: Services) -> None:
        self.name = name
        self.config = self.spec.filled(config)
        self.root = services.root.resolve()
        self.selection = Selection("@", str(self.config["key"]), size(str(self.config["max_record"])))

    @classmethod
    def build(cls, name: str, config: Mapping[str, Json], services: Services) -> Self:
        """From the declaration."""
        return cls(name, config, services)

    def readings(self, checkpoints: Mapping[str, Position], now: datetime) -> Sequence[FileReading]:  # noqa: ARG002
        """The one reading.

        Raises:
            SourceError: the file is not there, or lies outside the project.
        """
        path = (self.root / str(self.config["path"])).resolve()
        if not path.is_relative_to(self.root):
            raise SourceError(f"{self.name}: the file {self.config['path']} lies outside the project")
        if not path.is_file():
            hint = f"It is looked for in {self.root}."
            raise SourceError(f"{self.name}: there is no file {self.config['path']}", hint=hint)
        return [FileReading(self, path, checkpoints.get("", {}))]


@dataclass(slots=True)
class FileReading:
    """The one partition of one run."""

    incoming: FileIncoming
    path: Path
    start: Position
    partition: str = ""

    @property
    def request(self) -> Json:
        """What is read."""
        return {"path": str(self.incoming.config["path"]), "identity": self._identity()}

    def batches(self, stop: Stop) -> Iterator[Batch]:
        """Batch by batch; goes on in the middle only when the file is still the same."""
        me = self.incoming
        identity = self._identity()
        done = int(self.start.get("index", 0)) if self.start.get("identity") == identity else 0
        entries = itertools.islice(self._entries(), done, None)
        records, fault = self._batch(entries, stop)
        while True:
            full = fault is None and len(records) == int(me.config["batch"])
            following, later = self._batch(entries, stop) if full else ([], None)
            done += len(records)
            last = fault is None and later is None and not following
            if last and self._identity() != identity:
                hint = "Write it under another name and rename it when it is complete."
                raise SourceError(f"{me.name}: the file changed while it was read", hint=hint)
            if records or last:
                yield Batch(records, {} if last else {"index": done, "identity": identity}, last)
            if fault is not None:
                raise fault
            if last:
                return
            records, fault = following, later

    def _batch(self, entries: Iterator[Entry], stop: Stop) -> tuple[list[Record], SourceError | None]:
        """The next records; and why there are no more, when the file is damaged: what came before is kept."""
        if stop:
            raise Stopped("asked to stop while reading")
        found: list[Record] = []
        try:
            for entry in itertools.islice(entries, int(self.incoming.config["batch"])):
                found.append(self._record(*entry))  # noqa: PERF401 - what was read before a fault counts
        except SourceError as error:
            return found, error
        return found, None

    def _record(self, place: str, data: Json, problem: Problem | None) -> Record:
        origin = f"{self.path.name} {place}"
        if problem is not None:
            return Record(data, "", origin, problem)
        return self.incoming.selection.record(data, origin)

    def _identity(self) -> list[int]:
        try:
            stat = self.path.stat()
        except OSError as error:
            raise SourceError(f"{self.incoming.name}: {self.path.name} cannot be read: {error.strerror}") from None
        return [stat.st_size, stat.st_mtime_ns]

    def _entries(self) -> Iterator[Entry]:
        config = self.incoming.config
        form = config.get("format") or _SUFFIXES.get(self.path.suffix.lower())
        if form is None:
            hint = "Declare `format`: json, ndjson or csv."
            raise SourceError(f"{self.incoming.name}: the form of {self.path.name} is not known", hint=hint)
        try:
            yield from _READERS[form](self.path, config)
        except OSError as error:
            raise SourceError(f"{self.path.name} cannot be read: {error.strerror}") from None
        except UnicodeDecodeError as error:
            hint = "Declare `encoding`, e.g. cp1252, if the file is not UTF-8."
            raise SourceError(f"{self.path.name} is not {error.encoding} at byte {error.start}", hint=hint) from None
        except LookupError:
            raise SourceError(f"the encoding {config['encoding']!r} is not known") from None


def _json(path: Path, config: Mapping[str, Json]) -> Iterator[Entry]:
    """Elements of an array, one in memory at a time."""
    import ijson  # noqa: PLC0415 - only for this form

    prefix = f"{config['records']}.item" if config.get("records") else "item"
    with path.open("rb") as file:
        _check_depth(path, ijson)
        _skip_mark(file)
        number = 0
        try:
            for number, value in enumerate(ijson.items(file, prefix), start=1):
                yield f"[{number - 1}]", _plain(value), None
        except (ijson.JSONError, UnicodeDecodeError) as error:
            hint = "Is it written completely? What was read before is kept."
            what = type(error).__name__
            raise SourceError(f"{path.name} is damaged or cut off after {number} records ({what})", hint=hint) from None
    if number == 0:
        _must_be_empty_array(path, config)


def _check_depth(path: Path, ijson: object) -> None:
    """Ijson's memory grows with the square of the depth: look at it before anything is built."""
    depth = 0
    with path.open("rb") as file:
        _skip_mark(file)
        with contextlib.suppress(ijson.JSONError):  # type: ignore[attr-defined]
            for event, _ in ijson.basic_parse(file):  # type: ignore[attr-defined]
                depth += 1 if event in ("start_map", "start_array") else -1 if event in ("end_map", "end_array") else 0
                if depth > MAX_DEPTH:
                    raise SourceError(f"{path.name} is nested deeper than {MAX_DEPTH} levels")


def _must_be_empty_array(path: Path, config: Mapping[str, Json]) -> None:
    """No record at all: say so when there is no array, which is not the same as an empty one."""
    import ijson  # noqa: PLC0415

    wanted = str(config.get("records") or "")
    with path.open("rb") as file, contextlib.suppress(ijson.JSONError):
        _skip_mark(file)
        for prefix, event, _ in ijson.parse(file):
            if prefix == wanted and event == "start_array":
                return
    place = f"at `{wanted}`" if wanted else "at its top"
    raise SourceError(f"{path.name} has no array {place}", hint="Correct `records`, or `format`, in the incoming.")


def _skip_mark(file: IO[bytes]) -> None:
    if file.read(3) != b"\xef\xbb\xbf":
        file.seek(0)


def _plain(value: Json) -> Json:
    """Ijson gives Decimals; JMESPath and JSON know int and float."""
    if isinstance(value, Decimal):
        return (
            int(value)
            if value == value.to_integral_value() and "E" not in str(value) and "." not in str(value)
            else float(value)
        )
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
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
                    {"too_large": True},
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
    with path.open(encoding=str(config["encoding"]), newline="") as file:
        rows = csv.reader(file, delimiter=str(config["delimiter"]), quotechar=str(config["quote"]), strict=True)
        header = _header(path, rows)
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
                yield place, data, Problem("REC115", message, hint="A delimiter inside a text?", where=place)
                continue
            yield place, data, None


def _header(path: Path, rows: Iterator[list[str]]) -> list[str]:
    try:
        cells = next(rows)
    except StopIteration:
        raise SourceError(f"{path.name} is empty", hint="It needs a header line.") from None
    except csv.Error as error:
        raise SourceError(f"{path.name} line 1: {error}") from None
    names = [unicodedata.normalize("NFC", cell.replace("\ufeff", "").replace("\xa0", " ").strip()) for cell in cells]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SourceError(f"{path.name} has the column '{twice[0]}' twice", hint="Columns are bound by name.")
    return names


_READERS: Mapping[str, Callable[[Path, Mapping[str, Json]], Iterator[Entry]]] = {
    "json": _json,
    "ndjson": _ndjson,
    "csv": _csv,
}
