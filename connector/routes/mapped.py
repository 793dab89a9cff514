"""A record on its way in: its digest, its key, and what the route's mapping makes of it. Stores nothing."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct, field
from msgspec.structs import replace

from connector.core.errors import RecordError
from connector.core.jsonio import JsonError, canonical, fingerprint, fingerprint_of
from connector.core.model import TOO_LARGE, Message, Record
from connector.core.problem import Problem
from connector.routes.live import LiveRoute, Unusable
from connector.routes.withhold import NOT_KEPT, Withholding, lacking, not_kept, without
from connector.store.intake import RecordRow
from connector.store.pack import key_hash

_NO_RECORD = "the record could not be taken when it was read, so nothing was kept that could be mapped"
_GIVE_AGAIN = "Mend the cause and let the source give it again: connector checkpoint rewind ROUTE start, then run."
TWICE_HINT = "Keys must be unique: correct the source, or choose another key in the incoming."
SAME_HINT = "Their keys in the incoming differ: let the mapping make its remote_id, or what names the item, of those."
_NOTHING = canonical(None)


class Mapped(Struct):
    """A record with what its mapping made of it; ``body`` is its data in the one byte form, made once."""

    record: Record
    key: str
    hash: str
    fingerprint: str
    body: bytes
    messages: list[tuple[str, Message, str]] = field(default_factory=list)  # item key, message, fingerprint
    problem: Problem | None = None
    twice: bool = False
    secrets: frozenset[str] = frozenset()
    unkept: bool = False

    @property
    def item_keys(self) -> list[str]:
        """Keys of the items that it is about."""
        return [self.key] if self.problem is not None else [key for key, _, _ in self.messages]

    def row(self) -> RecordRow:
        """As it is kept: without what must not be."""
        body, print_of_data = self.body, self.fingerprint
        if self.unkept:
            body, print_of_data = canonical(NOT_KEPT), ""
        elif self.secrets:
            body = canonical(without(self.record.data, self.secrets))
        return RecordRow(self.hash, self.key, print_of_data, body, self.record.origin)


class Mapper:
    """Makes Mapped of records, for one run of one route.

    Attributes:
        unprinted: by key hash, fingerprints that this run knows and that must not be kept.
        all_have_keys: no record without a key has come so far: one without might be any.
    """

    def __init__(self, route: LiveRoute) -> None:
        self._route = route
        self._version = route.version
        self._version_body = canonical(self._version)
        self._withholding = Withholding(route.outgoing)
        self._discretion = route.discretion
        self.unprinted: dict[str, str] = {}
        self.all_have_keys = True

    def again(self, record: Record) -> Mapped:
        """A stored record, to be mapped again: what a mapping reads today may not have been kept."""
        if not isinstance(record.data, dict) or record.data == TOO_LARGE:
            return self.candidate(replace(record, problem=Problem("REC120", _NO_RECORD, hint=_GIVE_AGAIN)))
        lacks = record.problem is None and not self._withholding.may and self._discretion.lacks(record.data)
        return self.candidate(replace(record, problem=lacking()) if lacks else record)

    def candidate(self, record: Record) -> Mapped:
        """A record not mapped yet: if its fingerprint is known, it need not be."""
        kept = self._discretion.kept(record.data)
        if kept is not record.data:
            record = replace(record, data=kept)
        problem = record.problem or not_kept(record.data)
        try:
            body = canonical(record.data)
            print_of_data = fingerprint_of(b"[%s,%s]" % (self._version_body, body))  # of [version, data]
        except JsonError as error:
            problem = problem or Problem("REC101", f"the record is no JSON: {error}", hint="Correct it at the source.")
            record, body = Record(None, record.key, record.origin, problem), _NOTHING
            print_of_data = fingerprint([self._version, record.origin, problem.message])
        if problem is not None:
            print_of_data = fingerprint([print_of_data, problem.code, problem.message])
        key = _clean(record.key)
        if not key:
            self.all_have_keys = False
            key = f"(no key) {print_of_data[:12]}"
        return Mapped(record, key, key_hash(record.key or key), print_of_data, body, problem=problem)

    def map(self, one: Mapped, now: datetime) -> None:
        """Give it its messages, or the problem that keeps it from having any."""
        if one.problem is None:
            self._to_messages(one, now)
        one.unkept = not one.messages and self._withholding.may
        if one.secrets or one.unkept:
            # A fingerprint would let guesses be tried. So the record is mapped anew in each run; only in this one not.
            self.unprinted[one.hash] = one.fingerprint
            one.fingerprint = fingerprint([one.key, one.problem.code, one.problem.message]) if one.problem else ""

    def _to_messages(self, one: Mapped, now: datetime) -> None:
        try:
            messages = self._route.messages(one.record, now)
            one.secrets = self._withholding.of(messages)
            for index, message in enumerate(messages):
                natural = self._route.outgoing.key(message)
                key = natural or (one.key if index == 0 else f"{one.key}#{index + 1}")
                one.messages.append(
                    (_clean(key), message, fingerprint([self._route.outgoing.action, message.as_json()]))
                )
        except Unusable as unusable:
            one.messages = []
            one.problem = unusable.problem
        except RecordError as error:  # of its key
            one.messages = []
            one.problem = error.problem(one.record.origin)
        except JsonError as error:
            one.messages = []
            one.problem = Problem("REC103", f"the message {error}", hint="Clean the value in the mapping.")


def _clean(key: str) -> str:
    """A key as every database can keep it; the hash is made of the exact one."""
    if key.isascii() and "\x00" not in key:
        return key
    return key.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")
