"""What becomes of a due time: it fires, waits, is skipped or was missed. Pure: no clock, no database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from msgspec import Struct, field
from msgspec.structs import replace

from connector.config.route_spec import RouteSettings
from connector.runtime.schedule import Due, in_words
from connector.store.schedule import NOT_RUN, Event

ON_TIME = timedelta(seconds=60)
"""So long after a due time it is not missed: another scheduler takes over within less."""


class Pending(Struct, frozen=True):
    """A due time that waits.

    Attributes:
        ready_at: not before this, because of jitter.
        late: no scheduler was there when it came due; it is made up for.
        why: what it waits for; empty for nothing yet.
    """

    scheduled_at: datetime
    ready_at: datetime
    late: bool
    why: str = ""


class Situation(Struct, frozen=True):
    """What is known about a route at one moment.

    Attributes:
        paused: why the route is paused, or None.
        running: a run of it is going on, here or elsewhere.
        waits_for: routes of its ``after`` that are running, or due and not started.
        pending: what waited so far.
        failed_before: routes of its ``after`` that did not end well this time, with what became of each.
    """

    settings: RouteSettings
    due: Due
    now: datetime
    paused: str | None = None
    running: bool = False
    waits_for: tuple[str, ...] = ()
    pending: Pending | None = None
    failed_before: Mapping[str, str] = field(default_factory=dict)


class Decision(Struct, frozen=True):
    """What to write down, and what then.

    Attributes:
        settled_to: every due time up to here is decided on; None when nothing is.
        fire: the due time to run now; its event is the last one.
        pending: what waits from now on.
    """

    events: list[Event] = field(default_factory=list)
    settled_to: datetime | None = None
    fire: datetime | None = None
    pending: Pending | None = None


def decide(at: Situation, chance: Callable[[], float]) -> Decision:
    """Decide on all due times of a route; only the newest may fire or wait. ``chance``: a number from 0 to 1."""
    due = at.due
    if at.paused is not None:
        return _all("skipped", due, f"paused: {at.paused}" if at.paused else "paused")
    pending = at.pending
    if pending is None or pending.scheduled_at != due.latest:
        late = at.now - due.latest > ON_TIME + at.settings.jitter
        within = at.settings.missed_within
        if late and within is not None and at.now - due.latest > within:
            return _all("missed", due, _too_late(within))
        delay = timedelta(0) if late else at.settings.jitter * chance()
        pending = Pending(due.latest, due.latest + delay, late)
    earlier = _earlier(at)
    found = _newest(at, pending)
    if earlier is None:
        return found
    return replace(found, events=[earlier, *found.events], settled_to=found.settled_to or earlier.scheduled_at)


def _newest(at: Situation, pending: Pending) -> Decision:
    moment = pending.scheduled_at
    if at.now < pending.ready_at:
        return Decision(pending=pending)
    if at.running and at.settings.if_running == "skip":
        return Decision([Event("skipped", moment, "the last run was still going")], moment)
    if at.running:
        return Decision(pending=replace(pending, why="the end of the last run"))
    if at.waits_for:
        return Decision(pending=replace(pending, why=", ".join(at.waits_for)))
    if at.failed_before:
        told = ", ".join(f"'{name}' {became}" for name, became in at.failed_before.items())
        return Decision([Event("skipped", moment, f"{NOT_RUN}it comes after {told}")], moment)
    reasons = [f"waited for {pending.why}"] if pending.why else []
    if pending.late:
        reasons.append(f"missed; made up for {in_words(_whole(at.now - moment))} later")
    return Decision([Event("fired", moment, "; ".join(reasons))], moment, fire=moment)


def _earlier(at: Situation) -> Event | None:
    due = at.due
    if due.before is None:
        return None
    first = due.first if due.earlier > 1 else None
    if at.pending is not None:
        waited = f"it waited for {at.pending.why}" if at.pending.why else "it waited"
        return Event("skipped", due.before, f"{waited} until the next time came", due.earlier, first)
    return Event("missed", due.before, "no scheduler was there; the time after it counts", due.earlier, first)


def _all(event: str, due: Due, reason: str) -> Decision:
    return Decision([Event(event, due.latest, reason, due.earlier + 1, due.first)], due.latest)


def _too_late(within: timedelta) -> str:
    said = f"run_once_within {in_words(within)}" if within else "skip"
    return f"no scheduler was there (if_missed: {said})"


def _whole(length: timedelta) -> timedelta:
    return timedelta(seconds=int(length.total_seconds()))
