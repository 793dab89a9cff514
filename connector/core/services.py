"""What a kind is given when it is built: the project's folder, the other clients, clock and stop signal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from connector.core.jsonio import Json
from connector.core.protocols import Clock, Stop


class Services(Struct, frozen=True):
    """Handed to ``build`` by the application.

    Attributes:
        root: the project's folder; relative file names start here and may not leave it.
        client: gives the live client of that name (built once and shared by all).
        clock: time.
        stop: set when the process shall end: long waits look at it.
        systems: by system, what the project's own files add to its catalogue of operations.
        log_request: takes one redacted request log entry (JSON object); does nothing by default.
    """

    root: Path
    client: Callable[[str], Any]
    clock: Clock
    stop: Stop
    log_request: Callable[[Mapping[str, Json]], None] = lambda entry: None  # noqa: ARG005 - the name is the protocol
    systems: Mapping[str, Sequence[Json]] = field(default_factory=dict)
