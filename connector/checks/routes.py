"""What a route's parts mean together: what it puts away, and what it compares."""

from __future__ import annotations

from collections.abc import Iterator

from connector.config.declaration import Declaration, TransformerSource
from connector.config.project import Project
from connector.core.errors import ConfigError
from connector.core.jsonio import Json
from connector.core.problem import Finding
from connector.systems.catalogue import ibexa
from connector.systems.ibexa.actions import ACTIONS, Action

Found = tuple[Declaration | TransformerSource, Finding]
_LEFT_OUT = {
    "when_missing": "the source no longer has",
    "when_dropped": "the mapping no longer yields",
}


def check_routes(project: Project) -> Iterator[Found]:
    """Findings of all routes."""
    for route in project.routes.values():
        incoming = project.incomings.get(_text(route, "incoming"))
        outgoing = project.outgoings.get(_text(route, "outgoing"))
        if incoming is not None and incoming.shown not in project.unsound:
            yield from _not_whole(route, incoming)
        if outgoing is not None and _is_there(project, outgoing):
            action = _action_of(project, outgoing)
            yield from _not_compared(route, outgoing, action)
            yield from _not_put_away(route, outgoing, action)
            yield from _no_limit(route, outgoing, action)


def _is_there(project: Project, outgoing: Declaration) -> bool:
    """Whether it is an action that writes: of one that there is not, or that only reads, it is told itself."""
    entity, action = _text(outgoing, "entity"), _text(outgoing, "action")
    if _text(outgoing, "type") != "ibexa" or (entity, action) in ACTIONS:
        return True
    try:
        return ibexa(project.added().get("ibexa", ())).find(entity, action).writes
    except ConfigError:
        return False


def _not_whole(route: Declaration, incoming: Declaration) -> Iterator[Found]:
    """What a partial read does not give may well be in the source."""
    action = _text(route, "when_missing") or "keep"
    data = incoming.data if isinstance(incoming.data, dict) else {}
    partial = "reads only what changed" if data.get("cursor") is not None else ""
    paging = data.get("pagination")
    if data.get("type") == "ibexa" and paging is False:
        partial = "reads one page only"
    if data.get("type") == "http" and isinstance(paging, dict) and paging.get("only_first") is True:
        partial = "reads the first page only"
    if action != "keep" and partial:
        hint = 'Let a route of its own with a complete incoming do that; or say "when_missing": "keep".'
        message = f"'{incoming.name}' {partial}: what it does not give is not missing"
        yield route, Finding("/when_missing", "CFG144", message, hint)


def _not_compared(route: Declaration, outgoing: Declaration, action: type[Action] | None) -> Iterator[Found]:
    """Only an action that compares can tell what has changed behind our back."""
    if not _text(route, "verify_every"):
        return
    if _text(outgoing, "type") == "ibexa" and (action is None or not action.can.compares):
        able = ", ".join(sorted(".".join(name) for name, one in ACTIONS.items() if one.can.compares))
        message = f"'{outgoing.name}' writes without comparing, so nothing can be verified"
        yield route, Finding("/verify_every", "CFG145", message, f"Leave it out, or use one of: {able}.")


def _not_put_away(route: Declaration, outgoing: Declaration, action: type[Action] | None) -> Iterator[Found]:
    """Most actions only add and change: what the source or the mapping leaves out, they cannot take back."""
    for key in ("when_missing", "when_dropped"):
        wish = _text(route, key)
        able = sorted(".".join(name) for name, one in ACTIONS.items() if wish in one.can.drops)
        if not able or _text(outgoing, "type") != "ibexa" or "${" in _text(outgoing, "action"):
            continue  # it is kept; or what it says is told elsewhere
        if action is None or wish not in action.can.drops:
            hint = f'Say "{key}": "keep"; or let a route do it whose outgoing is one of: {", ".join(able)}.'
            message = f"'{outgoing.name}' cannot {wish} what {_LEFT_OUT[key]}: only some composed actions can"
            yield route, Finding(f"/{key}", "CFG172", message, hint)


def _no_limit(route: Declaration, outgoing: Declaration, action: type[Action] | None) -> Iterator[Found]:
    """A limit of what is put away, or sent under another key, where the outgoing can do neither of the two."""
    wished = {_text(route, key) for key in _LEFT_OUT} - {"", "keep"}  # of those it is told themselves
    if (
        wished
        or _text(outgoing, "type") != "ibexa"
        or not isinstance(route.data, dict)
        or "max_deletes" not in route.data
    ):
        return
    if action is None or not action.can.drops:
        message = f"'{outgoing.name}' puts nothing away: max_deletes has no effect"
        yield route, Finding("/max_deletes#", "CFG252", message, "Leave it out.", "warning")


def _action_of(project: Project, outgoing: Declaration) -> type[Action] | None:
    """Its composed action; None for a plain operation, which content.hide with a content id is too."""
    entity, action = _text(outgoing, "entity"), _text(outgoing, "action")
    by_id = isinstance(outgoing.data, dict) and outgoing.data.get("path")
    if by_id and action in ibexa(project.added().get("ibexa", ())).actions(entity):
        return None
    return ACTIONS.get((entity, action))


def _text(declaration: Declaration, key: str) -> str:
    value: Json = declaration.data.get(key) if isinstance(declaration.data, dict) else None
    return value if isinstance(value, str) else ""
