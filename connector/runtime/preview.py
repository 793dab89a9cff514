"""Shows what a route would send: fetches and maps a few records, writes nothing, needs no run log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from connector.app import Application
from connector.core.clock import StopEvent
from connector.core.errors import ConnectorError
from connector.core.jsonio import Json
from connector.core.model import Message, Record
from connector.core.problem import Problem
from connector.core.protocols import Foresees, Incoming, ShowsRequests
from connector.routes.live import LiveRoute, Unusable
from connector.transformers.reads import Unmet, paths_read, unmet


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One record and the messages it yields; no messages and no problem: the mapping leaves it out.

    ``notes`` say what the target would do with them, where it has to be asked; ``requests`` are those that the messages
    mean, one each, where they mean one.
    """

    key: str
    origin: str
    record: Json
    messages: list[Json] = field(default_factory=list)
    problem: Problem | None = None
    notes: list[str] = field(default_factory=list)
    requests: list[Json] = field(default_factory=list)


def preview(app: Application, route: str, *, limit: int, now: datetime) -> Iterator[PreviewRow]:
    """The first ``limit`` records of a read from the start.

    Raises:
        ConnectorError: the source cannot be read.
    """
    live = app.route(route)
    for record in _records(live.incoming, limit, now):
        yield _row(live, record, now)


def preview_incoming(app: Application, name: str, *, limit: int, now: datetime) -> Iterator[PreviewRow]:
    """The first ``limit`` records that an incoming reads from the start; no mapping.

    Raises:
        ConnectorError: the source cannot be read.
    """
    for record in _records(app.incoming(name), limit, now):
        yield PreviewRow(record.key, record.origin, record.data, problem=record.problem)


def unread(app: Application, route: str, rows: Sequence[PreviewRow]) -> list[tuple[str, Unmet]]:
    """The fields that the first transformer reads and none of the records has, each with the transformer's file.

    A misspelt field is null to JMESPath, and so a mistake that nothing else tells.
    """
    names = app.project.routes[route].data.get("transformers") or []
    source = app.project.transformers.get(names[0]) if names else None
    if source is None:
        return []
    paths = paths_read(source.current, source.suffix)
    return [(source.shown, one) for one in unmet(paths, [row.record for row in rows if row.record is not None])]


def _records(incoming: Incoming, limit: int, now: datetime) -> Iterator[Record]:
    left = limit
    for reading in incoming.readings({}, now):
        for batch in reading.batches(StopEvent()):
            yield from batch.records[:left]
            left -= min(left, len(batch.records))
            if left <= 0:
                return


def _row(live: LiveRoute, record: Record, now: datetime) -> PreviewRow:
    if record.problem is not None:
        return PreviewRow(record.key, record.origin, record.data, problem=record.problem)
    try:
        messages = live.messages(record, now)
    except Unusable as unusable:
        return PreviewRow(record.key, record.origin, record.data, problem=unusable.problem)
    shown = [message.as_json() for message in messages]
    asked = [live.outgoing.request_of(one) for one in messages] if isinstance(live.outgoing, ShowsRequests) else []
    notes = _notes(live, messages)
    return PreviewRow(
        record.key, record.origin, record.data, shown, notes=notes, requests=[one for one in asked if one]
    )


def _notes(live: LiveRoute, messages: list[Message]) -> list[str]:
    if not isinstance(live.outgoing, Foresees):
        return []
    notes = []
    for message in messages:
        try:
            notes.append(live.outgoing.foresee(message))
        except ConnectorError as error:
            notes.append(f"what the target would do is not known: {error.message}")
    return [note for note in notes if note]
