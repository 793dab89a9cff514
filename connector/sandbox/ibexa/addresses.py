"""Addresses of locations: those that their names make, those made by hand, and the rules with wildcards.

The names' addresses are not stored: they are worked out from the tree when they are asked for. An address is known by
``<number of what is above it>-<md5 of its last part>``, the number being 0 at the top, as on a real server.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any

from connector.sandbox.ibexa import inputs
from connector.sandbox.ibexa.aliases import UrlAlias, UrlWildcard
from connector.sandbox.ibexa.errors import bad_request, broken, forbidden, not_found, refused
from connector.sandbox.ibexa.model import Location
from connector.sandbox.ibexa.repository import Repository

Json = Any
_HOME = 2
_RESOURCE = re.compile(r"([A-Za-z0-9_]+):(.+)")
_UNFIT = re.compile(r"[^\w.]+")


def slug(text: str) -> str:
    """The text as a part of an address."""
    return _UNFIT.sub("-", text).strip("-") or "noname1"


def path_of(repository: Repository, place: Location) -> str:
    """``/Media/Images``: the names below Home or the root; a second sibling of a name gets a 2, and so on."""
    parts: list[str] = []
    at: Location | None = place
    while at is not None and at.id not in {1, _HOME}:
        parts.append(_part(repository, at))
        at = repository.locations.get(at.parent_id)
    return "/" + "/".join(reversed(parts))


def _part(repository: Repository, place: Location) -> str:
    name = slug(repository.contents[place.content_id].name)
    parent = repository.locations[place.parent_id]
    before = [each for each in repository.children(parent) if each.id < place.id]
    same = sum(slug(repository.contents[each.content_id].name).lower() == name.lower() for each in before)
    return f"{name}{same + 1}" if same else name


def _identifier(repository: Repository, path: str) -> str:
    above, _, last = path.strip("/").lower().rpartition("/")
    number = 0
    if above:
        if above not in repository.address_parents:
            repository.address_parents[above] = repository.take_id("address")
        number = repository.address_parents[above]
    return f"{number}-{hashlib.md5(last.encode(), usedforsecurity=False).hexdigest()}"


def of_names(repository: Repository, place: Location) -> UrlAlias:
    """The address that a location has by its name."""
    path, item = path_of(repository, place), repository.contents[place.content_id]
    return UrlAlias(
        _identifier(repository, path), path, list(item.version.names), place.id,
        always_available=item.always_available, custom=False,
    )  # fmt: skip


def by_hand(repository: Repository) -> Iterator[UrlAlias]:
    """The addresses made by hand that still lead somewhere."""
    for each in repository.aliases.values():
        if each.location_id is None or each.location_id in repository.locations:
            yield each


def by_id(repository: Repository, alias_id: str) -> UrlAlias:
    """An address of either sort, or 404."""
    known = [*by_hand(repository), *(of_names(repository, each) for each in _named(repository))]
    for each in known:
        if each.id == alias_id:
            return each
    raise not_found("URLAlias", alias_id)


def _named(repository: Repository) -> list[Location]:
    return [each for each in repository.locations.values() if each.id not in {1, _HOME}]


def look_up(repository: Repository, path: str) -> Location:
    """The location at an address, in any case, or 404."""
    wanted = path.strip("/").lower()
    for each in by_hand(repository):
        if each.location_id is not None and each.path.strip("/").lower() == wanted:
            return repository.locations[each.location_id]
    for place in _named(repository):
        if path_of(repository, place).strip("/").lower() == wanted:
            return place
    raise not_found("URLAlias", path.strip("/"))


def create(repository: Repository, body: Json) -> UrlAlias:
    """An address from a UrlAliasCreate; 403 when it leads elsewhere already.

    A path that leads to the same place in another language gets this language too.
    """
    location_id, resource = _target(repository, body)
    for name in ("path", "languageCode"):
        if name not in body:
            raise bad_request(f"Missing '{name}' value for URLAliasCreate.")
    repository.check_language(body["languageCode"])
    path = "/" + "/".join(slug(part) for part in str(body["path"]).strip("/").split("/"))
    made = UrlAlias(
        _identifier(repository, path), path, [body["languageCode"]], location_id, resource,
        always_available=inputs.boolean(body.get("alwaysAvailable", False), "alwaysAvailable"),
        forward=inputs.boolean(body.get("forward", False), "forward"),
    )  # fmt: skip
    return _stored(repository, made)


def _target(repository: Repository, body: Json) -> tuple[int | None, str]:
    if "_type" not in body:
        raise bad_request("Missing '_type' value for URLAliasCreate.")
    if body["_type"] == "LOCATION":
        if "location" not in body:
            raise bad_request("Missing 'location' value for URLAliasCreate.")
        path = inputs.href(
            body.get("location"), "location", "Missing 'location' > '_href' attribute for URLAliasCreate."
        )
        return repository.location(inputs.last_id(path)).id, ""
    if "resource" not in body:
        raise bad_request("Missing 'resource' value for URLAliasCreate.")
    found = _RESOURCE.fullmatch(str(body["resource"]))
    if not found:
        raise forbidden("Argument '$resource' is invalid: argument is not valid")
    if found.group(1) == "eznode":
        return repository.location(inputs.whole(found.group(2))).id, ""
    return None, found.group(2)


def _stored(repository: Repository, made: UrlAlias) -> UrlAlias:
    used = f"Argument '$path' is invalid: Path '{made.path.strip('/')}' already exists for the given context"
    there = next((each for each in by_hand(repository) if each.id == made.id), None)
    if there is not None:
        same = (there.location_id, there.resource) == (made.location_id, made.resource)
        if not same or made.languages[0] in there.languages:
            raise forbidden(used)
        there.languages += made.languages
        return there
    if any(path_of(repository, each).lower() == made.path.lower() for each in _named(repository)):
        raise forbidden(used)
    repository.aliases[made.id] = made
    return made


def delete(repository: Repository, alias: UrlAlias) -> None:
    """Remove an address made by hand; 406 for one that a name makes."""
    if not alias.custom:
        raise refused("$aliasList", "The alias list contains an autogenerated alias")
    del repository.aliases[alias.id]


def wildcard(repository: Repository, wildcard_id: int) -> UrlWildcard:
    """The rule, or 404."""
    found = repository.wildcards.get(wildcard_id)
    if found is None:
        raise not_found("URLWildcard", wildcard_id)
    return found


def create_wildcard(repository: Repository, body: Json) -> UrlWildcard:
    """A rule from a UrlWildcardCreate; a placeholder without its star is a 500 (server-behaviour §10)."""
    for name in ("sourceUrl", "destinationUrl", "forward"):
        if name not in body:
            raise bad_request(f"Missing '{name}' value for URLWildcardCreate.")
    source, destination = ("/" + str(body[name]).strip("/ ") for name in ("sourceUrl", "destinationUrl"))
    forward = inputs.boolean(body["forward"], "forward")
    if any(each.source == source for each in repository.wildcards.values()):
        raise forbidden("Argument '$sourceUrl' is invalid: Pattern already exists")
    places = [int(each) for each in re.findall(r"\{(\d+)\}", destination)]
    if places and max(places) > source.count("*"):
        raise broken("more placeholders than stars")
    made = UrlWildcard(repository.take_id("wildcard"), source, destination, forward)
    repository.wildcards[made.id] = made
    return made
