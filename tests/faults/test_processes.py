"""Signals, closed outputs and a damaged run log, with the command line as a process (cases 28, 29, 51 and 54)."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from connector.sandbox.ibexa import IbexaSandbox
from tests.faults.project import ThingsProject


def until(found: Callable[[], Any], seconds: float = 20) -> Any:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = found()
        if value:
            return value
        time.sleep(0.01)
    raise AssertionError("it did not come about")


def sound(sandbox: IbexaSandbox, count: int) -> None:
    book = sandbox.book.snapshot()
    assert len([one for one in book["items"].values() if one["status"] == "PUBLISHED"]) == count
    assert [one for one in book["items"].values() if one["creates"] != 1] == []
    assert (book["duplicates"], book["leftover_drafts"]) == ([], [])


def finished_by_the_next(project: ThingsProject, sandbox: IbexaSandbox, count: int = 30) -> None:
    sandbox.faults.clear()
    done = project.run("run", "things", "--retry")
    assert done.returncode == 0, done.stderr
    sound(sandbox, count)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_asked_to_stop_while_it_waits_to_try_again_it_ends_at_once(
    project: ThingsProject, sandbox: IbexaSandbox, number: int, code: int
) -> None:
    client = project.root / "configs/clients/ibexa.json"
    client.write_text(client.read_text().replace('"50ms"', '"60s"').replace('"200ms"', '"60s"'))
    sandbox.faults.add({"match": {"op": "content.search"}, "do": {"status": 503}})
    process = project.start("run", "things")
    until(lambda: sandbox.book.snapshot()["faults"])
    process.send_signal(number)
    started = time.monotonic()
    process.communicate(timeout=30)
    assert process.returncode == code
    assert time.monotonic() - started < 20
    finished_by_the_next(project, sandbox)


def test_after_the_signal_no_new_entity_is_begun(project: ThingsProject, sandbox: IbexaSandbox) -> None:
    sandbox.faults.latency_ms = 100
    process = project.start("run", "things")
    until(lambda: sandbox.book.snapshot()["writes"]["total"] >= 3)
    process.send_signal(signal.SIGTERM)
    creates = sandbox.book.snapshot()["writes"]["by_op"]["content.create"]
    process.communicate(timeout=30)
    assert process.returncode == 143
    begun = sandbox.book.snapshot()["writes"]["by_op"]["content.create"] - creates
    assert begun <= 8, "those that were under way, with four workers"
    finished_by_the_next(project, sandbox)


def test_a_server_that_hangs_does_not_keep_a_stopping_run_for_ever(
    project: ThingsProject, sandbox: IbexaSandbox
) -> None:
    """30 seconds is what a task under way is given; asked a second time, none."""
    sandbox.faults.add({"match": {"op": "content_version.publish"}, "do": {"hang_seconds": 25}})
    process = project.start("run", "things")
    until(lambda: sandbox.book.snapshot()["faults"])
    process.send_signal(signal.SIGTERM)
    time.sleep(0.3)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    assert process.returncode == 143
    finished_by_the_next(project, sandbox)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_with_nobody_at_the_other_end_of_its_outputs_stops_it_as_well(
    project: ThingsProject, sandbox: IbexaSandbox, number: int
) -> None:
    sandbox.faults.latency_ms = 60
    process = project.start("run", "things")
    assert process.stderr is not None
    assert process.stdout is not None
    until(lambda: sandbox.book.snapshot()["writes"]["total"])
    process.stderr.close()
    process.stdout.close()
    process.send_signal(number)
    assert process.wait(30) != 0
    [run] = json.loads(project.run("runs", "--json").stdout)
    assert run["state"] == "stopped"
    assert run["problem"]["code"] == "RUN003", "it closed its books itself"
    finished_by_the_next(project, sandbox)


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "> /dev/full", "2> /dev/full", "<&- >&- 2>&-"])
def test_outputs_that_are_closed_or_full_lose_nothing(
    project: ThingsProject, sandbox: IbexaSandbox, closed: str
) -> None:
    program = f"exec {sys.executable} -m connector -v -C {project.root} run things {closed}"
    done = subprocess.run(["sh", "-c", program], env=project.env, capture_output=True, check=False, timeout=60)
    assert done.returncode >= 0, "no signal"
    sound(sandbox, 30)
    assert "nothing had to be sent" in project.run("run", "things").stdout


# -- the run log after a crash ---------------------------------------------------------------------------------------


def killed(project: ThingsProject, sandbox: IbexaSandbox) -> None:
    sandbox.faults.latency_ms = 15
    process = project.start("run", "things")
    until(lambda: sandbox.book.snapshot()["writes"]["total"] >= 12)
    process.kill()
    process.communicate()
    until(lambda: not sandbox.book.in_flight_writes)
    sandbox.faults.latency_ms = 0


@pytest.mark.parametrize("torn", [0.0, 0.3, 0.6, 0.9, 0.999])
def test_a_run_log_whose_newest_pages_are_torn_opens_clean_and_doubles_nothing(
    project: ThingsProject, sandbox: IbexaSandbox, torn: float
) -> None:
    """As after a power cut: only the first part of the write-ahead log reached the disk, and then some noise."""
    killed(project, sandbox)
    log = project.root / "run.db-wal"
    body = log.read_bytes()
    keep = int(len(body) * torn)
    log.write_bytes(body[:keep] + os.urandom(2000))
    (project.root / "run.db-shm").unlink(missing_ok=True)
    finished_by_the_next(project, sandbox)
    check = sqlite3.connect(project.root / "run.db")
    assert check.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    check.close()


def test_a_damaged_run_log_is_said_with_what_to_do(project: ThingsProject, sandbox: IbexaSandbox) -> None:
    assert project.run("run", "things").returncode == 0
    database = project.root / "run.db"
    check = sqlite3.connect(database)
    check.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    check.close()
    whole = database.read_bytes()
    for damaged in (whole[:4096] + os.urandom(len(whole) - 4096), b"no database at all " * 500):
        database.write_bytes(damaged)
        done = project.run("run", "things")
        assert done.returncode == 3, done.stderr
        assert "run log" in done.stderr
        assert "Traceback" not in done.stderr
    database.write_bytes(whole)
    finished_by_the_next(project, sandbox)


def test_a_run_log_of_a_newer_version_is_refused_and_left_alone(project: ThingsProject) -> None:
    assert project.run("run", "things").returncode == 0
    database = project.root / "run.db"
    change = sqlite3.connect(database)
    change.execute("UPDATE alembic_version SET version_num = '9999'")
    change.commit()
    change.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    change.close()
    before = database.read_bytes()
    for arguments in (("run", "things"), ("db", "upgrade"), ("runs",)):
        done = project.run(*arguments)
        assert done.returncode == 3, arguments
        assert "9999" in done.stderr
    assert database.read_bytes() == before


def test_a_copy_that_was_taken_before_is_behind_and_not_wrong(
    project: ThingsProject, sandbox: IbexaSandbox, tmp_path: Path
) -> None:
    """A run log restored from a backup: what was written meanwhile is looked up, not written again."""
    assert project.run("run", "things").returncode == 0
    backup = tmp_path / "backup.db"
    source, copy = sqlite3.connect(project.root / "run.db"), sqlite3.connect(backup)
    source.backup(copy)
    source.close()
    copy.close()
    project.things({str(n): f"changed {n}" for n in range(40)})
    assert project.run("run", "things").returncode == 0
    for name in ("run.db", "run.db-wal", "run.db-shm"):
        (project.root / name).unlink(missing_ok=True)
    shutil.copy(backup, project.root / "run.db")
    sandbox.book.reset()
    assert project.run("run", "things").returncode == 0
    assert sandbox.book.snapshot()["writes"]["total"] == 0


def test_a_run_ends_on_the_mapping_that_it_began_with(project: ThingsProject, sandbox: IbexaSandbox) -> None:
    """A deployment in the middle of a run: no mixture; the next run sends what the new mapping says."""
    sandbox.faults.latency_ms = 40
    process = project.start("run", "things")
    until(lambda: sandbox.book.snapshot()["writes"]["total"] >= 3)
    mapping = project.root / "transformers/thing.json"
    mapping.write_text(mapping.read_text().replace('"name": "value"', '"name": "concat(\'new \', value)"'))
    process.communicate(timeout=60)
    assert process.returncode == 0
    sandbox.faults.latency_ms = 0
    assert names(sandbox) == {f"thing {n}" for n in range(30)}
    assert project.run("run", "things").returncode == 0
    assert names(sandbox) == {f"new thing {n}" for n in range(30)}
    sound(sandbox, 30)


def names(sandbox: IbexaSandbox) -> set[str]:
    ours = [one for one in sandbox.repository.contents.values() if one.remote_id.startswith("t-")]
    return {str(one.version.fields["eng-GB"]["name"]) for one in ours}
