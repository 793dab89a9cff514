"""A view: reads its query, picks, sorts and pages the published items or locations (server-behaviour §6).

Keys that the server ignores are ignored here too, so a misspelled Filter returns everything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any

from connector.sandbox.ibexa import criteria, inputs, render, sorting
from connector.sandbox.ibexa.criteria import Hit, Test, candidates
from connector.sandbox.ibexa.errors import PhpError, bad_request, broken_in_database
from connector.sandbox.ibexa.model import Content
from connector.sandbox.ibexa.repository import Repository
from connector.sandbox.ibexa.wire import Answer, Row, media, ref

Json = Any
DEFAULT_LIMIT = 25


def run(
    repository: Repository, body: Json, version: str, may_read: Callable[[Content], bool] | None,
    own_bookmarks: Iterable[int],
) -> Answer:  # fmt: skip
    """Answer a ViewInput; ``version`` is that of its media type, ``own_bookmarks`` are the caller's locations.

    ``may_read`` is None for a caller who may read everything.
    """
    if "identifier" not in body:
        raise bad_request("Missing <identifier> attribute for <ViewInput>.")
    kind, query = _query(body, version)
    translated = _translated(repository, body)
    filters = [query[name] for name in ("Filter", "Query") if query.get(name)]
    of_locations = kind == "LocationQuery"
    tests = [criteria.read(repository, each, of_locations=of_locations) for each in filters]
    order = sorting.read(repository, query.get("SortClauses") or {}, of_locations=of_locations)
    offset, limit = _window(query)
    pool = candidates.of(repository, filters)
    marked = set(own_bookmarks) if of_locations else set()
    hits = _hits(repository, pool, marked, of_locations=of_locations)
    allowed: list[Test] = [] if may_read is None else [lambda hit: may_read(hit.content)]
    found = _passing(hits, [*translated, *tests, *allowed])
    if not query.get("SortClauses") and any("NOT" in each and "ContentType" in str(each["NOT"]) for each in filters):
        found.sort(key=lambda hit: hit.content.type_id)  # seen: the database reads its index of the types
    order(found)
    return _answer(repository, body["identifier"], found, found[offset : offset + limit])


def _passing(hits: Iterable[Hit], tests: list[Test]) -> list[Hit]:
    # no loop over the tests for each item, since this is what every view does with every item
    found = list(hits)
    for test in tests:
        found = [hit for hit in found if test(hit)]
    return found


def _translated(repository: Repository, body: Json) -> list[Test]:
    """The test that an item has the language of a view, or is always available; none for a view in all languages."""
    code = body.get("languageCode")
    if code is None:
        return []
    repository.check_language(code)
    anyway = inputs.boolean(body.get("useAlwaysAvailable", True), "useAlwaysAvailable")
    return [lambda hit: code in hit.content.version.fields or (anyway and hit.content.always_available)]


def _query(body: Json, version: str) -> tuple[str, Json]:
    names = ("Query",) if version == "1.0" else ("ContentQuery", "LocationQuery")
    for name in names:
        if name in body:
            query = body[name]
            if not isinstance(query, (dict, list)):
                raise PhpError
            return name, query if isinstance(query, dict) else {}
    told = "<Query>" if version == "1.0" else "<LocationQuery> or <ContentQuery>"
    raise bad_request(f"Missing {told} attribute for <ViewInput>.")


def _window(query: Json) -> tuple[int, int]:
    limit = query.get("limit", DEFAULT_LIMIT)
    size = 1 if isinstance(limit, list) and limit else inputs.whole(limit)
    offset = inputs.whole(query.get("offset", 0))
    if size < 0 or offset < 0:
        raise broken_in_database("LIMIT and OFFSET must not be negative")
    return offset, size


def _hits(
    repository: Repository, pool: Iterable[Content] | None, marked: set[int], *, of_locations: bool
) -> Iterable[Hit]:
    if of_locations:
        return [
            Hit(hit.content, (place,), of_location=True, bookmarked=place.id in marked)
            for hit in _items(repository, pool)
            for place in hit.places
        ]
    return _items(repository, pool)


def _items(repository: Repository, pool: Iterable[Content] | None) -> list[Hit]:
    """The published items of a pool as hits; those of all items, by id, are kept until the next write."""
    if pool is not None:
        return [_item(repository, content) for content in pool if content.status == "PUBLISHED"]
    kept: list[Hit] | None = repository.derived.get("items")
    if kept is None:
        every = sorted(repository.contents.values(), key=attrgetter("id"))
        kept = [_item(repository, content) for content in every if content.status == "PUBLISHED"]
        repository.derived["items"] = kept
    return kept


def _item(repository: Repository, content: Content) -> Hit:
    return Hit(content, tuple([repository.locations[each] for each in content.locations]))


def _answer(repository: Repository, identifier: str, found: list[Hit], page: list[Hit]) -> Answer:
    result = {
        **ref("ViewResult", f"/views/{identifier}/results"),
        "count": len(found),
        "time": 0.001,
        "timedOut": False,
        "maxScore": None,
        "searchHits": {"searchHit": []},
        "aggregations": [],
    }
    body = {**ref("View", f"/views/{identifier}"), "identifier": identifier}
    body |= {"Query": {"_media-type": media("Query")}, "Result": result}
    patch = ("LocationUpdate" if page[0].of_location else "ContentUpdate") if page else None
    rows = [_shown(repository, hit) for hit in page]
    return Answer(200, "View", {"View": body}, accept_patch=patch, rows_at="searchHit", rows=rows)


def _shown(repository: Repository, hit: Hit) -> Row:
    """A hit of the answer, kept until the next write."""
    key = ("shown", hit.of_location, hit.places[0].id if hit.of_location else hit.content.id)
    row: Row | None = repository.derived.get(key)
    if row is None:
        value: dict[str, Json] = {"_media-type": media("value")}
        if hit.of_location:
            value["Location"] = render.location(repository, hit.places[0], embed=True)
        else:
            value["Content"] = render.content(repository, hit.content, embed=True)
        row = Row({"_media-type": media("searchHit"), "_score": 0, "_index": "", "value": value})
        repository.derived[key] = row
    return row
