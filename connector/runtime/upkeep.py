"""Keeps the run log small: prunes it after a run, at most once an hour, and when somebody asks."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

from connector.app import Application
from connector.config.limits import retention
from connector.core.clock import SystemClock
from connector.core.errors import ConfigError, RouteBusy, StoreError
from connector.core.process import identity
from connector.core.protocols import Stop
from connector.store import Store, leases
from connector.store.retention import Pruned, is_young, prune

log = logging.getLogger("connector.runtime")

LEASE: Final = "(retention)"
"""Only one process prunes at a time; no route can have this name. Given back, it says when that was."""
PACE: Final = timedelta(hours=1)
SECONDS_AFTER_A_RUN: Final = 10.0
"""A run does not end later than so because of it; what is left is for the next one."""
_RENEW_SECONDS: Final = 5.0


def prune_after_run(app: Application, store: Store, stop: Stop) -> None:
    """Prune if the last time was long enough ago. Never keeps a run from having ended well."""
    if stop:
        return
    clock = SystemClock()
    try:
        given_back = leases.expires_at(store, LEASE)
        if given_back is not None and clock.now() < given_back + PACE:
            return
        if is_young(store, retention(app.settings()), clock.now()):
            return
        found = prune_now(app, store, stop=stop, seconds=SECONDS_AFTER_A_RUN)
    except RouteBusy:
        return
    except (ConfigError, StoreError) as error:
        log.warning("the run log was not pruned: %s. %s", error.message, error.hint)
        return
    removed = ", ".join(f"{count} {word}" for word, count in found.counts.items() if count)
    if removed:
        log.info("pruned of the run log: %s%s", removed, "" if found.complete else "; more after the next run")


def prune_now(
    app: Application, store: Store, *, stop: Stop, seconds: float = float("inf"), dry_run: bool = False
) -> Pruned:
    """Prune as the project says.

    Raises:
        ConfigError: a variable in ``configs/project.json`` is not set.
        RouteBusy: another process is pruning.
        StoreError: what was removed before stays removed.
    """
    limits, clock = retention(app.settings()), SystemClock()
    if dry_run:
        return prune(store, limits, clock, stop=stop, dry_run=True)
    try:
        fence = leases.acquire(store, LEASE, identity(), clock.now())
    except RouteBusy as error:
        raise RouteBusy("another process is pruning the run log", hint=error.hint) from None
    done = False
    try:
        found = prune(store, limits, clock, stop=stop, on_batch=_Renewal(store, fence), seconds=seconds)
        done = found.complete
    finally:
        leases.release(store, LEASE, fence, clock.now() if done else _long_ago(clock.now()))
    return found


def _long_ago(now: datetime) -> datetime:
    """So that the rest is not put off for an hour."""
    return now - PACE


class _Renewal:
    """Called after each batch: says now and then that this process lives."""

    def __init__(self, store: Store, fence: int) -> None:
        self._store = store
        self._fence = fence
        self._clock = SystemClock()
        self._said = self._clock.monotonic()

    def __call__(self) -> None:
        if self._clock.monotonic() - self._said >= _RENEW_SECONDS:
            self._said = self._clock.monotonic()
            leases.renew(self._store, LEASE, self._fence, self._clock.now())
