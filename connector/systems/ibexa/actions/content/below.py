"""What lies below an item that is to be put away: Ibexa takes it along without a word, and what was asked is one item.

So nothing is put away that has content below it. What is to go too goes first; a parent waits for the last of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from connector.core.jsonio import Json, shown
from connector.core.model import Message
from connector.core.outcome import NotSent, Outcome, Refused, Waits
from connector.core.problem import Problem
from connector.systems.ibexa.actions.base import Ended, checked
from connector.systems.ibexa.actions.content.held import Held
from connector.systems.ibexa.actions.content.parents import has_children
from connector.systems.ibexa.find import view_input
from connector.systems.ibexa.gateway import Gateway

MADE_BY_IBEXA = re.compile("[0-9a-f]{32}")
"""A remote id of this form belongs to nobody: Ibexa makes it for what an editor creates."""
_NAMED = 5
_HIDE = 'or say "hide": then all of it comes back with it'


class _Below(Struct, frozen=True):
    """Content below one place: how many items, and the youngest of them, as (remote id, name for people)."""

    path: str
    count: int
    youngest: Sequence[tuple[str, str]]


def nothing_below(gateway: Gateway, held: Held, paths: Sequence[str], done: str) -> None:
    """Check that no content lies below these Locations of an item.

    Args:
        gateway: the client's Ibexa.
        held: the item.
        paths: of those of its Locations that shall go.
        done: what would become of it, such as ``trashed``.

    Raises:
        Ended: Waits for the youngest that a route may have made, which mostly goes last; NotSent where a search shows
            nothing there; else Refused.
        ClientError: it could not be read.
    """
    for path in paths:
        if has_children(gateway, path):
            found = _below(gateway, held, path)
            if found.youngest or has_children(gateway, path):  # it may have gone just now
                raise Ended(_outcome(held, found, done))


def _below(gateway: Gateway, held: Held, path: str) -> _Below:
    payload = view_input({"under": f"/{path}"})
    payload["ContentQuery"] |= {"limit": _NAMED + 1, "SortClauses": {"ContentId": "descending"}}
    view = checked(gateway.call("content.search", Message(payload=payload))).body("View")
    result = view.get("Result", {})
    hits = [hit["value"]["Content"] for hit in result.get("searchHits", {}).get("searchHit", [])]
    others = [(str(one.get("_remoteId", "")), _name(one)) for one in hits if int(one["_id"]) != held.id]
    return _Below(path, max(int(result.get("count") or 0) - 1, len(others)), others[:_NAMED])


def _name(content: Mapping[str, Json]) -> str:
    """The remote id where somebody gave it one; else its number and its name."""
    remote_id = str(content.get("_remoteId", ""))
    if not MADE_BY_IBEXA.fullmatch(remote_id):
        return f"'{shown(remote_id, 60)}'"
    name = content.get("TranslatedName") or content.get("Name") or ""
    return f"content item {content['_id']} ({shown(str(name), 40)})"


def _outcome(held: Held, found: _Below, done: str) -> Outcome:
    where = f"below '{held.remote_id}' (Location {found.path}) and would be {done} with it"
    if not found.youngest:
        message = f"content lies {where}; a search does not show it"
        return NotSent(Problem("IBX460", message, hint="It is tried again: the search may be behind."))
    more = f" and {found.count - len(found.youngest)} more" if found.count > len(found.youngest) else ""
    items = "1 content item lies" if found.count == 1 else f"{found.count} content items lie"
    message = f"{items} {where}: {', '.join(name for _, name in found.youngest)}{more}"
    ours = next((one for one, _ in found.youngest if not MADE_BY_IBEXA.fullmatch(one)), "")
    if ours:
        hint = f"Put those away too, or let them lie elsewhere: then this one goes by itself; {_HIDE}."
        return Waits(ours, Problem("IBX460", message, hint=hint))
    hint = f"Move or remove them in Ibexa, then `connector tasks retry`; {_HIDE}."
    return Refused(Problem("IBX460", message, hint=hint))
