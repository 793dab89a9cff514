"""Progress of a run on stderr: a live line on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from connector.routes.run import RunView

EVERY_SECONDS = 5.0


class Progress:
    """Shows the newest view of a run; silent when told to be."""

    def __init__(self, *, silent: bool) -> None:
        self._silent = silent
        self._live: Any = None
        self._task: Any = None
        self._route = ""
        self._said = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def show(self, view: RunView) -> None:
        """Called four times a second, from another thread."""
        if self._silent:
            return
        if not sys.stderr.isatty():
            if time.monotonic() - self._said >= EVERY_SECONDS and view.phase != "done":
                self._said = time.monotonic()
                sys.stderr.write(f"{view.route}: {_line(view)}\n")
            return
        self._live_line(view)

    def _live_line(self, view: RunView) -> None:
        if view.phase == "done":
            self._end()
            return
        if self._live is None or self._route != view.route:
            self._end()
            self._begin(view)
        known = view.total if view.phase == "reading" else view.counts["new"]
        done = view.counts["read"] if view.phase == "reading" else _ended(view)
        self._live.update(self._task, total=known, completed=done, description=f"{view.route}: {_line(view)}")

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


def _ended(view: RunView) -> int:
    return view.counts["finished"] + view.counts["skipped"] + view.counts["failed"]


def _line(view: RunView) -> str:
    of = f"/{view.total}" if view.total else ""
    ended = _ended(view)
    rate = ended / view.seconds if view.seconds > 0.5 else 0.0
    shown = {"finished": view.counts["finished"], "unchanged": view.counts["unchanged"] + view.counts["skipped"]}
    shown["failed"] = view.counts["failed"]
    counts = ", ".join(f"{number} {name}" for name, number in shown.items() if number)
    return f"{view.counts['read']}{of} read, {counts or 'nothing sent yet'}, {rate:.0f}/s"
