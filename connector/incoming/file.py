"""The file subscriber: a JSON array, NDJSON or CSV in the project, read as a stream."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import ClassVar, Self

from msgspec import Struct

from connector.core.errors import SourceError, Stopped
from connector.core.jsonio import Json, shown
from connector.core.model import Batch, Position, Record
from connector.core.problem import Finding, Problem
from connector.core.protocols import Stop
from connector.core.services import Services
from connector.core.spec import COUNT, FILE, JMESPATH, SIZE, TEXT, Field, Spec
from connector.core.units import size
from connector.incoming.encodings import check_mark, check_width
from connector.incoming.file_checks import findings
from connector.incoming.file_forms import READERS, Entry
from connector.incoming.select import Selection

_UNREADABLE = {
    **dict.fromkeys((".xlsx", ".xls", ".xlsm"), "Excel's own form"),
    **dict.fromkeys((".xml", ".ods"), "This form"),
    **dict.fromkeys((".zip", ".gz"), "A packed file"),
}
_SAVE_IT = "save it as CSV (UTF-8) or JSON, and name that file."
_SUFFIXES = {".json": "json", ".ndjson": "ndjson", ".jsonl": "ndjson", ".csv": "csv"}


class FileIncoming:
    """Reads records from one file."""

    spec: ClassVar[Spec] = Spec(
        "file",
        "File subscriber",
        "Reads records from a JSON, NDJSON or CSV file inside the project.",
        {
            "path": Field(FILE, "The file, relative to the project.", required=True, example="data/articles.csv"),
            "format": Field(
                {"type": "string", "enum": ["json", "ndjson", "csv"]}, "Its form; left out: by the name's ending."
            ),
            "records": Field(
                TEXT, "For json: dotted path of the array, e.g. `data.items`; left out: the file is the array."
            ),
            "key": Field(JMESPATH, "What names a record.", required=True, example="sku"),
            "encoding": Field(
                {**TEXT, "x-format": "encoding"}, "For csv and ndjson.", default="utf-8-sig", example="cp1252"
            ),
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

    @classmethod
    def lint(cls, config: Mapping[str, Json], systems: Mapping[str, Sequence[Json]]) -> list[Finding]:  # noqa: ARG003
        """See file_checks."""
        path = config.get("path")
        return findings(config, form_of(Path(path), config)) if isinstance(path, str) else []

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


class FileReading(Struct):
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
        form = form_of(self.path, config)
        if form is None:
            hint = hint_for(self.path)
            raise SourceError(f"{self.incoming.name}: the form of {self.path.name} is not known", hint=hint)
        with told_of(self.path, config):
            check_width(self.path, form, config)
            check_mark(self.path, form, config)
            yield from READERS[form](self.path, config)


def form_of(path: Path, config: Mapping[str, Json]) -> str | None:
    """The declared form of a file, else that of its ending; None: not known."""
    return config.get("format") or _SUFFIXES.get(path.suffix.lower())


def hint_for(path: Path) -> str:
    """What to do with a file whose form is not known."""
    kind = _UNREADABLE.get(path.suffix.lower())
    return f"{kind} cannot be read: {_SAVE_IT}" if kind else "Declare `format`: json, ndjson or csv."


@contextlib.contextmanager
def told_of(path: Path, config: Mapping[str, Json]) -> Iterator[None]:
    """What may go wrong while a file is read, as a SourceError."""
    try:
        yield
    except OSError as error:
        raise SourceError(f"{path.name} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        hint = "Declare `encoding`, e.g. cp1252, if the file is not UTF-8."
        raise SourceError(f"{path.name} is not {error.encoding} at byte {error.start}", hint=hint) from None
    except UnicodeError as error:  # of a codec that finds more amiss than a byte, such as UTF-16 without its mark
        hint = "Leave `encoding` out if the file is UTF-8; else declare the one that it has, e.g. utf-16-le."
        what = shown(str(error), 80)
        raise SourceError(f"{path.name} cannot be read as {config['encoding']}: {what}", hint=hint) from None
    except LookupError:
        hint = "Write it as Python names it, e.g. cp1252, iso-8859-15 or utf-16-le."
        raise SourceError(f"the encoding {config['encoding']!r} is not known", hint=hint) from None
