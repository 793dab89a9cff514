"""Progress of a run on stderr: a live line on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import sys
import threading
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from connector.routes.run import RunView

EVERY_SECONDS = 5.0


class Progress:
    """Shows the newest view of a run; silent when told to be.

    Views come from two threads: the heartbeat's, and at the end the main one. A late one of the former must not bring
    the live line back.
    """

    def __init__(self, *, silent: bool) -> None:
        self._silent = silent
        self._live: Any = None
        self._task: Any = None
        self._route = ""
        self._done: set[str] = set()
        self._lock = threading.Lock()
        self._said = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._silent = True
            self._end()

    def show(self, view: RunView) -> None:
        """Called four times a second while a route runs, and once with the phase ``done``."""
        with self._lock:
            if self._silent or view.route in self._done:
                return
            if view.phase == "done":
                self._done.add(view.route)
                self._end()
            elif sys.stderr.isatty():
                self._live_line(view)
            elif time.monotonic() - self._said >= EVERY_SECONDS:
                self._said = time.monotonic()
                sys.stderr.write(f"{view.route}: {words(view)}\n")
                sys.stderr.flush()

    def _live_line(self, view: RunView) -> None:
        if self._live is None or self._route != view.route:
            self._end()
            self._begin(view)
        known = view.total if view.phase == "reading" else view.counts["new"]
        done = view.counts["read"] if view.phase == "reading" else _ended(view)
        self._live.update(self._task, total=known, completed=done, description=f"{view.route}: {words(view)}")

    def _begin(self, view: RunView) -> None:
        from rich.console import Console  # noqa: PLC0415 - only on a terminal
        from rich.progress import BarColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415
        from rich.progress import Progress as Live  # noqa: PLC0415

        columns = (TextColumn("{task.description}", markup=False), BarColumn(bar_width=20), TimeRemainingColumn())
        self._live = Live(*columns, console=Console(stderr=True), transient=True)
        self._task = self._live.add_task(view.route, total=None)
        self._route = view.route
        self._live.start()

    def _end(self) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None


def words(view: RunView) -> str:
    """``120/500 read, 30 to do, 80 finished, 9 unchanged, 1 failed, 40/s``; what is zero is left out."""
    counts, ended = view.counts, _ended(view)
    shown = {
        "to do": counts["new"] - ended,
        "finished": counts["finished"],
        "unchanged": counts["unchanged"] + counts["skipped"],
        "failed": counts["failed"],
    }
    told = [f"{number} {name}" for name, number in shown.items() if number > 0]
    rate = f", {ended / view.seconds:.0f}/s" if ended and view.seconds > 0.5 else ""
    of = f"/{view.total}" if view.total else ""
    paused = f"; {view.paused}" if view.paused else ""
    return f"{counts['read']}{of} read, {', '.join(told) or 'nothing sent yet'}{rate}{paused}"


def _ended(view: RunView) -> int:
    return view.counts["finished"] + view.counts["skipped"] + view.counts["failed"]
