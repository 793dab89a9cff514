"""Figures of the run log: many writers on SQLite, an owner that freezes past its lease, triggers that overlap."""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from connector.core.errors import ConnectorError, LeaseLost, RouteBusy
from connector.core.process import identity
from connector.store import leases, open_store, upgrade
from connector.store.engine import make_engine
from connector.store.tables import lease, target

PROGRAM = [sys.executable, "-m", "bench.faults.run_log"]


@contextmanager
def database(kind: str) -> Iterator[str]:
    """A run log's URL: a SQLite file, or a database of its own on the server that CONNECTOR_TEST_POSTGRES names."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{folder}/run.db"
            upgrade(url)
            yield url
        return
    server = make_engine(os.environ["CONNECTOR_TEST_POSTGRES"]).url
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    name = f"connector_faults_{os.getpid()}"
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    url = server.set(database=name).render_as_string(hide_password=False)
    upgrade(url)
    try:
        yield url
    finally:
        with admin.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        admin.dispose()


def start(*words: object) -> subprocess.Popen[str]:
    return subprocess.Popen([*PROGRAM, *map(str, words)], stdout=subprocess.PIPE, text=True)


# -- many writers ----------------------------------------------------------------------------------------------------


def sqlite(commits: int, processes: int = 3, threads: int = 20) -> dict[str, Any]:
    """Transactions that read and then write, from all threads of all processes at once."""
    each = -(-commits // (processes * threads))
    with database("sqlite") as url:
        running = [start("write", url, number, threads, each) for number in range(processes)]
        said = [one.communicate()[0].split() for one in running]
        store = open_store(url)
        with store.reading() as connection:
            kept = connection.execute(sa.select(sa.func.count()).select_from(target)).scalar()
        store.close()
    waits = sorted(float(one) for words in said for one in words[1:])
    return {
        "processes x threads": f"{processes} x {threads}",
        "commits": kept,
        "locked or otherwise failed": sum(int(words[0]) for words in said),
        "lost": each * processes * threads - (kept or 0),
        "p50 of a commit, ms": round(statistics.median(waits) * 1000, 1),
        "p99 of a commit, ms": round(waits[int(len(waits) * 0.99)] * 1000, 1),
    }


def write(url: str, process: int, threads: int, each: int) -> None:
    store = open_store(url)
    failed = [0]
    waits: list[float] = []

    def work(number: int) -> None:
        for turn in range(each):
            started = time.monotonic()
            try:
                with store.writing() as connection:
                    connection.execute(sa.select(lease.c.fence)).all()
                    row = {"address": f"{process}-{number}-{turn}", "user": "", "agreed_at": datetime.now(UTC)}
                    connection.execute(target.insert().values(**row))
            except ConnectorError:
                failed[0] += 1
            waits.append(time.monotonic() - started)

    _all(threads, work)
    print(failed[0], *(f"{one:.5f}" for one in waits))


def _all(count: int, work: Callable[[int], None]) -> None:
    running = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for one in running:
        one.start()
    for one in running:
        one.join()


# -- an owner that freezes ---------------------------------------------------------------------------------------------


def frozen(ttl: float) -> dict[str, Any]:
    """Two processes on one PostgreSQL: the owner is stopped (SIGSTOP) past its lease, and comes back."""
    with database("postgresql") as url:
        owner = start("own", url, ttl)
        assert owner.stdout is not None
        assert owner.stdout.readline() == "owner\n"
        owner.send_signal(signal.SIGSTOP)
        stopped = time.monotonic()
        leases.TTL = timedelta(seconds=ttl)
        store = open_store(url)
        while True:
            try:
                fence = leases.acquire(store, "things", identity(), datetime.now(UTC))
                break
            except RouteBusy:
                time.sleep(0.05)
        took = time.monotonic() - stopped
        owner.send_signal(signal.SIGCONT)
        said = owner.communicate(timeout=60)[0].strip()
        with store.reading() as connection:
            late = connection.execute(sa.select(sa.func.count()).where(target.c.user == "late")).scalar()
            held = connection.execute(sa.select(lease.c.fence)).scalar()
        store.close()
    return {
        "lease, s": ttl,
        "taken over after, s": round(took, 2),
        "late writes that came through": late,
        "what the former owner got": said,
        "fence of the new owner still held": held == fence,
    }


def own(url: str, ttl: float) -> None:
    leases.TTL = timedelta(seconds=ttl)
    store = open_store(url)
    fence = leases.acquire(store, "things", identity(), datetime.now(UTC))
    print("owner", flush=True)
    before = time.monotonic()
    while time.monotonic() - before < ttl:  # frozen in here; the monotonic clock goes on
        time.sleep(0.05)
    try:
        with store.writing() as connection:
            leases.guard(connection, "things", fence)
            connection.execute(target.insert().values(address="x", user="late", agreed_at=datetime.now(UTC)))
        print("written")
    except LeaseLost as error:
        print(type(error).__name__)


# -- triggers that overlap ---------------------------------------------------------------------------------------------


def overlap(triggers: int, kind: str = "postgresql", processes: int = 3) -> dict[str, Any]:
    """All processes are triggered again and again for one route; a file says who is inside."""
    with database(kind) as url, tempfile.TemporaryDirectory() as folder:
        running = [start("trigger", url, folder, -(-triggers // processes)) for _ in range(processes)]
        said = [[int(word) for word in one.communicate()[0].split()] for one in running]
    ran, busy, together = (sum(column) for column in zip(*said, strict=True))
    return {
        "processes": processes,
        "triggers": ran + busy,
        "runs": ran,
        "refused as busy": busy,
        "two at once": together,
    }


def trigger(url: str, folder: str, count: int) -> None:
    store, inside = open_store(url), Path(folder) / "inside"
    ran, busy, together = 0, 0, 0
    for _ in range(count):
        try:
            fence = leases.acquire(store, "things", identity(), datetime.now(UTC))
        except RouteBusy:
            busy += 1
            time.sleep(0.002)
            continue
        ran += 1
        together += _alone(inside)
        leases.release(store, "things", fence, datetime.now(UTC))
    print(ran, busy, together)


def _alone(inside: Path) -> int:
    """0; 1 when somebody else is inside as well."""
    try:
        os.close(os.open(inside, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return 1
    time.sleep(0.003)
    inside.unlink()
    return 0


if __name__ == "__main__":
    name, *given = sys.argv[1:]
    if name == "write":
        write(given[0], int(given[1]), int(given[2]), int(given[3]))
    elif name == "own":
        own(given[0], float(given[1]))
    else:
        trigger(given[0], given[1], int(given[2]))
