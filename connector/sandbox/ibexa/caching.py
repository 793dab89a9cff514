"""What the answers tell caches: most reads may be kept for a day by a proxy, a 404 for twenty seconds, all else never.

As seen on a 4.6.25. A proxy that obeys it shows old data after a write; there is no ETag and no Last-Modified.
"""

from __future__ import annotations

from collections.abc import Mapping

from connector.sandbox.ibexa.model import Content
from connector.sandbox.ibexa.repository import Repository

Headers = list[tuple[str, str]]
_PUBLIC = {
    "root.get", "location.get", "location.list_children", "content.get", "location.list_for_content",
    "content_version.list", "content_version.get", "relation.list", "content_type_group.list", "user_group.get",
    "user_group.list_subgroups", "user.list_for_group", "content_version.list_drafts_of_user",
    "content.get_image_variation",
}  # fmt: skip
_VERSIONS = {"content_version.list", "content_version.list_drafts_of_user"}
_VARY = [("Vary", "cookie"), ("Vary", "authorization")]
_PRIVATE: Headers = [("Cache-Control", "no-cache, private"), *_VARY]
_NOT_THERE: Headers = [
    ("Cache-Control", "max-age=0, public, s-maxage=20"), ("Vary", "Origin"), *_VARY, ("X-Cache-Tags", "ez-all"),
]  # fmt: skip
_A_DAY: Headers = [("Cache-Control", "public, s-maxage=86400"), ("Vary", "Origin"), ("Vary", "Accept"), *_VARY]


def headers(
    repository: Repository, op: str, method: str, status: int, params: Mapping[str, str] | None = None
) -> Headers:
    """The headers for caches of an answer; ``params`` are those of the path, which may name an item or a location."""
    if status >= 500:
        return []
    if method not in {"GET", "HEAD"}:
        return _PRIVATE
    if status == 404:
        return _NOT_THERE
    if status != 200 or op not in _PUBLIC:
        return _PRIVATE
    item = _item(repository, params or {})
    if item is None:
        return [*_A_DAY, ("X-Cache-Tags", "ez-all")]
    if op in _VERSIONS:
        return [*_A_DAY, ("X-Cache-Tags", f"ez-all,c{item.id},cv{item.id}")]
    if item.main_location is None:
        return _PRIVATE
    return [*_A_DAY, ("X-Cache-Tags", _tags(repository, item, item.main_location))]


def _item(repository: Repository, params: Mapping[str, str]) -> Content | None:
    if "contentId" in params:
        return repository.contents.get(int(params["contentId"]))
    place = repository.locations.get(int(params["path"].rpartition("/")[2])) if "path" in params else None
    return None if place is None else repository.contents.get(place.content_id)


def _tags(repository: Repository, item: Content, location_id: int) -> str:
    place = repository.locations[location_id]
    above = ",".join(f"p{each}" for each in place.href_path.split("/"))
    return f"ez-all,l{place.id},pl{place.parent_id},{above},c{item.id},ct{item.type_id}"
