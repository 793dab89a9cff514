"""Records that the mapping gives another key than they were sent with: they would be made anew beside what they were.

Each is told. Their tasks are kept back until all was read: then they are sent, or, if there are more of them than
``max_deletes`` allows, none is; they stay kept back until somebody agrees, or the mapping gives the old keys again.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence

from connector.core.errors import ConnectorError
from connector.core.jsonio import shown
from connector.core.problem import Problem
from connector.routes.counts import Counts
from connector.routes.dropped import allowing, are_too_many, release_dropped
from connector.routes.live import LiveRoute, Settings
from connector.routes.mapped import Mapped
from connector.store import Store, leases, moves
from connector.store import missing as absent
from connector.store.intake import KnownItem
from connector.store.pack import key_hash

log = logging.getLogger("connector.routes")

NAMED = 20
"""So many are named in the log; in a problem, the first three."""
CODE = "RUN240"


class TooManyMoved(ConnectorError):
    """More records got another key than the route's max_deletes allows; none of them was sent."""

    code = CODE
    exit_code = 1


def move_of(
    one: Mapped,
    before: Mapping[str, KnownItem],
    known: tuple[Mapping[str, KnownItem], Collection[str]],
    route: LiveRoute,
) -> Problem | None:
    """What is to be told of a record that would be made anew under another key; None: it is as it was, or new.

    Of several messages of one record one may come and another go: it has moved when none of its keys stays.

    Args:
        one: the record with its messages.
        before: the items that it made before, by key hash.
        known: the items that are known, likewise; and the hashes of all keys that it or a record beside it makes.
        route: whose outgoing makes items as a whole, or there is nothing to make twice.
    """
    if not one.messages or not route.outgoing.can.drops or route.outgoing.messages == "event":
        return None
    items, made_by_all = known
    made = {key_hash(key): key for key, _, _ in one.messages}
    sent = {hashed: item for hashed, item in before.items() if item.may_be_there}
    held = [item.key for hashed, item in sent.items() if not item.dropped and hashed not in made_by_all]
    new = [key for hashed, key in made.items() if hashed not in items or not items[hashed].target_id]
    if not held or not new or made.keys() & sent.keys():
        return None
    was, fate = _listed(held), route.settings.when_dropped
    becomes = f"{was} stays in {route.outgoing.client}" if fate == "keep" else f"{was} is put away ({fate})"
    told = f"source key {shown(one.key, 60)} was {was} until now, and is {_listed(new)}: {becomes}"
    return Problem(CODE, told, where=one.record.origin)


def release_guarded(route: LiveRoute, store: Store, counts: Counts, fence: int, *, read_whole: bool) -> None:
    """Let go of what was held until all was read: first what would be made anew, then what would be put away.

    Raises:
        TooManyMoved, TooManyDropped: they stay held.
        StoreError, LeaseLost: they stay held.
    """
    if read_whole:
        judge(route, store, counts, fence)
    release_dropped(route, store, fence, read_whole=read_whole)


def judge(route: LiveRoute, store: Store, counts: Counts, fence: int) -> None:
    """All was read: let the kept back tasks go.

    Raises:
        TooManyMoved: there are too many; they stay.
        StoreError, LeaseLost: nothing was changed.
    """
    with store.reading() as connection:
        kept = moves.kept_back(connection, route.name)
        told = moves.told_of(connection, [number for number, _ in kept[:NAMED]])
        held = absent.count_held(connection, route.name) if kept else 0
    if not kept:
        return
    moved = len({record for _, record in kept})
    counts.add("moved", moved)
    for sentence in told:
        log.warning("%s: %s", route.name, sentence)
    if moved > len(told):
        log.warning("%s: and %s more records have another key", route.name, moved - len(told))
    guard(route.settings, moved, held, told)
    with store.writing() as connection:
        leases.guard(connection, route.name, fence)
        moves.let_go(connection, route.name)


def guard(settings: Settings, moved: int, held: int, told: Sequence[str]) -> None:
    """Whether so many may be made anew.

    Args:
        settings: of the route.
        moved: records with another key.
        held: items at the target.
        told: what is told of the first of them.

    Raises:
        TooManyMoved: they may not.
    """
    if are_too_many(settings, moved, held):
        what = f"{moved} of {held} items would be made anew under another key, more than max_deletes allows"
        hint = (
            "Did the mapping of their key change, such as remote_id? Give them the old one, and run again. If it is"
            f" meant, {allowing(settings, moved, held)} for one run."
        )
        raise TooManyMoved(f"{what}: none of these was sent. {'; '.join(told[:3])}", hint=hint)


def _listed(keys: Sequence[str]) -> str:
    few = ", ".join(shown(one, 60) for one in keys[:3])
    return few if len(keys) <= 3 else f"{few} and {len(keys) - 3} more"
