"""Asks before the first write to a system: a wrong environment file must not reach the live shop unnoticed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from connector.app import Application
from connector.core.clock import SystemClock
from connector.core.errors import ConfigError
from connector.core.loopback import is_loopback
from connector.store import Store, targets

NOBODY = "an anonymous visitor"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a route writes, and as whom."""

    route: str
    address: str
    user: str

    def __str__(self) -> str:
        return f"'{self.route}' writes to {self.address} as {self.user or NOBODY}"


class NotAgreed(ConfigError):
    """Nobody agreed to write there."""


def ensure_agreed(
    app: Application, store: Store, route: str, *, yes: bool, ask: Callable[[Target], bool | None]
) -> Target | None:
    """Let a route go on to a system that is known, or that is agreed to now. This machine needs no agreement.

    Args:
        app: the project.
        store: keeps what was agreed.
        route: a name.
        yes: it is agreed in advance.
        ask: asks a person; None when there is none to ask.

    Returns:
        The system, when it was new.

    Raises:
        NotAgreed: it is new and nobody agreed.
        ConfigError: a variable that it needs is not set.
    """
    target = target_of(app, route)
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
