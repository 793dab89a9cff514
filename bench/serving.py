"""A route that ``connector serve`` runs: the process is up, as it is for years; only the run itself is measured."""

from __future__ import annotations

import json
import os
import re
import subprocess
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from bench.work import Measured, measure

_ENDED = re.compile(r": run \d+ \w+ in ")
_TICK = 1 / os.sysconf("SC_CLK_TCK")
_LOOK_SECONDS = 0.01
_PATIENCE_SECONDS = 600


def serve(program: list[str], env: Mapping[str, str], cwd: Path, *, runs: int) -> Measured:
    """Start ``connector serve`` in a project, let it run its route so often, and account for the last of these runs.

    Args:
        program: the connector, as a command.
        env: its environment.
        cwd: the project; its route has a schedule.
        runs: the last of them is measured; those before warm the process up.

    Returns:
        Its seconds as the run log has them, the processor seconds of the process meanwhile, the peak of the process
        from its start, the run as ``connector runs --json`` tells it.

    Raises:
        RuntimeError: it ended, or did not run the route.
    """
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(
        [*program, "serve", "--yes"],
        env={**inherited, **env},
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    spent = _Spent(process.pid)
    try:
        _wait(process, runs)
    finally:
        spent.stop()
        process.terminate()
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0
        assert process.stdout is not None
        process.stdout.close()
    told = measure([*program, "runs", "--json", "--limit", "1"], dict(env), cwd).output
    [run] = json.loads(told)
    return Measured(run["seconds"], spent.within(run["seconds"]), usage.ru_maxrss / 1024, told)


def _wait(process: subprocess.Popen[str], runs: int) -> None:
    assert process.stdout is not None
    timer = threading.Timer(_PATIENCE_SECONDS, process.kill)
    timer.start()
    said = []
    try:
        for line in process.stdout:
            said.append(line)
            runs -= bool(_ENDED.search(line))
            if not runs:
                return
    finally:
        timer.cancel()
    raise RuntimeError(f"serve ended early\n{''.join(said)[-2000:]}")


class _Spent:
    """How much processor time a process has used, looked at a hundred times a second."""

    def __init__(self, pid: int) -> None:
        self._file = Path(f"/proc/{pid}/stat")
        self._seen: list[tuple[float, float]] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()

    def within(self, seconds: float) -> float:
        """In the last seconds before the end; not a number where the system does not tell."""
        if not self._seen:
            return float("nan")
        last, used = self._seen[-1]
        before = [one for at, one in self._seen if at <= last - seconds]
        return max(used - (before[-1] if before else 0.0), _TICK)

    def _look(self) -> None:
        while not self._ended.wait(_LOOK_SECONDS):
            with suppress(OSError):
                fields = self._file.read_text().rpartition(")")[2].split()
                self._seen.append((time.monotonic(), (int(fields[11]) + int(fields[12])) * _TICK))
