"""Fetches the batches of a reading in a thread of its own, so that a source that hangs cannot hold up a stop."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator

from connector.core.errors import Stopped
from connector.core.model import Batch
from connector.core.protocols import Reading, Stop
from connector.core.scope import carried

_LOOK_SECONDS = 0.2

_Given = queue.SimpleQueue[Batch | BaseException | None]


def fetched(reading: Reading, stop: Stop, patience: float) -> Generator[Batch]:
    """The batches of a reading, each asked for when the one before has been taken: none is read ahead.

    Args:
        reading: what is read.
        stop: looked at while a batch is waited for.
        patience: seconds that the batch under way may still take after that.

    Raises:
        Stopped: the batch under way did not come in time; nothing of it was taken.
        ConnectorError: whatever the reading raises.
    """
    wanted: queue.SimpleQueue[bool] = queue.SimpleQueue()
    given: _Given = queue.SimpleQueue()

    def fetch() -> None:
        batches = iter(reading.batches(stop))
        while wanted.get():
            try:
                given.put(next(batches, None))
            except BaseException as error:  # noqa: BLE001 - raised again in the run's own thread
                given.put(error)

    threading.Thread(target=carried(fetch), name=f"read-{reading.partition}", daemon=True).start()
    try:
        while True:
            wanted.put(True)  # noqa: FBT003 - a queue takes values only by position
            found = _waited(given, stop, patience)
            if found is None:
                return
            if isinstance(found, BaseException):
                raise found
            yield found
    finally:
        wanted.put(False)  # noqa: FBT003


def _waited(given: _Given, stop: Stop, patience: float) -> Batch | BaseException | None:
    left = patience
    while True:
        try:
            return given.get(timeout=_LOOK_SECONDS)
        except queue.Empty:
            left -= _LOOK_SECONDS if stop else 0
        if left <= 0:
            raise Stopped("asked to stop, and the source did not answer in time")
