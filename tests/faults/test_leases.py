"""An owner that freezes, returns, or starts twice (cases 31 and 32): real processes on one run log."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench.faults.run_log import database
from connector.core.process import identity
from connector.sandbox.ibexa import IbexaSandbox
from connector.store import engine, leases, open_store
from tests.faults.project import ThingsProject
from tests.faults.test_processes import sound, until

SHORT = 3
# The command line with a shorter lease: thirty seconds are long in a test.
WRAPPER = (
    "from datetime import timedelta\nfrom connector.store import leases\nfrom connector.routes import run\n"
    f"leases.TTL = timedelta(seconds={SHORT})\nrun.HEARTBEAT_SECONDS = 0.5\n"
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


@needs_postgres
def test_who_freezes_inside_a_transaction_does_not_keep_the_others_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stopped process holds its locks; PostgreSQL takes them away from who says nothing."""
    monkeypatch.setattr(engine, "FROZEN_MILLISECONDS", 1000)
    with database("postgresql") as url:
        frozen, other = open_store(url), open_store(url)
        held = frozen.engine.connect()
        held.begin()
        held.exec_driver_sql("LOCK TABLE lease IN ACCESS EXCLUSIVE MODE")
        started = time.monotonic()
        assert leases.acquire(other, "things", identity(), datetime.now(UTC)) == 1
        assert time.monotonic() - started < 15
        held.invalidate()
        frozen.close()
        other.close()
