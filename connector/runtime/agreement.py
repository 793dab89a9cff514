"""Asks before the first write to a system: a wrong environment file must not reach the live shop unnoticed."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from connector.app import Application
from connector.core.clock import SystemClock
from connector.core.errors import ConfigError
from connector.core.loopback import is_loopback
from connector.store import Store, targets

NOBODY = "an anonymous visitor"


class Target(Struct, frozen=True):
    """Where a route writes, and as whom."""

    route: str
    address: str
    user: str

    def __str__(self) -> str:
        return f"'{self.route}' writes to {self.address} as {self.user or NOBODY}"


class NotAgreed(ConfigError):
    """Nobody agreed to write there."""


class OtherPlace(NotAgreed):
    """The run log's items are in another system."""

    code = "RUN011"


def ensure_agreed(
    app: Application,
    store: Store,
    route: str,
    *,
    yes: bool,
    ask: Callable[[Target], bool | None],
    moved: bool = False,
) -> Target | None:
    """Let a route go on to a system that is known, or that is agreed to now. This machine needs no agreement.

    Args:
        app: the project.
        store: keeps what was agreed.
        route: a name.
        yes: it is agreed in advance.
        ask: asks a person; None when there is none to ask.
        moved: the system that the route has written to is at another address now, with all that is in it.

    Returns:
        The system, when it was new.

    Raises:
        OtherPlace: what the run log knows of the route is in another system.
        NotAgreed: it is new and nobody agreed.
        ConfigError: a variable that it needs is not set.
    """
    target = target_of(app, route)
    known = ensure_place(store, target, moved=moved)
    found = _agreed_to(store, target, yes=yes, ask=ask)
    if known != target.address:
        targets.keep_place(store, route, target.address, SystemClock().now())
    return found


def ensure_place(store: Store, target: Target, *, moved: bool = False) -> str:
    """That what the run log knows of a route is in the system that it writes to. Returns where it last wrote to.

    Raises:
        OtherPlace: it is in another one.
    """
    known, held = targets.place_of(store, target.route)
    here = is_loopback(known) and is_loopback(target.address)  # a sandbox has another port each time
    if not known or not held or moved or here or _plain(known) == _plain(target.address):
        return known
    message = f"{target}, but the {held} items that the run log knows of it are in {known}"
    raise OtherPlace(
        f"{message}: it would send none of them again",
        hint="Another system wants a run log of its own: set CONNECTOR_DATABASE_URL beside its address. If this one "
        f"has moved with all that is in it: `connector run {target.route} --moved`, once.",
    )


def _plain(address: str) -> str:
    """What makes it another system: host, port and path."""
    return address.partition("://")[2].rstrip("/").lower()


def _agreed_to(store: Store, target: Target, *, yes: bool, ask: Callable[[Target], bool | None]) -> Target | None:
    if is_loopback(target.address) or targets.is_agreed(store, target.address, target.user):
        return None
    agreed = True if yes else ask(target)
    if not agreed:
        message = f"{target}, for the first time" + ("" if agreed is None else ", and that was not agreed to")
        raise NotAgreed(message, hint="If that is right, run it with --yes, or set CONNECTOR_YES=1.")
    targets.agree(store, target.address, target.user, SystemClock().now())
    return target


def target_of(app: Application, route: str) -> Target:
    """Where a route writes.

    Raises:
        ConfigError: a variable that it needs is not set.
    """
    client = app.client(app.outgoing(app.route_parts(route)["outgoing"]).client)
    return Target(route, client.base_url, client.user)
