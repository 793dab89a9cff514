"""Looks remote ids up many at a time, by a search: a hint for whoever knows what to do when it is wrong.

A search is blind to drafts and to the trash, may be behind, folds case and accents and splits at commas (seen on
4.6.25). So a hit counts only if its remote id is the very same, and "not found" proves nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct

from connector.core.errors import RecordError
from connector.core.jsonio import Json, shown
from connector.core.protocols import Clock
from connector.systems.ibexa.remote_ids import LONGEST

AT_ONCE = 50
"""Remote ids in one search. With their fields, 50 content items are some 200 kB."""
BELIEVED = 30.0
"""Seconds for which an item is taken to be as a search showed it."""

Search = Callable[[Sequence[str]], Iterable[Mapping[str, Json]] | None]
"""Remote ids -> the Content objects that were found, with their fields; None: it could not be searched."""


class Seen(Struct, frozen=True):
    """What a search said of a remote id.

    Attributes:
        content: the Content object with its fields; None: none was found, which proves nothing.
    """

    content: Mapping[str, Json] | None


class OtherSpelling(RecordError):
    """The database takes two remote ids for the same that differ in case, accents or form."""

    code = "IBX422"


def must_be(content: Mapping[str, Json], remote_id: str) -> None:
    """Check that the content that was found by a remote id has that very one.

    Raises:
        OtherSpelling: it has another that the database does not tell apart.
    """
    found = str(content.get("_remoteId") or remote_id)
    if found != remote_id:
        message = f"the remote id '{shown(remote_id, 60)}' is taken by content item {content.get('_id')} as '{found}'"
        hint = "Ibexa does not tell the two apart: write it as it is there, or make remote ids that differ in more."
        raise OtherSpelling(message, hint=hint, step="remote_id")


class LookUps:
    """Knows what is about to be asked, and asks for it together once the first of it is wanted.

    Args:
        search: asks.
        found: is told each Content object whose remote id was asked for.
        clock: for how long a hint is believed.
    """

    def __init__(self, search: Search, found: Callable[[Mapping[str, Json]], None], clock: Clock) -> None:
        self._search = search
        self._found = found
        self._clock = clock
        self._lock = threading.Lock()
        self._turn = threading.Lock()
        self._coming: dict[str, bool] = {}
        self._asking: dict[str, bool] = {}
        self._seen: dict[str, tuple[float, Seen]] = {}

    def expect(self, remote_ids: Iterable[str], *, to_write: bool) -> None:
        """These will be wanted soon, in this order; nothing is asked yet.

        Args:
            remote_ids: any; what cannot be searched for is left out.
            to_write: the items themselves are wanted, not only where they are.
        """
        with self._lock:
            for one in remote_ids:
                if _can_be_searched(one) and not self._is_known(one):
                    self._coming[one] = to_write or self._coming.get(one, False)

    def ask(self, remote_id: str) -> None:
        """Ask for it, and for what comes after it, if it was expected and nobody has asked yet."""
        with self._lock:
            if remote_id not in self._coming and remote_id not in self._asking:
                return
        with self._turn:  # one search at a time: who wants to know what it asks for waits for it
            with self._lock:
                if remote_id not in self._coming:
                    return
                others = [one for one in self._coming if one != remote_id]
                self._asking = {one: self._coming.pop(one) for one in (remote_id, *others[: AT_ONCE - 1])}
            self._ask()

    def take(self, remote_id: str) -> Seen | None:
        """What a search said, once; None: it was not asked for, or too long ago."""
        self.ask(remote_id)
        with self._lock:
            at, seen = self._seen.pop(remote_id, (0.0, None))
        return seen if seen is not None and self._clock.monotonic() - at < BELIEVED else None

    def spoil(self, remote_id: str) -> None:
        """It may have been written: what was said of it, or is being said now, is no longer true."""
        with self._lock:
            self._asking.pop(remote_id, None)
            self._seen.pop(remote_id, None)

    def _is_known(self, remote_id: str) -> bool:
        at, _ = self._seen.get(remote_id, (0.0, None))
        return remote_id in self._seen and self._clock.monotonic() - at < BELIEVED

    def _ask(self) -> None:
        at, asked = self._clock.monotonic(), list(self._asking)
        try:
            contents = self._search(asked)
            if contents is None:
                return
            there = {str(one.get("_remoteId")): one for one in contents}
            with self._lock:
                to_write = [one for one, wanted in self._asking.items() if wanted]
                valid = set(self._asking)
                self._seen = {one: kept for one, kept in self._seen.items() if at - kept[0] < BELIEVED}
                self._seen |= {one: (at, Seen(there.get(one))) for one in to_write}
            for one in asked:
                if one in valid and one in there:
                    self._found(there[one])
        finally:
            with self._lock:
                self._asking = {}


def _can_be_searched(remote_id: str) -> bool:
    return 0 < len(remote_id) <= LONGEST and "," not in remote_id and remote_id == remote_id.strip()
