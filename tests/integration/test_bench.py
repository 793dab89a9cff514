"""The benchmark itself: it does the work it says it does, notices when a side did not, and tells what was found."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bench.databases import Databases
from bench.modes import MODES, ROUTE, SERVED
from bench.peers import PEERS, Installed, Peer, install
from bench.results import Found, about, as_json, page
from bench.rounds import Row, measured
from bench.sides import script
from bench.work import Measured


def run(name: str, records: int, **changes: object) -> list[Row]:
    mode = replace(MODES[name], **changes)  # type: ignore[arg-type]
    return measured(mode, records, 1, installed=[], databases=Databases(), tell=lambda _: None)


def test_script_and_route_do_the_same_work() -> None:
    by_hand, route = run("sync-8", 12, latency_ms=0.0)
    assert by_hand.ratios == [1.0]
    assert route.ratios[0] > 0
    assert (round(by_hand.requests * 12), round(route.requests * 12)) == (3 * 12 + 2, 2 * 12 + 5)  # a page, a login, …


def test_the_incoming_alone_reads_what_the_script_reads() -> None:
    by_hand, incoming = run("read", 110)
    assert [round(row.requests * 110) for row in (by_hand, incoming)] == [2, 2]  # the pages, and no log-in


def test_no_change_sends_nothing() -> None:
    with_digests, _, route, served = run("no-change", 110)
    assert [round(row.requests * 110) for row in (with_digests, route, served)] == [2, 2, 4]  # the pages, twice


def test_a_side_that_leaves_work_out_is_noticed() -> None:
    with pytest.raises(AssertionError, match="lazy: create came"):
        run("sync-8", 5, sides={"lazy": script("pull")}, asks={"create": 1})


def test_a_side_that_fails_is_not_measured() -> None:
    with pytest.raises(RuntimeError, match="No module named"):
        run("sync-8", 5, sides={"broken": script("nothing_of_that_name")})


def test_a_framework_that_fails_is_told_of_in_its_row_and_the_others_go_on() -> None:
    worse = "import sys; sys.exit('ValueError: no such thing in /srv/somebody/file')"
    broken = Peer("broken", (), "nothing", lambda python, _: [python, "-c", worse])
    installed = [Installed(broken, sys.executable, "1.0")]
    said: list[str] = []
    briefly = replace(MODES["one"], sides={name: side for name, side in MODES["one"].sides.items() if name != SERVED})
    rows = measured(briefly, 1, 2, installed=installed, databases=Databases(), tell=said.append)
    *others, failed = rows
    assert [len(one.runs) for one in others] == [2, 2, 2]
    assert (failed.runs, failed.failed) == ([], "ValueError: no such thing in …")
    assert len([line for line in said if "broken" in line]) == 1, "it is not tried again"
    text = page(about(0.1, "python -m bench", "SQLite"), [Found("one", 1, rows)], installed)
    assert "| broken | failed: ValueError: no such thing in … |" in text
    told = as_json(about(0.1, "python -m bench", "SQLite"), [Found("one", 1, rows)], installed)
    assert told["modes"][0]["sides"][-1] == {"side": "broken", "failed": failed.failed}


def row(side: str, walls: list[float], script_walls: list[float]) -> Row:
    runs = [Measured(wall, wall / 2, 64.0, "") for wall in walls]
    ratios = [first / wall for first, wall in zip(script_walls, walls, strict=True)]
    return Row(side, runs, ratios, ratios, 3.0)


@pytest.mark.parametrize(
    ("name", "walls", "value", "verdict"),
    [
        ("sync-8", [2.0, 1.0, 4.0], 0.5, "missed"),
        ("sync-8", [1.0, 0.98, 0.5], 1 / 0.98, "reached"),
        ("sync-8", [0.5, 0.5, 0.9], 2.0, "beyond"),
        ("one", [0.45, 0.3, 9.0], 0.45, "reached"),
        ("one", [0.6, 0.6, 0.6], 0.6, "missed"),
        ("memory", [1.0, 1.0, 1.0], 64.0, "reached"),
    ],
)
def test_the_median_round_is_held_against_the_goal(name: str, walls: list[float], value: float, verdict: str) -> None:
    found = Found(name, 10, [row("script", [1.0] * 3, [1.0] * 3), row(ROUTE, walls, [1.0] * 3)])
    assert found.value(found.routes[0])[1] == pytest.approx(value)
    assert found.verdict(found.routes[0]) == verdict


def test_the_page_says_why_a_peer_is_not_there() -> None:
    told = Installed(PEERS[0], "", "", "could not be installed: no matching distribution")
    found = Found("sync-8", 10, [row("script", [1.0], [1.0]), row(ROUTE, [2.0], [1.0])])
    text = page(about(0.1, "python -m bench", "SQLite"), [found], [told])
    assert "dlt could not be installed: no matching distribution" in text
    assert "`sync-8` had fewer records" in text
    assert "| Sync: new items, 10 ms, 8 at once | **0.50** | 1 | 1.1 | missed |" in text


def test_a_peer_that_cannot_be_installed_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    no_folder = tmp_path / "file"
    no_folder.touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(no_folder))
    found = install(Peer("any", ("any==1",), "nothing", lambda python, _: [python]))
    assert not found.python
    assert found.why == "could not be installed: Not a directory"  # no path of a machine reaches the page
