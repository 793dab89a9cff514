"""Shows what a route would send: fetches and maps a few records, writes nothing, needs no run log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct, field
from msgspec.structs import replace

from connector.app import Application
from connector.checks.servers import known_servers
from connector.core.clock import StopEvent
from connector.core.errors import ConnectorError, NotWhole, RecordError
from connector.core.jsonio import Json
from connector.core.model import Message, Record
from connector.core.problem import Place, Problem
from connector.core.protocols import Foresees, Incoming, ShowsRequests
from connector.routes.counts import Counts
from connector.routes.live import LiveRoute, Unusable
from connector.routes.mapped import SAME_HINT, TWICE_HINT
from connector.systems.ibexa.asset_sources import refusal_of
from connector.systems.ibexa.foretold import Foretold, foretold
from connector.transformers.reads import Unmet, paths_read, unmet


class PreviewRow(Struct, frozen=True):
    """One record and the messages it yields; no messages and no problem: the mapping leaves it out.

    ``notes`` say what the target would do with them, where it has to be asked; ``requests`` are those that the messages
    mean, one each, where they mean one; ``sent`` are the messages themselves.
    """

    key: str
    origin: str
    record: Json
    messages: list[Json] = field(default_factory=list)
    problem: Problem | None = None
    notes: list[str] = field(default_factory=list)
    requests: list[Json] = field(default_factory=list)
    sent: list[Message] = field(default_factory=list)


def preview(
    app: Application, route: str, *, limit: int, now: datetime, notes: list[Problem] | None = None
) -> Iterator[PreviewRow]:
    """The first ``limit`` records of a read from the start; ``notes`` gets what speaks for a mistake in the incoming.

    Raises:
        ConnectorError: the source cannot be read.
    """
    live = app.route(route)
    twins, fields = Twins(live), Fields(app, live)
    for record in _records(live.incoming, limit, now, notes):
        row = fields.judged(_row(live, record, now))
        yield replace(row, notes=[*twins.notes(record, row), *row.notes])


def preview_incoming(
    app: Application, name: str, *, limit: int, now: datetime, notes: list[Problem] | None = None
) -> Iterator[PreviewRow]:
    """The first ``limit`` records that an incoming reads from the start; no mapping. ``notes``: see preview.

    Raises:
        ConnectorError: the source cannot be read.
    """
    for record in _records(app.incoming(name), limit, now, notes):
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


def _records(incoming: Incoming, limit: int, now: datetime, notes: list[Problem] | None) -> Iterator[Record]:
    read, told = Counts(), [] if notes is None else notes
    left = limit
    try:
        for reading in incoming.readings({}, now):
            for batch in reading.batches(StopEvent()):
                read.took(batch, reading.partition)
                yield from batch.records[:left]
                left -= min(left, len(batch.records))
                if left <= 0:
                    return
    except NotWhole:
        if not any(one.severity == "error" for one in read.notes(incoming.name, None)):
            raise  # else the notes tell it, and what came is shown
    finally:
        told += read.notes(incoming.name, None)


class Twins:
    """Finds records of one key, and messages of one, of which a run would take the first only."""

    def __init__(self, live: LiveRoute) -> None:
        self._live = live
        self._records: dict[str, Record] = {}
        self._made: dict[str, Record] = {}

    def notes(self, record: Record, row: PreviewRow) -> Iterator[str]:
        """What is to be said of the next record."""
        if record.problem is not None or self._live.outgoing.messages == "event":
            return
        first = self._records.setdefault(record.key, record)
        if first is not record:
            if first.data != record.data:
                yield f"warning: {first.origin} has the same key, and a run takes only the first. {TWICE_HINT}"
            return
        for message in row.sent:
            key = self._live.outgoing.key(message)
            other = self._made.setdefault(key, record) if key else record
            if other is not record:
                yield f"warning: {other.origin} makes the same key '{key}', and a run takes only the first. {SAME_HINT}"


class Fields:
    """Says of messages what a run would: which of their values the discovered content types cannot take."""

    def __init__(self, app: Application, live: LiveRoute) -> None:
        outgoing = app.project.outgoings[str(app.project.routes[live.name].data["outgoing"])].data
        self._live = live
        self._action = f"{outgoing.get('entity')}.{outgoing.get('action')}"
        self._known = known_servers(app.project).get(live.outgoing.client)
        self._refusal = refusal_of(outgoing.get("assets"), app.project.root)

    def never_sent(self, message: Json) -> Problem | None:
        """Why a picture or file of a message may not be sent, whatever else the server thinks of it by now."""
        payload = message.get("payload") if isinstance(message, dict) else None
        found = foretold(payload, self._action, self._known, self._refusal) if self._known is not None else ()
        problem = next((_problem(one) for one in found if one.kind == "asset"), None)
        return problem and self._live.placed(problem, message)

    def judged(self, row: PreviewRow) -> PreviewRow:
        """The row with the first of its problems, at its place in the project; the others are notes."""
        if self._known is None or row.problem is not None:
            return row
        problems = [
            self._live.placed(_problem(one), message.as_json())
            for message in row.sent
            for one in foretold(message.payload, self._action, self._known, self._refusal)
        ]
        notes = [f"would fail: {one.sentence()}" for one in problems[1:]]
        return replace(row, problem=problems[0], notes=[*row.notes, *notes]) if problems else row


def _problem(one: Foretold) -> Problem:
    """With the code that the failed task would have."""
    code = {"missing": "IBX411", "asset": "AST001"}.get(one.kind, RecordError.code)
    return Problem(code, one.message, one.hint, place=Place("", pointer=f"/payload{one.pointer}"))


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
        record.key,
        record.origin,
        record.data,
        shown,
        notes=notes,
        requests=[one for one in asked if one],
        sent=messages,
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
