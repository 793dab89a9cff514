"""Cursors at ties and borders, and of odd values (cases 17 to 19): nothing lost, nothing sent twice, a small state."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from connector.incoming.cursor import Cursor
from connector.incoming.http import HttpIncoming
from connector.routes.live import LiveRoute, Settings
from connector.sandbox.http import Request, Response
from connector.store import Store, runs
from connector.store.tables import checkpoint
from tests.faults.promises_run import run_log
from tests.faults.rig import listing, read
from tests.integration.clients.scripted import Scripted, js
from tests.integration.store.test_engine_run import Names, Target, run

T0 = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


class Source:
    """Rows with a time of change; ``since`` is inclusive or not; a page may be refused once."""

    def __init__(self, *, inclusive: bool) -> None:
        self.rows: list[tuple[str, str]] = []
        self.inclusive = inclusive
        self.refuse: int | None = None
        self.asked = 0

    def answer(self, request: Request) -> Response:
        self.asked += 1
        if self.asked == self.refuse:
            return js({"error": "later"}, 503)
        query = dict(request.query)
        since = query.get("since", "")
        rows = [row for row in self.rows if row[1] > since or (self.inclusive and row[1] == since)]
        start = int(query["offset"])
        items = [{"id": key, "updated": at} for key, at in rows[start : start + int(query["limit"])]]
        return js({"items": items})


def route(source: HttpIncoming, target: Target) -> LiveRoute:
    return LiveRoute("things", source, Names(), target, Settings(concurrency=8), {"route": "things"})


def incoming(url: str, limit: int = 1000, **cursor: str) -> HttpIncoming:
    declared = {"at": "updated", "send": {"query": {"since": "{cursor}"}}, **cursor}
    return listing(url, pagination={"type": "offset", "limit": limit}, cursor=declared)


def state_bytes(store: Store) -> int:
    with store.reading() as connection:
        return sum(len(row[0]) for row in connection.execute(sa.select(checkpoint.c.position)))


def stamp(seconds: float) -> str:
    return (T0 + timedelta(seconds=seconds)).isoformat()


@pytest.mark.parametrize("inclusive", [True, False])
def test_ten_thousand_rows_of_one_moment_over_a_border_are_sent_once_each(tmp_path: Path, *, inclusive: bool) -> None:
    """The read breaks off amid the tie, and more rows of the same moment come after it had ended."""
    source, target = Source(inclusive=inclusive), Target()
    source.rows = [(f"k{n}", stamp(0)) for n in range(10_000)]
    with Scripted(source.answer) as server, run_log(tmp_path) as store:
        live = route(incoming(server.url, lookback="10s"), target)
        source.refuse = 6
        assert run(live, store).state == "failed"
        assert state_bytes(store) < 64 * 1024
        assert run(live, store).state == "finished"
        source.rows += [(f"late{n}", stamp(0)) for n in range(50)]
        assert run(live, store).state == "finished"
        assert state_bytes(store) < 1024
    assert len(target.held) == 10_050
    assert len(target.calls) == 10_050, "none is sent twice"


def test_a_row_that_arrives_late_is_within_the_look_back(tmp_path: Path) -> None:
    source, target = Source(inclusive=True), Target()
    source.rows = [(f"k{n}", stamp(n)) for n in range(100)]
    with Scripted(source.answer) as server, run_log(tmp_path) as store:
        live = route(incoming(server.url, lookback="1m"), target)
        run(live, store)
        source.rows.append(("replica", stamp(70)))
        assert run(live, store).counts["created"] == 1
        source.rows.append(("too late", stamp(0)))
        assert run(live, store).counts["created"] == 0


ODD: list[Any] = [None, "", "yesterday", True, [], {}, 12, "2099-01-01T00:00:00+00:00", "2001-01-01T00:00:00+00:00"]


@pytest.mark.parametrize("odd", ODD, ids=str)
def test_an_odd_time_moves_the_cursor_nowhere(tmp_path: Path, odd: Any) -> None:
    rows = [{"id": "1", "updated": stamp(0)}, {"id": "2", "updated": odd}, {"id": "3"}]
    with Scripted(js({"items": rows})) as server, run_log(tmp_path) as store:
        run(
            route(listing(server.url, cursor={"at": "updated", "send": {"query": {"since": "{cursor}"}}}), Target()),
            store,
        )
        assert runs.checkpoints(store, "things")[""]["cursor"] == stamp(0)


def test_numbers_are_a_cursor_of_their_own(tmp_path: Path) -> None:
    rows = [{"id": "1", "updated": 17}, {"id": "2", "updated": 5}, {"id": "3", "updated": "2026-01-01"}]
    with Scripted(js({"items": rows})) as server, run_log(tmp_path) as store:
        cursor = {"at": "updated", "send": {"query": {"since": "{cursor}"}}}
        run(route(listing(server.url, cursor=cursor), Target()), store)
        run(route(listing(server.url, cursor=cursor), Target()), store)
        assert dict(server.asked[1].query) == {"since": "17"}
        assert json.loads(json.dumps(runs.checkpoints(store, "things")))[""]["cursor"] == 17


SECONDS = 1_772_366_400  # 2026-03-01 12:00 UTC
SINCE = {"at": "updated", "send": {"query": {"since": "{cursor}"}}}


@pytest.mark.parametrize(
    ("value", "asked"),
    [
        (SECONDS, SECONDS - 300),
        (SECONDS * 1000, (SECONDS - 300) * 1000),
        (SECONDS * 10**6, (SECONDS - 300) * 10**6),
        (SECONDS * 10**9, (SECONDS - 300) * 10**9),
        (4711, 4711 - 300),
    ],
)
def test_a_look_back_is_as_long_as_it_says_whatever_a_number_counts(value: int, asked: int) -> None:
    cursor = Cursor.build({**SINCE, "lookback": "5m"})
    assert cursor.to_send(value) == {"since": str(asked)}


@pytest.mark.parametrize("unit", [1, 1000, 10**6, 10**9])
def test_a_number_that_is_a_time_far_ahead_does_not_push_the_cursor(unit: int) -> None:
    """2147483647, 9999999999 and the end of the year 9999 stand for "never" in many a database."""
    cursor = Cursor.build(SINCE)
    now = datetime.fromtimestamp(SECONDS, UTC)
    for ahead in (2147483647, 9999999999, 253402300799):
        assert cursor.higher(SECONDS * unit, {"updated": ahead * unit}, now) == SECONDS * unit
    assert cursor.higher(SECONDS * unit, {"updated": SECONDS * unit + 7}, now) == SECONDS * unit + 7


@pytest.mark.parametrize("before", [0, 17, 4711, 120_000_000, 8_123_456_789_012])
def test_numbers_that_only_count_go_as_far_as_they_like(before: int) -> None:
    now = datetime.fromtimestamp(SECONDS, UTC)
    assert Cursor.build(SINCE).higher(before, {"updated": before * 1000 + 1}, now) == before * 1000 + 1


@pytest.mark.parametrize(
    ("since", "given", "told"),
    [
        (None, "soon", "`updated` is 'soon', no time and no number: every read asks for everything"),
        (stamp(0), "soon", f"`updated` is 'soon', no time and no number: the cursor stays at {stamp(0)}"),
        (stamp(0), 17, f"`updated` is number, and the cursor so far is a time: the cursor stays at {stamp(0)}"),
        (17, stamp(0), f"`updated` is '{stamp(0)}', and the cursor so far is a number: the cursor stays at 17"),
    ],
)
def test_a_cursor_that_does_not_move_is_told_with_where_it_stays(since: Any, given: Any, told: str) -> None:
    with Scripted(js({"items": [{"id": "1", "updated": given}]})) as server:
        batches = read(listing(server.url, cursor=SINCE), {} if since is None else {"cursor": since})
    assert [one.message for one in batches[-1].notes] == [told]


def test_a_cursor_of_another_listing_is_told_until_that_one_was_read(tmp_path: Path) -> None:
    """What the wider listing has more, and what did not change since, would never be read."""
    cursor = {"at": "updated", "send": {"query": {"since": "{cursor}"}}}

    def told(answer: Response, **declared: Any) -> list[str]:
        with Scripted(answer) as server:
            live = route(listing(server.url, cursor=cursor, **declared), Target())
            return [one.code for one in run(live, store).notes]

    rows = [{"id": "1", "updated": stamp(0)}]
    wide = {"query": {"category": "all"}}
    with run_log(tmp_path) as store:
        assert told(js({"items": rows})) == []
        assert told(js({"items": rows})) == []
        assert told(js({"items": rows}), pagination={"type": "offset", "limit": 7}) == [], "the same in other pages"
        assert told(js({"items": rows, "total": 2}), total="total", **wide) == ["PAG003"], "and it is not whole"
        assert told(js({"items": rows}), **wide) == ["PAG003"]
        assert told(js({"items": rows}), **wide) == []
        since = runs.checkpoints(store, "things")[""]
        assert since["cursor"] == stamp(0)
