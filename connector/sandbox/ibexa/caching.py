"""What the answers tell caches: most reads may be kept for a day by a proxy, a 404 for twenty seconds, all else never.

As seen on a 4.6.25. A proxy that obeys it shows old data after a write; there is no ETag and no Last-Modified.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.utils import formatdate
from typing import Any

from msgspec import Struct, field

from connector.sandbox.ibexa.model import Content, Location
from connector.sandbox.ibexa.repository import Repository

Json = Any
Headers = list[tuple[str, str]]
_PUBLIC = {
    "root.get", "location.get", "location.list_children", "content.get", "location.list_for_content",
    "content_version.list", "content_version.get", "relation.list", "content_type_group.list", "user_group.get",
    "user_group.list_subgroups", "user.list_for_group", "content_version.list_drafts_of_user",
    "content.get_image_variation",
}  # fmt: skip
_VERSIONS = {"content_version.list", "content_version.list_drafts_of_user"}
_TAGGED = {200, 203, 204, 206, 300, 301, 404, 405, 410, 414, 501}  # what RFC 7231 lets a cache keep
_LOGINS = {"token.create"}
_FIRST_ITEM = re.compile(r"/content/objects/(\d+)/versions")


class Told(Struct, frozen=True):
    """What was asked and what is answered, as far as caches are concerned.

    ``is_bare``: the request had no Authorization header, so that the session was looked into.
    """

    op: str
    method: str
    status: int
    is_bare: bool = False
    params: Mapping[str, str] = field(default_factory=dict)
    body: Json = None


def headers(repository: Repository, told: Told, now: float) -> Headers:
    """The headers for caches of an answer, at Unix time ``now``."""
    is_read = told.method in {"GET", "HEAD"}
    age, vary, tags = "", ["cookie", "authorization"], ""
    if is_read and told.status in _TAGGED:
        tags = "ez-all"
    if is_read and told.status == 404:
        age, vary = "20", ["Origin", *vary]
    elif is_read and told.status == 200 and told.op in _PUBLIC:
        own = _own_tags(repository, told)
        if own is not None:
            age, tags, vary = "86400", ",".join([tags, *own]), ["Origin", "Accept", *vary]
    found = [("Cache-Control", _control(age, told)), *(("Vary", each) for each in vary)]
    if _is_of_session(told):
        found.append(("Expires", formatdate(now, usegmt=True)))
    return [*found, ("X-Cache-Tags", tags)] if tags else found


def _control(age: str, told: Told) -> str:
    if told.op == "session.delete" and told.status == 204:
        return "max-age=0, must-revalidate, no-cache, private"
    if _is_of_session(told):
        return f"max-age=0, must-revalidate, private{', s-maxage=' + age if age else ''}"
    if age == "20":
        return "max-age=0, public, s-maxage=20"
    return f"public, s-maxage={age}" if age else "no-cache, private"


def _is_of_session(told: Told) -> bool:
    """Whether somebody looked into the session, which makes an answer private; an unreadable body comes before that."""
    return told.is_bare and told.status != 400 and told.op != "" and (told.op not in _LOGINS or told.status == 401)


def _own_tags(repository: Repository, told: Told) -> list[str] | None:
    """The tags of what is shown; None for an item that has no main location, which no cache may keep."""
    if told.op == "content_type_group.list":
        return [f"tg{each}" for each in repository.type_groups]
    item = _item(repository, told)
    if item is None:
        return []
    if told.op in _VERSIONS:
        return [f"c{item.id}", f"cv{item.id}"]
    place = _place(repository, item.main_location or 0)
    if place is None:
        return None
    above = [f"p{each}" for each in place.href_path.split("/")]
    return [f"l{place.id}", f"pl{place.parent_id}", *above, f"c{item.id}", f"ct{item.type_id}"]


def _item(repository: Repository, told: Told) -> Content | None:
    if "contentId" in told.params:
        return _known(repository, int(told.params["contentId"]))
    if "imageId" in told.params:
        return repository.contents.get(int(told.params["imageId"].partition("-")[0]))
    if told.op in _VERSIONS:
        first = _FIRST_ITEM.search(str(told.body))
        return repository.contents.get(int(first.group(1))) if first else None
    place = _place(repository, int(told.params["path"].rpartition("/")[2])) if "path" in told.params else None
    return _known(repository, place.content_id) if place else None


def _place(repository: Repository, number: int) -> Location | None:
    return repository.locations.get(number) or repository.ghost_places.get(number)


def _known(repository: Repository, number: int) -> Content | None:
    return repository.ghosts.get(number) or repository.contents.get(number)
