"""Runs the command line in a process that dies, without a word, before or after a named point: for tests only.

``python -m tests.faults.crash POINT before|after NTH -- ARGUMENTS``. The product knows nothing of it: points are its
functions, wrapped from outside. The process ends with ``os._exit``, as by ``kill -9``: nothing is closed or flushed.
"""

from __future__ import annotations

import functools
import itertools
import os
import sys
from collections.abc import Callable
from typing import Any

from connector.cli import main
from connector.clients.auth.jwt import Jwt
from connector.clients.http import HttpClient
from connector.outgoing.ibexa import IbexaOutgoing
from connector.routes import deliver, intake
from connector.routes.run import RouteRun
from connector.store import claims, leases, runs, tasks, waits
from connector.store import intake as rows
from connector.store.engine import Store
from connector.systems.ibexa.gateway import Gateway

CODE = 77
"""How the process ends when the point was reached."""

POINTS: dict[str, tuple[Any, str, str]] = {
    "lease taken": (leases, "acquire", ""),
    "run opened": (runs, "open_run", ""),
    "left tasks recovered": (tasks, "recover", ""),
    "waiting tasks released": (waits, "release", ""),
    "requests kept": (runs, "keep_requests", ""),
    "records saved": (rows, "save_records", ""),
    "items saved": (rows, "save_items", ""),
    "tasks saved": (rows, "save_tasks", ""),
    "checkpoint moved": (runs, "move_checkpoint", ""),
    "batch taken": (intake.Intake, "take", ""),
    "tasks claimed": (claims, "claim", ""),
    "claim committed": (deliver.Deliverer, "_commit", ""),
    "message sent": (IbexaOutgoing, "send", ""),
    "logged in": (Jwt, "_log_in", ""),
    "request sent": (HttpClient, "send", ""),
    "searched": (Gateway, "call", "content.search"),
    "looked up": (Gateway, "call", "content.find"),
    "created": (Gateway, "call", "content.create"),
    "published": (Gateway, "call", "content_version.publish"),
    "draft made": (Gateway, "call", "content_version.create_draft_from_current"),
    "draft written": (Gateway, "call", "content_version.update"),
    "outcomes settled": (tasks, "settle", ""),
    "transaction begun": (Store, "writing", ""),
    "run closed": (runs, "close_run", ""),
    "books closed": (RouteRun, "_close", ""),
    "lease given back": (leases, "release", ""),
}
"""Name -> where the function is, its name, and the operation that it must be called for."""
RARE: dict[str, tuple[Any, str, str]] = {
    "placed": (Gateway, "call", "location.create"),
    "main place changed": (Gateway, "call", "content.update_metadata"),
    "trashed": (Gateway, "call", "location.move"),
    "hidden": (Gateway, "call", "content.hide"),
}
"""The same, of points that a project reaches only where it asks for it."""


def die() -> None:
    """As by ``kill -9``."""
    os._exit(CODE)


def wrapped(function: Callable[..., Any], when: str, nth: int, operation: str) -> Callable[..., Any]:
    """The function, which takes the process with it at its ``nth`` call."""
    calls = itertools.count(1)

    @functools.wraps(function)
    def deadly(*arguments: Any, **named: Any) -> Any:
        counts = not operation or operation in arguments
        hit = counts and next(calls) == nth
        if hit and when == "before":
            die()
        result = function(*arguments, **named)
        if hit:
            die()
        return result

    return deadly


def arm(point: str, when: str, nth: int) -> None:
    """Put the point in place."""
    owner, name, operation = (POINTS | RARE)[point]
    setattr(owner, name, wrapped(getattr(owner, name), when, nth, operation))


if __name__ == "__main__":
    chosen, moment, number, _, *rest = sys.argv[1:]
    arm(chosen, moment, int(number))
    sys.argv = ["connector", *rest]
    main()
