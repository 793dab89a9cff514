"""Where a route writes to, and what was agreed to: kept once, whoever is first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

from connector.store import Store, targets

AT_ONCE = 4


def test_processes_that_start_at_once_do_not_get_into_each_others_way(store: Store) -> None:
    now, together = datetime.now(UTC), Barrier(AT_ONCE)

    def start(_: int) -> None:
        for number in range(20):
            together.wait(10)
            targets.keep_place(store, f"route {number}", "https://a.example", now)
            targets.agree(store, f"https://{number}.example", "admin", now)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(start, range(AT_ONCE)))
    targets.keep_place(store, "route 7", "https://b.example", now)
    assert targets.place_of(store, "route 7") == ("https://b.example", 0)
    assert targets.place_of(store, "route 8") == ("https://a.example", 0)
    assert targets.is_agreed(store, "https://19.example", "admin")
