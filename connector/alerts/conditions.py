"""Which conditions hold now, by what the run log says: pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Self

from msgspec import Struct

from connector.alerts.notice import stamp
from connector.core.jsonio import Json
from connector.core.problem import Problem
from connector.core.units import duration
from connector.store.alarms import RouteFacts
from connector.store.clients import Down

GUARDS = frozenset({"RUN004", "RUN005", "RUN006", "RUN240"})
"""Codes of runs that a limit ended, or that were broken off."""
BY_HAND = frozenset({"RUN003"})


class When(Struct, frozen=True):
    """What an alert looks at; None: not at that. ``routes`` empty: all."""

    run_failed: bool = True
    guard_stopped: bool = True
    failures_above: float | None = None
    no_success_for: timedelta | None = None
    client_down_for: timedelta = timedelta(minutes=1)
    routes: tuple[str, ...] = ()

    @classmethod
    def from_config(cls, config: Mapping[str, Json]) -> Self:
        """From a valid declaration."""
        when = config.get("when", {})
        return cls(
            run_failed=bool(when.get("run_failed", True)),
            guard_stopped=bool(when.get("guard_stopped", True)),
            failures_above=float(when["failures_above"]) if "failures_above" in when else None,
            no_success_for=duration(when["no_success_for"]) if "no_success_for" in when else None,
            client_down_for=duration(when.get("client_down_for", "1m")),
            routes=tuple(config.get("routes", ())),
        )


class Trouble(Struct, frozen=True):
    """One condition that holds, for one route or client."""

    condition: str
    subject: str
    since: datetime
    message: str
    look: tuple[str, ...]


def troubles(when: When, routes: Sequence[RouteFacts], down: Sequence[Down], now: datetime) -> list[Trouble]:
    """All that hold now. ``routes``: the enabled ones; ``down``: clients that these routes use."""
    watched = [one for one in routes if not when.routes or one.route in when.routes]
    away = [one for one in down if now - one.since >= when.client_down_for]
    found = [_down(one) for one in away]
    for route in watched:
        found += _of_last_run(when, route, {one.client for one in away})
        found += _silent(when, route, now)
    return found


def _down(one: Down) -> Trouble:
    look = ("connector clients", f"connector check {one.client}")
    message = f"The client {one.client} is down since {stamp(one.since)}: {one.problem.message}."
    return Trouble("client_down_for", one.client, one.since, message, look)


def _of_last_run(when: When, route: RouteFacts, away: set[str]) -> list[Trouble]:
    last = route.last
    if last is None:
        return []
    look = (f"connector runs show {last.run_id}", f"connector tasks failures --run {last.run_id}")
    what = f"Run {last.run_id} of {route.route}"
    problem = last.problem or Problem("", "")
    told_by_client = problem.where in {f"client {name}" for name in away}
    guarded = last.state == "partial" or problem.code in GUARDS
    found = []
    if when.guard_stopped and guarded:
        message = f"{what} did not do all of its work: {problem.message or 'only a part was done'}."
        found.append(Trouble("guard_stopped", route.route, last.ended_at, message, look))
    elif when.run_failed and last.state == "failed" and not guarded and not told_by_client:
        message = f"{what} failed: {problem.message or 'for a reason that is not known'}."
        found.append(Trouble("run_failed", route.route, last.ended_at, message, look))
    if when.failures_above is not None and last.share_failed > when.failures_above:
        message = f"{what} ended with {last.failed} of {last.tasks} tasks failed ({last.share_failed:.0f} %)."
        found.append(Trouble("failures_above", route.route, last.ended_at, message, look))
    return found


def _silent(when: When, route: RouteFacts, now: datetime) -> list[Trouble]:
    since = route.succeeded_at or route.known_since
    if when.no_success_for is None or route.is_paused or since is None or now - since <= when.no_success_for:
        return []
    look = (f"connector runs --route {route.route}", f"connector schedule history {route.route}")
    message = f"No run of {route.route} has ended well since {stamp(since)}."
    return [Trouble("no_success_for", route.route, since, message, look)]
