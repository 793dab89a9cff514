"""What is told: one notice, the same for every way; and what every alert declares."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, Protocol

from msgspec import Struct

from connector.core.jsonio import Json
from connector.core.secrets import redactor
from connector.core.spec import BOOLEAN, DURATION, NAME, Field, Spec

TIMEOUT_SECONDS = 10.0
"""For connecting, and for each answer: a notification endpoint never holds anything up for long."""

ALERT_FIELDS: Mapping[str, Field] = {
    "when": Field(
        {
            "type": "object",
            "properties": {
                "run_failed": {**BOOLEAN, "default": True, "description": "A run could not do its work."},
                "guard_stopped": {
                    **BOOLEAN,
                    "default": True,
                    "description": "A limit of the route ended it, it was broken off, or it did a part only.",
                },
                "failures_above": {
                    "type": "number",
                    "minimum": 0,
                    "maximum": 100,
                    "description": "More than such a share of a run's tasks failed, in percent. Absent: not looked at.",
                },
                "no_success_for": {
                    **DURATION,
                    "description": "No run of a route ended well for so long. Absent: not looked at.",
                },
                "client_down_for": {**DURATION, "default": "1m", "description": "A system is away for so long."},
            },
            "additionalProperties": False,
        },
        "What is told of.",
        default={},
        example={"failures_above": 20, "no_success_for": "6h"},
    ),
    "routes": Field({"type": "array", "items": NAME}, "Only these; absent: all enabled ones.", example=["products"]),
}


class Notice(Struct, frozen=True):
    """One message to people; never with a payload or a secret.

    Attributes:
        state: ``raised``, ``cleared`` or ``test``.
        condition: as in ``when``; subject: the route or client.
        look: commands that show more.
    """

    id: str
    project: str
    alert: str
    state: str
    condition: str
    subject: str
    since: datetime
    at: datetime
    message: str
    look: tuple[str, ...] = ()

    def title(self) -> str:
        """One line."""
        return redactor.clean(f"[{self.project}] {self.state}: {self.condition} {self.subject}")

    def as_json(self) -> dict[str, Json]:
        """The body of a webhook; times in ISO 8601, UTC."""
        return {
            "id": self.id,
            "project": self.project,
            "alert": self.alert,
            "state": self.state,
            "condition": self.condition,
            "subject": self.subject,
            "since": stamp(self.since),
            "at": stamp(self.at),
            "message": redactor.clean(self.message),
            "look": list(self.look),
        }

    def text(self) -> str:
        """The body of a mail."""
        ended = f"\nCleared at {stamp(self.at)}." if self.state == "cleared" else ""
        commands = "".join(f"\n  {command}" for command in self.look)
        where = f"\n\nWhere to look:{commands}" if commands else ""
        return redactor.clean(f"{self.message}\n\nSince {stamp(self.since)}.{ended}{where}\n")


class NotTold(Exception):
    """A notice did not get through; the message says why, without address or secret."""


class Way(Protocol):
    """How people are told: one kind a class."""

    spec: ClassVar[Spec]

    @classmethod
    def build(cls, name: str, config: Mapping[str, Json]) -> Way:
        """From the declaration, variables filled in."""
        ...

    def tell(self, notice: Notice) -> None:
        """Send it.

        Raises:
            NotTold: it did not get through.
        """
        ...


def stamp(moment: datetime) -> str:
    """``2026-03-01T02:30:00Z``."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
