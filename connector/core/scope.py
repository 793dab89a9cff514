"""What belongs to the run that a thread works for: its stop signal, and where its requests are logged.

Clients are built once and shared by all runs of a process, so they ask here. A thread that a run starts is started with
``carried``: only so does it belong to the run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from typing import ParamSpec, TypeVar

from msgspec import Struct

from connector.core.errors import Stopped
from connector.core.jsonio import Json
from connector.core.protocols import Stop

P = ParamSpec("P")
T = TypeVar("T")
Sink = Callable[[Mapping[str, Json]], None]


class _Run(Struct):
    stop: Stop
    over: bool = False


_sink: ContextVar[Sink | None] = ContextVar("request_log", default=None)
_run: ContextVar[_Run | None] = ContextVar("run", default=None)


@contextmanager
def logging_to(sink: Sink) -> Iterator[None]:
    """Within the block, requests of this thread, and of those it starts, are logged there."""
    token = _sink.set(sink)
    try:
        yield
    finally:
        _sink.reset(token)


@contextmanager
def stopped_by(stop: Stop) -> Iterator[None]:
    """Within the block, long waits of this thread, and of those it starts, look at that signal too.

    After the block, what such a thread still wants to send is refused: nobody could account for it.
    """
    run = _Run(stop)
    token = _run.set(run)
    try:
        yield
    finally:
        run.over = True
        _run.reset(token)


def carried(work: Callable[P, T]) -> Callable[P, T]:
    """The same work for another thread, which then belongs to the run of this one. May be called by many at once."""
    context = copy_context()

    def within(*args: P.args, **kwargs: P.kwargs) -> T:
        return context.copy().run(work, *args, **kwargs)

    return within


def log_request(entry: Mapping[str, Json]) -> None:
    """Hand a request log entry to the run that made the request; outside of a run it is not kept."""
    sink = _sink.get()
    if sink is not None:
        sink(entry)


def check_going() -> None:
    """Before anything is sent.

    Raises:
        Stopped: the run that this thread works for has ended without it.
    """
    run = _run.get()
    if run is not None and run.over:
        raise Stopped("the run ended before this was sent")


class RunOrProcessStop:
    """The stop that shared parts look at: that of the run they work for just now, or else the process's."""

    def __init__(self, process: Stop) -> None:
        self._process = process

    def __bool__(self) -> bool:
        run = _run.get()
        return bool(self._process if run is None else run.stop)

    def wait(self, seconds: float) -> bool:
        """Sleep, but wake when either asks to stop. Returns True if so."""
        run = _run.get()
        return (self._process if run is None else run.stop).wait(seconds)
