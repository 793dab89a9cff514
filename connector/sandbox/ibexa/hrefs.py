"""Links in bodies and headers: the server matches them as it matches a GET, and takes one part of what it finds.

So a link to anything below a content type names that type too, and a link that leads nowhere is refused in the words of
the server's router.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct

from connector.sandbox.router import Router

PREFIX = "/api/ibexa/v2"
_REST = re.compile(r"/api/[a-z0-9_-]+/v\d+(\.\d+)?/", re.IGNORECASE)


class Kind(Struct, frozen=True):
    """What a link is to name: the server's word for it, where it begins, and the parameter that has it here."""

    attribute: str
    below: str
    parameter: str


KINDS = {
    "type": Kind("contentTypeId", "/content/types/", "contentTypeId"),
    "type_group": Kind("contentTypeGroupId", "/content/typegroups/", "contentTypeGroupId"),
    "section": Kind("sectionId", "/content/sections/", "sectionId"),
    "location": Kind("locationPath", "/content/locations/", "path"),
    "user": Kind("userId", "/user/users/", "userId"),
    "role": Kind("roleId", "/user/roles/", "id"),
    "group": Kind("groupPath", "/user/groups/", "path"),
    "content": Kind("contentId", "/content/objects/", "contentId"),
}


class NoRouteError(ValueError):
    """The link is none that will do; the text is the server's."""


_known: Router[str] = Router()


def learn(routes: Iterable[tuple[str, str]]) -> None:
    """Know the methods and templates of all routes."""
    for method, template in routes:
        _known.add(method, template, template)


def read(link: str, kind: str) -> str:
    """The id, or the id path, that a link names.

    Raises:
        NoRouteError: it names none.
    """
    wanted = KINDS[kind]
    path = link.partition("?")[0]
    if not _REST.match(link):
        raise NoRouteError(f"No route matched '{link}'")
    found = _known.find("GET", path.removeprefix(PREFIX)) if path.startswith(PREFIX + "/") else None
    if found is None:
        raise NoRouteError(f'No routes found for "{path}".')
    if found.target is None:
        raise NoRouteError(f"Method 'GET' is not allowed for '{link}'. Allowed: [{', '.join(found.methods)}]")
    if not found.target.startswith(wanted.below) or wanted.parameter not in found.params:
        raise NoRouteError(f"No attribute '{wanted.attribute}' in route matched from {link}")
    return found.params[wanted.parameter]
