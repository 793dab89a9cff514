"""What is asked often is answered from an index, however many tasks have ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from connector.store import Store, causes, claims, intake, open_store, reports, tasks
from connector.store.old_tasks import old_messages, old_tasks

NOW = datetime(2026, 1, 1, tzinfo=UTC)


STAMP = intake.Stamp("r", 1, NOW)


def in_transaction(ask: Callable[[sa.Connection], object]) -> Callable[[Store], None]:
    def asked(store: Store) -> None:
        with store.writing() as connection:
            ask(connection)

    return asked


ASKED: dict[str, Callable[[Store], object]] = {
    "claim": in_transaction(lambda connection: claims.claim(connection, "r", NOW, limit=8, fence=1)),
    "known records": in_transaction(lambda connection: intake.known_records(connection, "r", ["a", "b"])),
    "known items": in_transaction(lambda connection: intake.known_items(connection, "r", ["a"], ["b"])),
    "seen": in_transaction(lambda connection: intake.mark_seen(connection, STAMP, [1, 2], ["a", "b"])),
    "recover": in_transaction(lambda connection: tasks.recover(connection, "r")),
    "waiting": in_transaction(lambda connection: claims.waiting(connection, "r", NOW)),
    "by route": lambda store: reports.tasks(store, route="r"),
    "by state": lambda store: reports.tasks(store, state="failed"),
    "by run": lambda store: reports.tasks(store, run=1),
    "by key": lambda store: reports.tasks(store, key="k"),
    "failures": lambda store: causes.failures(store, route="r"),
    "item": lambda store: reports.item_by_key(store, "k"),
    "old messages": in_transaction(lambda connection: old_messages(NOW, connection, 0)),
    "old tasks": in_transaction(lambda connection: old_tasks("finished", NOW, 0, connection, 0)),
}


@pytest.mark.parametrize("name", ASKED)
def test_no_question_reads_all_tasks_or_items(name: str, tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/run.db")
    said: list[tuple[str, Any]] = []
    sa.event.listen(store.engine, "before_cursor_execute", lambda *found: said.append((found[2], found[3])))
    ASKED[name](store)
    asked = [(text, values) for text, values in said if text.startswith(("SELECT", "UPDATE"))]
    assert asked
    with store.engine.connect() as connection:
        for text, values in asked:
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values).all()
            plan = [str(row[3]) for row in rows]
            scans = [step for step in plan if step in ("SCAN task", "SCAN item", "SCAN record")]
            assert scans == [], plan
    store.close()
