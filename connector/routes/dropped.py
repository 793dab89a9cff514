"""What the mapping no longer yields: its items are put away once all is read, unless they are too many."""

from __future__ import annotations

from math import ceil

from connector.core.errors import ConnectorError
from connector.routes.live import LiveRoute, Settings
from connector.store import Store, drops, leases
from connector.store import missing as absent

A_HANDFUL = 10
"""So many go without asking where the route does not say ``max_deletes``: of few items, each is a large share."""


class TooManyDropped(ConnectorError):
    """More would be put away than the route's max_deletes allows; nothing was."""

    code = "RUN006"
    exit_code = 1


def release_dropped(route: LiveRoute, store: Store, fence: int, *, read_whole: bool) -> int:
    """Let the tasks be sent that put away what the mapping no longer yields. Returns how many.

    Those that a run before this one had to hold are among them. They stay held when the source was not read to its end.

    Raises:
        TooManyDropped: they stay held.
        StoreError, LeaseLost: they stay held.
    """
    if not read_whole:
        return 0
    with store.reading() as connection:
        gone = drops.count(connection, route.name)
        held = absent.count_held(connection, route.name) if gone else 0
    if not gone:
        return 0
    guard(route.settings, gone, held)
    with store.writing() as connection:
        leases.guard(connection, route.name, fence)
        return drops.release(connection, route.name)


def guard(settings: Settings, gone: int, held: int) -> None:
    """Whether so many may be put away.

    Args:
        settings: of the route.
        gone: items that the mapping no longer yields.
        held: items at the target.

    Raises:
        TooManyDropped: they may not.
    """
    if are_too_many(settings, gone, held):
        message = f"the mapping no longer yields {gone} of {held} items, more than max_deletes allows"
        hint = f"See what has changed in the source or in the mapping; if it is meant, {allowing(settings, gone, held)}"
        raise TooManyDropped(f"{message}: nothing was put away", hint=f"{hint}, and run again.")


def are_too_many(settings: Settings, number: int, held: int) -> bool:
    """Whether ``max_deletes`` forbids so many of the items at the target; without a word of it, never a handful.

    One rule for what the mapping no longer yields, what the source no longer has, and what has another key.
    """
    by_count = 0 <= settings.max_deletes_count < number
    by_share = settings.max_deletes_percent and number * 100 > settings.max_deletes_percent * held
    return bool(by_count or (by_share and (settings.max_deletes_said or number > A_HANDFUL)))


def allowing(settings: Settings, number: int, held: int) -> str:
    """What to write in the route so that so many may go: in the words that it uses already."""
    said: dict[str, int | float] = {}
    if settings.max_deletes_said and settings.max_deletes_percent:
        said["percent"] = max(settings.max_deletes_percent, ceil(number * 100 / held))
    if not said or settings.max_deletes_count >= 0:
        said["count"] = max(settings.max_deletes_count, number)
    plain = {name: int(value) if value == int(value) else value for name, value in sorted(said.items())}
    listed = ", ".join(f'"{name}": {value}' for name, value in plain.items())
    return f'write "max_deletes": {{{listed}}} in the route'
