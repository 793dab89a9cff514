"""A view: reads its query, picks, sorts and pages the published items or locations (server-behaviour §6).

Keys that the server ignores are ignored here too, so a misspelled Filter returns everything.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable
from operator import attrgetter
from typing import Any, NamedTuple

from connector.sandbox.ibexa import aggregations, criteria, inputs, render, sorting
from connector.sandbox.ibexa.criteria import Hit, Test, candidates
from connector.sandbox.ibexa.errors import bad_request, broken_in_database
from connector.sandbox.ibexa.model import Content
from connector.sandbox.ibexa.repository import Repository
from connector.sandbox.ibexa.wire import Answer, Row, media, ref

Json = Any
DEFAULT_LIMIT = 25
_ANSWERS_KEPT = 64


class Caller(NamedTuple):
    """Who asks: the user's id and bookmarked locations."""

    id: int
    bookmarks: frozenset[int]


def run(
    repository: Repository, body: Json, version: str, may_read: Callable[[Content], bool] | None,
    caller: Caller,
) -> Answer:  # fmt: skip
    """Answer a ViewInput; ``version`` is that of its media type; ``may_read`` is None for who may read everything."""
    if "identifier" not in body:
        raise bad_request("Missing <identifier> attribute for <ViewInput>.")
    kind, query = _query(body, version)
    translated = _translated(repository, body)
    filters = [query[name] for name in ("Filter", "Query") if query.get(name) and isinstance(query[name], (dict, list))]
    of_locations = kind == "LocationQuery"
    tests = [criteria.read(repository, each, of_locations=of_locations) for each in filters]
    order = sorting.read(repository, query.get("SortClauses", {}), of_locations=of_locations)
    aggregations.check(query)
    offset, limit = _window(query)

    def find() -> list[Hit]:
        pool = candidates.of(repository, filters)
        allowed: list[Test] = [] if may_read is None else [lambda hit: may_read(hit.content)]
        hits = _hits(repository, pool, caller.bookmarks, of_locations=of_locations)
        found = _passing(hits, [*translated, *tests, *allowed])
        without = [str(each["NOT"]) for each in filters if "NOT" in each]
        if not query.get("SortClauses") and any("ContentType" in each for each in without):
            found.sort(key=lambda hit: hit.content.type_id)  # seen: the database reads its index of the types
        order(found)
        return found

    counted = len(repository.contents)  # drafts too: what they are among decides on the words that are too common
    asked = [kind, filters, query.get("SortClauses"), body.get("languageCode"), body.get("useAlwaysAvailable"), counted]
    key = (None if may_read is None else caller.id, caller.bookmarks, json.dumps(asked))
    found = _kept(repository, key, find, anew=offset == 0)
    return _answer(repository, body["identifier"], found, found[offset : offset + limit])


def _kept(repository: Repository, key: Hashable, find: Callable[[], list[Hit]], *, anew: bool) -> list[Hit]:
    """What a query finds, kept for its further pages until the next write; a first page is always looked for anew."""
    answers: dict[Hashable, list[Hit]] = repository.derived.setdefault("answers", {})
    found = None if anew else answers.get(key)
    if found is None:
        if len(answers) >= _ANSWERS_KEPT:
            answers.clear()
        found = answers[key] = find()
    return found


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
    names = ("Query",) if version == "1.0" else ("LocationQuery", "ContentQuery")
    for name in names:
        if isinstance(body.get(name), (dict, list)):
            return name, body[name] if isinstance(body[name], dict) else {}
    told = "<Query>" if version == "1.0" else "<ContentQuery> or <LocationQuery>"
    raise bad_request(f"Missing {told} attribute for <ViewInput>.")


def _window(query: Json) -> tuple[int, int]:
    size, offset = (_cast(query.get(name, usual)) for name, usual in (("limit", DEFAULT_LIMIT), ("offset", 0)))
    if size < 0 or offset < 0:
        raise broken_in_database("LIMIT and OFFSET must not be negative")
    return offset, size


def _cast(value: Json) -> int:
    """A number as PHP casts it: 1 for a list or object that holds something."""
    return int(bool(value)) if isinstance(value, (list, dict)) else inputs.whole(value)


def _hits(
    repository: Repository, pool: Iterable[Content] | None, marked: frozenset[int], *, of_locations: bool
) -> Iterable[Hit]:
    if not of_locations:
        return _items(repository, pool)
    if pool is not None:
        return _places(_items(repository, pool), marked)
    kept: list[Hit] | None = repository.derived.get(("places", marked))
    if kept is None:
        kept = repository.derived["places", marked] = _places(_items(repository, None), marked)
    return kept


def _places(items: Iterable[Hit], marked: frozenset[int]) -> list[Hit]:
    return [
        Hit(hit.content, (place,), of_location=True, bookmarked=place.id in marked)
        for hit in items
        for place in hit.places
    ]


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
