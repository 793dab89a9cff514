"""Which listing a cursor is of: in another one, what did not change since would never be read, and nobody knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from connector.core.jsonio import Json
from connector.core.model import Position
from connector.core.problem import Finding
from connector.incoming.position import declared_in

_ASKED: Final = (
    "client", "method", "endpoint", "entity", "action", "path", "query", "body", "payload", "find",
    "request_transformer",
)  # fmt: skip


class CursorOf(Struct, frozen=True):
    """The listing of one read, and the position that it began with.

    Attributes:
        asked: fingerprint of what the incoming asks for; no secret is a part of it, as it is kept in the run log.
        start: of which ``of`` is the listing that its cursor was set by; positions set by hand have none.
    """

    asked: str
    start: Position

    @classmethod
    def read_by(cls, config: Mapping[str, Json], start: Position) -> CursorOf:
        """Of an incoming as it is declared now."""
        return cls(declared_in(config, _ASKED), start)

    def marked(self, position: Position, *, ended: bool) -> Position:
        """The position with the listing that its cursor is of: until a read has ended, the one before."""
        of = self.asked if ended else self.start.get("of")
        return {**position, "of": of} if of and position.get("cursor") is not None else position

    def findings(self) -> list[Finding]:
        """That the listing is another one than the cursor's."""
        since, of = self.start.get("cursor"), self.start.get("of")
        if since is None or of in (None, self.asked):
            return []
        message = (
            f"it asks for something else than when its cursor was set: what did not change since {since} is not read"
        )
        hint = "If older records are wanted too: `connector checkpoint rewind ROUTE start`."
        return [Finding("/cursor", "PAG003", message, hint, "warning")]
