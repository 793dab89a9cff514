"""What belongs to the run that a thread works for: its stop signal, and where its requests are logged.

Clients are built once and shared by all runs of a process, so they ask here. A thread that a run starts is started with
``carried``: only so does it belong to the run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from typing import ParamSpec, TypeVar

from connector.core.jsonio import Json
from connector.core.protocols import Stop

P = ParamSpec("P")
T = TypeVar("T")
Sink = Callable[[Mapping[str, Json]], None]

_sink: ContextVar[Sink | None] = ContextVar("request_log", default=None)
_stop: ContextVar[Stop | None] = ContextVar("stop", default=None)


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
    """Within the block, long waits of this thread, and of those it starts, look at that signal too."""
    token = _stop.set(stop)
    try:
        yield
    finally:
        _stop.reset(token)


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


class RunOrProcessStop:
    """The stop that shared parts look at: that of the run they work for just now, or else the process's."""

    def __init__(self, process: Stop) -> None:
        self._process = process

    def __bool__(self) -> bool:
        return bool(_stop.get()) or bool(self._process)

    def wait(self, seconds: float) -> bool:
        """Sleep, but wake when either asks to stop. Returns True if so."""
        own = _stop.get()
        return (self._process if own is None else own).wait(seconds)
