"""SIGINT and SIGTERM: the first asks to stop, the second ends the process at once."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from msgspec import Struct

from connector.core.clock import StopEvent


class SignalState(Struct):
    """Which signal came, as the exit code it means (128 + its number); 0 for none."""

    exit_code: int = 0


@contextmanager
def stop_on_signals(stop: StopEvent) -> Iterator[SignalState]:
    """Within the block a signal sets ``stop``; a second one exits the process without further ado.

    What is under way then stays in the run log as processing; the next run looks it up.
    """
    state = SignalState()
    if threading.current_thread() is not threading.main_thread():
        yield state
        return

    def handle(number: int, _frame: FrameType | None) -> None:
        if state.exit_code:
            os._exit(128 + number)
        state.exit_code = 128 + number
        stop.set()
        # Past Python's buffers, which the signal may have interrupted; and nobody may be reading any more.
        with suppress(OSError):
            os.write(2, b"\nstopping: what is under way may end (once more to end at once)\n")

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield state
    finally:
        for number, former in before.items():
            signal.signal(number, former)
