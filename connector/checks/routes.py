"""What a route's parts mean together: where it reads and where it writes, what it puts away, and when."""

from __future__ import annotations

from collections.abc import Iterator

from connector.config.declaration import Declaration, TransformerSource
from connector.config.project import Project
from connector.core.jsonio import Json
from connector.core.problem import Finding
from connector.systems.ibexa.actions import ACTIONS

Found = tuple[Declaration | TransformerSource, Finding]


def check_routes(project: Project) -> Iterator[Found]:
    """Findings of all routes."""
    for route in project.routes.values():
        incoming = project.incomings.get(_text(route, "incoming"))
        outgoing = project.outgoings.get(_text(route, "outgoing"))
        if incoming is not None and outgoing is not None:
            yield from _same_host(project, route, incoming, outgoing)
        if incoming is not None:
            yield from _not_whole(route, incoming)
        if outgoing is not None:
            yield from _not_compared(route, outgoing)


def _not_whole(route: Declaration, incoming: Declaration) -> Iterator[Found]:
    """What a partial read does not give may well be in the source."""
    action = _text(route, "when_missing") or "keep"
    data = incoming.data if isinstance(incoming.data, dict) else {}
    partial = "reads only what changed" if data.get("cursor") is not None else ""
    if data.get("type") == "ibexa" and data.get("pagination") is False:
        partial = "reads one page only"
    if action != "keep" and partial:
        hint = 'Let a route of its own with a complete incoming do that; or say "when_missing": "keep".'
        message = f"'{incoming.name}' {partial}: what it does not give is not missing"
        yield route, Finding("/when_missing", "CFG144", message, hint)


def _not_compared(route: Declaration, outgoing: Declaration) -> Iterator[Found]:
    """Only an action that compares can tell what has changed behind our back."""
    if not _text(route, "verify_every"):
        return
    action = ACTIONS.get((_text(outgoing, "entity"), _text(outgoing, "action")))
    if _text(outgoing, "type") == "ibexa" and (action is None or not action.can.compares):
        able = ", ".join(sorted(".".join(name) for name, one in ACTIONS.items() if one.can.compares))
        message = f"'{outgoing.name}' writes without comparing, so nothing can be verified"
        yield route, Finding("/verify_every", "CFG145", message, f"Leave it out, or use one of: {able}.")


def _same_host(project: Project, route: Declaration, incoming: Declaration, outgoing: Declaration) -> Iterator[Found]:
    """A route that reads what it writes feeds itself: each write may be read as a change the next time."""
    read = project.clients.get(_text(incoming, "client"))
    written = project.clients.get(_text(outgoing, "client"))
    if read is None or written is None:
        return
    address = _address(read)
    if address and address.lower() == _address(written).lower() and not _allowed(route):
        hint = 'Name another client; or, if it is meant, say "same_host": true in the route.'
        message = f"it would write to the host that it reads from, {address}"
        yield route, Finding("/outgoing", "CFG142", message, hint)


def _address(client: Declaration) -> str:
    """Host as declared: the same text is the same host, whatever its variables stand for."""
    address = _text(client, "base_url").strip().rstrip("/")
    return address.partition("://")[2].partition("/")[0] if "://" in address else address.partition("/")[0]


def _allowed(route: Declaration) -> bool:
    return isinstance(route.data, dict) and route.data.get("same_host") is True


def _text(declaration: Declaration, key: str) -> str:
    value: Json = declaration.data.get(key) if isinstance(declaration.data, dict) else None
    return value if isinstance(value, str) else ""
