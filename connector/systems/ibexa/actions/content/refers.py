"""What a content.upsert message refers to: content type, section, parent. Each must be there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TypeVar

from connector.core.jsonio import Json, shown
from connector.core.nearest import did_you_mean
from connector.systems.ibexa.actions.base import refuse
from connector.systems.ibexa.fields.codec import NotThereYet
from connector.systems.ibexa.gateway import Gateway
from connector.systems.ibexa.languages import meant_by
from connector.systems.ibexa.types import ContentType

T = TypeVar("T")


def type_of(gateway: Gateway, identifier: str) -> ContentType:
    """The published content type.

    Raises:
        Ended: Refused: there is none.
    """
    found = gateway.content_type(identifier)
    return _there(found, ("IBX414", "content_type", identifier), "Run the route that ensures it")


def section_of(gateway: Gateway, identifier: str) -> str:
    """The section's href.

    Raises:
        Ended: Refused: there is none.
    """
    found = gateway.section_href(identifier)
    return _there(found, ("IBX415", "section", identifier), "Run a route with section.ensure")


def _there(found: T | None, what: tuple[str, str, str], how: str) -> T:
    """What was looked up by ``what``: code, key of the payload, identifier."""
    if found is None:
        code, key, identifier = what
        message = f"there is no {key.replace('_', ' ')} '{identifier}' in Ibexa"
        raise refuse(code, message, f"{how}, or correct the outgoing's payload.", pointer=f"/payload/{key}")
    return found


def check_languages(gateway: Gateway, places: Mapping[str, str], known: Iterable[str] = ()) -> None:
    """Check that Ibexa has these languages: it answers 404 for another, without naming it.

    Args:
        gateway: the client's Ibexa.
        places: code -> where in the payload it stands, as a JSON pointer.
        known: codes that need not be asked for.

    Raises:
        Ended: Refused: it has not.
    """
    wanted = places.keys() - set(known)
    there = gateway.languages() if wanted else frozenset()
    for code in sorted(wanted - there) if there else ():
        meant = meant_by(code)
        near = f"Did you mean '{meant}'? " if meant in there else did_you_mean(code, there)
        hint = f"{near}It has: {', '.join(sorted(there))}. A language is added in Ibexa and in its configuration."
        key = places[code].removeprefix("/payload/").replace("/", ".")
        raise refuse("IBX425", f"{key}: Ibexa has no language '{shown(code, 40)}'", hint, pointer=places[code])


def check_main_language(held: str, wanted: str, what: str) -> None:
    """Check that an item is in the main language that a message names: in another, its fields would be a translation.

    Raises:
        Ended: Refused: it is not.
    """
    if held and held != wanted:
        message = f"the main language of {what} is {held} in Ibexa, not {wanted}: a message cannot change it"
        hint = (
            f'Write "main_language": "{held}" and these fields into translations; or let {wanted} be its main language '
            "in Ibexa, and retry."
        )
        raise refuse("IBX427", message, hint, pointer="/payload/main_language")


def no_such_parent(gateway: Gateway, path: str) -> None:
    """After a 404: check that the Location below which something was to be put is there; Ibexa does not say it.

    Raises:
        Ended: Refused: it is not.
    """
    if gateway.location_path_by_id(last_id(path)) is None:
        hint = 'Correct the path; or name the parent by {"remote_id": "…"}, which is the same in every Ibexa.'
        raise refuse("IBX426", f"the parent /{shown(path, 60)} is not in Ibexa", hint, pointer="/payload/parent")


def path_of(gateway: Gateway, parent: Json, what: str = "parent", where: str = "payload.parent") -> str:
    """The path (``1/2/61``) of the Location that a ``{"remote_id"}``, ``{"id"}`` or ``{"path"}`` names.

    Raises:
        NotThereYet: there is none, or not yet.
    """
    if "path" in parent:
        return str(parent["path"]).strip("/")
    if "id" in parent:
        found = gateway.location_path_by_id(int(parent["id"]))
        shown = f"Location {parent['id']}"
    else:
        found = gateway.location_path(str(parent["remote_id"]))
        shown = f"{what} '{parent['remote_id']}'"
    if found is None:
        hint = "Does a route create it, with that remote id, and is it published? Then this is sent by itself."
        needs = str(parent.get("remote_id", ""))
        raise NotThereYet(f"the {shown} is not in Ibexa yet", hint=hint, step=where, needs=needs)
    return found


def have_moved(gateway: Gateway, parents: Iterable[Json]) -> bool:
    """Whether what we believed of these places is no longer so; from now on it is known as it is."""
    moved = False
    for parent in parents:
        (kind, name), *_ = parent.items()
        if kind == "path":
            continue
        look: Callable[[], str | None] = partial(gateway.location_path, str(name))
        if kind == "id":
            look = partial(gateway.location_path_by_id, int(name))
        before = look()
        gateway.forget("content" if kind == "remote_id" else "location", str(name))
        moved = look() != before or moved
    return moved


def last_id(path: str) -> int:
    """``61`` of ``1/2/61``; 0 when there is none."""
    text = path.rstrip("/").rpartition("/")[2]
    return int(text) if text.isdigit() else 0
