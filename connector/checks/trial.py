"""What a route's mapping makes of all records that were looked at, as in a run: what fails, what is made twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from msgspec import Struct, field

from connector.checks.mapping import Found
from connector.checks.origins import step_of
from connector.checks.sentences import Described, failing_at_times
from connector.config.declaration import TransformerSource
from connector.core.errors import ConfigError, RecordError
from connector.core.jsonio import Json
from connector.core.model import Message, Record
from connector.core.problem import Finding
from connector.incoming.select import Selection
from connector.transformers.chain import MappingChain
from connector.transformers.files import load

_NO_TIME = datetime.fromtimestamp(0, UTC)
_ANY_SIZE = 1 << 62
Twice = tuple[str, str, str]
"""An id, and where the two records stand that have it."""


class Trial(Struct):
    """One route's.

    Attributes:
        described: the records.
        keys: those that have the key of an earlier one, and other data.
        ids: those whose message has the remote id of an earlier record's.
        failed: by step, where it failed and how.
        messages: what came of the others, each with the place of its record.
    """

    described: Described
    keys: list[Twice] = field(default_factory=list)
    ids: list[Twice] = field(default_factory=list)
    failed: dict[str, list[tuple[str, RecordError]]] = field(default_factory=dict)
    messages: list[tuple[str, Message]] = field(default_factory=list)

    def failures(self, sources: Sequence[TransformerSource]) -> Iterator[Found]:
        """A finding for each step that failed."""
        by_name: Mapping[str, TransformerSource] = {one.name: one for one in sources}
        for where, failed in self.failed.items():
            at = step_of(where, by_name)
            if at is not None:
                source, pointer, offset = at
                first, error = failed[0]
                said = failing_at_times(len(failed), first, error.message, error.hint, self.described)
                yield source, Finding(pointer, "CFG165", *said, "warning", offset)


def trial_of(sources: Sequence[TransformerSource], key: str, described: Described) -> Trial | None:
    """Map the records; None: the files do not load, of which others tell.

    Args:
        sources: the transformer files of the route.
        key: the incoming's.
        described: the records of its file.
    """
    try:
        chain = MappingChain([load(one.name, one.path, one.current) for one in sources])
    except ConfigError:
        return None
    trial = Trial(described)
    selection = Selection("@", key, _ANY_SIZE)
    seen: dict[str, tuple[Json, str]] = {}
    made: dict[str, tuple[str, str]] = {}
    for data, place in zip(described.records, described.places, strict=True):
        record = selection.record(data, place)
        if record.problem is not None:
            continue
        if record.key in seen:
            before, first = seen[record.key]
            if before != data:
                trial.keys.append((record.key, first, place))
            continue
        seen[record.key] = data, place
        for one in _ids(_messages(chain, record, trial)):
            owner, first = made.setdefault(one, (record.key, place))
            if owner != record.key:
                trial.ids.append((one, first, place))
    return trial


def _messages(chain: MappingChain, record: Record, trial: Trial) -> Sequence[Message]:
    try:
        made = chain.messages(record, _NO_TIME)
    except RecordError as error:
        trial.failed.setdefault(error.step, []).append((record.origin, error))
        return ()
    trial.messages += [(record.origin, one) for one in made]
    return made


def _ids(messages: Sequence[Message]) -> Iterator[str]:
    for one in messages:
        found = one.payload.get("remote_id") if isinstance(one.payload, dict) else None
        if isinstance(found, str) and found:
            yield found
