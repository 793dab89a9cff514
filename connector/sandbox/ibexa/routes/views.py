"""Searching: POST /views answers at once and stores nothing."""

from __future__ import annotations

from connector.sandbox.ibexa.access import reader
from connector.sandbox.ibexa.errors import GENERIC, RestError
from connector.sandbox.ibexa.search import Caller, run
from connector.sandbox.ibexa.wire import Answer, Call, Route


def _search(call: Call) -> Answer:
    caller = Caller(call.user.id, frozenset(call.repository.bookmarks.get(call.user.id, [])))
    return run(call.repository, call.body, call.input_version, reader(call), caller)


def _not_there(_call: Call) -> Answer:
    raise RestError(501, GENERIC)  # the text stays inside, as of everything from 500 on


ROUTES = (
    Route("content.search", "POST", "/views", _search, "ViewInput"),
    Route("content.list_views", "GET", "/views", _not_there),
    Route("content.get_view", "GET", "/views/{viewId}", _not_there),
    Route("content.get_view_results", "GET", "/views/{viewId}/results", _not_there),
)
