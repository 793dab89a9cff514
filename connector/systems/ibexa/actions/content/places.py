"""The Locations of a published item: listing them, adding one, and telling which of the further ones are ours.

One that we add carries a mark in its remote id. It tells that we made it also when the process died, or the answer was
lost, before it could be remembered; no Location that an editor made has it.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from msgspec.structs import replace

from connector.core.jsonio import Json, fingerprint
from connector.core.model import Message
from connector.systems.ibexa.actions.base import checked
from connector.systems.ibexa.actions.content.drafts import Again
from connector.systems.ibexa.actions.content.held import Held, parent_id
from connector.systems.ibexa.actions.content.memory import Memory
from connector.systems.ibexa.actions.content.refers import last_id, no_such_parent, path_of
from connector.systems.ibexa.actions.content.wanted import Wanted
from connector.systems.ibexa.answered import path_of_location
from connector.systems.ibexa.fields.codec import NotThereYet
from connector.systems.ibexa.gateway import Gateway

LOCATIONS = "/api/ibexa/v2/content/locations"
"""Where they are addressed, a path such as 1/2/61 behind it."""


def ensure(gateway: Gateway, content_id: int, path: str, more: Mapping[str, Json] | None = None) -> int:
    """Add a Location below that path; returns its id.

    Raises:
        Again: somebody was faster.
        Ended, ClientError: it could not be done.
    """
    payload: dict[str, Json] = {"ParentLocation": {"_href": f"{LOCATIONS}/{path}"}, "priority": 0, "hidden": False}
    payload |= {"sortField": "PATH", "sortOrder": "ASC", **(more or {})}
    answer = gateway.call("location.create", Message(path={"contentId": content_id}, payload=payload))
    if answer.status == 403 and last_id(path) in {parent_id(one) for one in paths_of(gateway, content_id)}:
        raise Again
    if answer.status == 404:
        no_such_parent(gateway, path)
    return last_id(checked(answer).location)


def ensure_ours(
    gateway: Gateway, content_id: int, path: str, more: Mapping[str, Json] | None = None, maker: str = ""
) -> int:
    """Add a Location below that path, with our mark; returns its id.

    Args:
        gateway: the client's Ibexa.
        content_id: of a published item.
        path: of the parent.
        more: of the Location: priority, hidden.
        maker: the action that makes it, where it tells its own from those of others.

    Raises:
        Again, Ended, ClientError: as for ``ensure``.
    """
    # The ending differs each time: an editor may have moved an older one away, and a remote id is unique.
    remote_id = _mark(content_id, last_id(path), maker) + secrets.token_hex(6)
    return ensure(gateway, content_id, path, {**(more or {}), "remoteId": remote_id})


def paths_of(gateway: Gateway, content_id: int) -> list[str]:
    """The paths of all Locations of a published item."""
    answer = checked(gateway.call("location.list_for_content", Message(path={"contentId": content_id})))
    rows = answer.body("LocationList").get("Location", [])
    return [path for row in rows if (path := path_of_location(row.get("_href")))]


def by_parent(gateway: Gateway, held: Held) -> dict[int, str]:
    """Parent's id -> path of the Location below it."""
    return {parent_id(path): path for path in paths_of(gateway, held.id)}


def id_of(gateway: Gateway, parent: Json) -> int:
    """The id of a parent's Location; 0: there is no such parent."""
    try:
        return last_id(path_of(gateway, parent))
    except NotThereYet:
        return 0


def recollected(gateway: Gateway, held: Held, memory: Memory, unsure: list[Wanted]) -> Memory:
    """What we remember, with the further Locations that we made without learning of it.

    Ours is what lies below a parent that such a message asked for and has our mark; and what was the main Location,
    where a further one of ours has taken its part as such a message asked for.

    Args:
        gateway: the client's Ibexa.
        held: the item as it is.
        memory: what we remember of it.
        unsure: what messages said that may have been carried out.

    Raises:
        Ended, ClientError: its Locations could not be read.
    """
    several = memory.locations or any(len(one.parents) > 1 for one in unsure)
    if not (unsure and several and held.location_path):
        return memory
    there, main = by_parent(gateway, held), parent_id(held.location_path)
    meant = {id_of(gateway, parent) for one in unsure for parent in one.parents} - {main}
    found = [last_id(there[one]) for one in meant if one in there and is_marked(gateway, held.id, there[one])]
    replaced = last_id(held.location_path) in memory.locations and memory.parent != main and memory.parent in there
    if replaced and main in {id_of(gateway, one.parents[0]) for one in unsure}:
        found.append(last_id(there[memory.parent]))
    return with_places(memory, *found)


def with_places(memory: Memory, *made: int) -> Memory:
    """Knowing also of these further Locations that they are ours."""
    return replace(memory, locations=(*memory.locations, *(one for one in made if one not in memory.locations)))


def is_marked(gateway: Gateway, content_id: int, path: str, maker: str = "") -> bool:
    """Whether that Location has our mark.

    Raises:
        Ended, ClientError: it could not be read.
    """
    found = checked(gateway.call("location.get", Message(path={"path": path}))).body("Location")
    return str(found.get("remoteId", "")).startswith(_mark(content_id, parent_id(path), maker))


def _mark(content_id: int, parent: int, maker: str) -> str:
    """Of this item below this parent: what an editor moved elsewhere, or to another item, no longer counts as ours."""
    return f"connector-{fingerprint([content_id, parent, *filter(None, [maker])])[:16]}-"
