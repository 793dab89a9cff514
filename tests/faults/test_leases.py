"""An owner that freezes, returns, or starts twice (cases 31 and 32): real processes on one run log."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from bench.faults.run_log import database
from connector.core.clock import SystemClock
from connector.core.errors import StoreError
from connector.core.process import identity
from connector.routes import heartbeat
from connector.runtime.leader import Leadership
from connector.sandbox.ibexa import IbexaSandbox
from connector.store import Store, engine, frozen, leases, open_store
from connector.store.schedule import LEADER
from connector.store.tables import lease
from tests.faults.project import ThingsProject
from tests.faults.test_processes import sound, until

SHORT = 3
# The command line with a shorter lease: thirty seconds are long in a test.
WRAPPER = (
    "from datetime import timedelta\nfrom connector.store import leases\nfrom connector.routes import heartbeat\n"
    f"leases.TTL = timedelta(seconds={SHORT})\nheartbeat.HEARTBEAT_SECONDS = 0.5\n"
    "from connector.cli import main\nmain()\n"
)

needs_postgres = pytest.mark.skipif(
    not os.environ.get("CONNECTOR_TEST_POSTGRES") and not os.environ.get("CI"),
    reason="no PostgreSQL: set CONNECTOR_TEST_POSTGRES to the URL of a server to test on",
)


def start(project: ThingsProject) -> subprocess.Popen[bytes]:
    program = [sys.executable, "-c", WRAPPER, "-C", str(project.root), "-q", "run", "things"]
    return subprocess.Popen(program, env=project.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@needs_postgres
def test_an_owner_that_was_frozen_past_its_lease_writes_nothing_when_it_comes_back(
    tmp_path: Path, sandbox: IbexaSandbox
) -> None:
    project = ThingsProject(tmp_path, sandbox.url)
    project.things({str(n): f"thing {n}" for n in range(60)})
    with database("postgresql") as url:
        project.env["CONNECTOR_DATABASE_URL"] = url
        sandbox.faults.latency_ms = 40
        frozen = start(project)
        until(lambda: sandbox.book.snapshot()["writes"]["total"] >= 10)
        frozen.send_signal(signal.SIGSTOP)
        stopped = time.monotonic()
        sandbox.faults.latency_ms = 0
        while True:
            second = start(project)
            _, errors = second.communicate(timeout=60)
            if second.returncode != 5:
                break
            assert time.monotonic() - stopped < SHORT + 25, (
                "the start of processes counts here; test_figures measures it"
            )
        assert second.returncode in {0, 1}, errors
        frozen.send_signal(signal.SIGCONT)
        _, errors = frozen.communicate(timeout=60)
        assert frozen.returncode in {3, 5}, errors
        done = project.run("run", "things", "--retry")
        assert done.returncode == 0, done.stderr
    sound(sandbox, 60)


def hold(store: Store, *, by: str) -> sa.Connection:
    """A transaction that holds the lease of ``things``, as one whose process was stopped after the last message."""
    leases.release(store, "things", leases.acquire(store, "things", identity(), datetime.now(UTC)), datetime.now(UTC))
    connection = store.engine.connect()
    connection.begin()
    leases.guard(connection, "things", 1)
    if by == "a batch":
        connection.execute(
            lease.insert(), [{"name": name, "owner": "", "fence": 0, "expires_at": datetime.now(UTC)} for name in "ab"]
        )
    if by == "a part of a batch":
        driver = connection.connection.driver_connection
        assert driver is not None
        connection.info["batch"] = driver.pipeline()
        connection.info["batch"].__enter__()
        driver.execute("SELECT 1")
        driver.pgconn.send_flush_request()
        driver.pgconn.flush()
    return connection


@needs_postgres
@pytest.mark.parametrize("by", ["a statement", "a batch", "a part of a batch"])
def test_who_freezes_inside_a_transaction_does_not_keep_the_others_out(
    monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    """A stopped process holds its locks; they are taken away from who says nothing."""
    monkeypatch.setattr(engine, "FROZEN_MILLISECONDS", 1000)
    monkeypatch.setattr(leases, "LOCKED_SECONDS", 15)
    with database("postgresql") as url:
        frozen, other = open_store(url), open_store(url)
        held = hold(frozen, by=by)
        assert leases.acquire(other, "things", identity(), datetime.now(UTC)) == 2
        held.invalidate()
        frozen.close()
        other.close()


@needs_postgres
def test_the_books_of_a_run_are_written_one_transaction_after_the_other() -> None:
    """What reads and what sends change the same items, in orders of their own: at once they could lock each other out."""
    with database("postgresql") as url:
        store = open_store(url)
        fence = leases.acquire(store, "things", identity(), datetime.now(UTC))
        with store.writing() as reading:
            leases.guard(reading, "things", fence)
            with pytest.raises(StoreError), store.writing() as sending:
                sending.exec_driver_sql("SET LOCAL lock_timeout = '200ms'")
                leases.guard(sending, "things", fence)
        with store.writing() as sending:
            leases.guard(sending, "things", fence)
        store.close()


@needs_postgres
def test_a_leader_that_froze_while_it_renewed_its_lease_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "FROZEN_MILLISECONDS", 1000)
    monkeypatch.setattr(leases, "LOCKED_SECONDS", 15)
    with database("postgresql") as url:
        first, second = open_store(url), open_store(url)
        leases.acquire(first, LEADER, identity(), datetime.now(UTC) - 2 * leases.TTL)
        held = first.engine.connect()
        held.begin()
        held.execute(lease.update().where(lease.c.name == LEADER).values(owner="frozen"))
        held.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")  # as after a batch
        standing_by = Leadership(second, SystemClock())
        with ThreadPoolExecutor(1) as pool:
            leads = pool.submit(standing_by.keep)
            try:
                assert leads.result(timeout=15)
            finally:
                held.invalidate()
        first.close()
        second.close()


@needs_postgres
def test_a_run_under_way_ends_what_another_process_froze_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "FROZEN_MILLISECONDS", 1000)
    monkeypatch.setattr(heartbeat, "HEARTBEAT_SECONDS", 0.5)
    with database("postgresql") as url:
        frozen, other = open_store(url), open_store(url)
        held = hold(frozen, by="a batch")
        fence = leases.acquire(other, "another", identity(), datetime.now(UTC))
        heart = heartbeat.Heartbeat(other, SystemClock(), ("another", fence), lambda error: None)
        with heart.beating(lambda: None), other.writing() as connection:
            connection.exec_driver_sql("SET LOCAL lock_timeout = '15s'")
            connection.execute(lease.update().where(lease.c.name == "things").values(owner=""))
        held.invalidate()
        frozen.close()
        other.close()


@needs_postgres
def test_a_lease_that_somebody_locks_by_hand_is_waited_for_and_then_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "LOCKED_SECONDS", 1)
    with database("postgresql") as url:
        strange, other = open_store(f"{url}?application_name=somebody"), open_store(url)
        held = hold(strange, by="a statement")
        with pytest.raises(StoreError, match="locked too long") as told:
            leases.acquire(other, "things", identity(), datetime.now(UTC))
        assert "pg_stat_activity" in (told.value.hint or "")
        held.close()
        assert leases.acquire(other, "things", identity(), datetime.now(UTC)) == 2
        strange.close()
        other.close()


@needs_postgres
def test_a_lease_is_renewed_where_sessions_may_not_be_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frozen, "_FROZEN", sa.text("SELECT pg_terminate_backend('none', :silent)"))
    monkeypatch.setattr(heartbeat, "HEARTBEAT_SECONDS", 0.1)
    with database("postgresql") as url:
        store = open_store(url)
        long_ago = datetime.now(UTC) - leases.TTL / 2
        fence = leases.acquire(store, "things", identity(), long_ago)
        before = leases.expires_at(store, "things")
        heart = heartbeat.Heartbeat(store, SystemClock(), ("things", fence), lambda error: None)
        with heart.beating(lambda: None):
            until(lambda: leases.expires_at(store, "things") != before)
        store.close()
