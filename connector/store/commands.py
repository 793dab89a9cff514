"""What people ask of runs under way: kept in the run log, looked for by the run's heartbeat."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from msgspec import Struct

from connector.core.jsonio import Json
from connector.core.process import is_gone
from connector.store.engine import Store
from connector.store.tables import lease, run, run_command

COMMANDS = ("cancel", "pause", "resume")
_REASON_LENGTH = 1000


class Command(Struct, frozen=True):
    """One thing asked of a run; ``seen_at`` is None until the run took notice."""

    id: int
    command: str
    at: datetime
    by: str
    reason: str
    seen_at: datetime | None = None

    def as_json(self) -> dict[str, Json]:
        """For people and scripts."""
        seen = None if self.seen_at is None else _iso(self.seen_at)
        return {"command": self.command, "at": _iso(self.at), "by": self.by, "reason": self.reason, "seen_at": seen}


class Open(Struct, frozen=True):
    """A run as far as commands are concerned; ``alive``: a process holds the lease of its route."""

    id: int
    route: str
    state: str
    alive: bool


def find(store: Store, wanted: str, now: datetime) -> Open | None:
    """The run of that number, or the newest run of that route; None if there is none."""
    query = sa.select(
        run.c.id, run.c.route, run.c.state, run.c.owner, lease.c.owner.label("holder"), lease.c.expires_at
    )
    query = query.outerjoin_from(run, lease, lease.c.name == run.c.route)
    chosen = run.c.id == int(wanted) if wanted.isdecimal() and len(wanted) < 19 else run.c.route == wanted
    with store.reading() as connection:
        row = connection.execute(query.where(chosen).order_by(run.c.id.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    alive = row.holder == row.owner and row.expires_at > now and not is_gone(row.owner)
    return Open(row.id, row.route, row.state, alive)


def ask(store: Store, run_id: int, command: str, reason: str, *, by: str, now: datetime) -> None:
    """Keep what is asked of a run, for its heartbeat to find."""
    values = {"run_id": run_id, "command": command, "at": now, "by": by[:200], "reason": reason[:_REASON_LENGTH]}
    with store.writing() as connection:
        connection.execute(run_command.insert().values(**values))


def unseen(store: Store, run_id: int, after: int) -> list[Command]:
    """What was asked of a run since the command of that id, the oldest first."""
    return _read(store, (run_command.c.run_id == run_id) & (run_command.c.id > after))


def seen(store: Store, found: list[Command], now: datetime) -> None:
    """The run took notice."""
    ids = [one.id for one in found]
    with store.writing() as connection:
        connection.execute(run_command.update().where(run_command.c.id.in_(ids)).values(seen_at=now))


def of_run(store: Store, run_id: int) -> list[Command]:
    """Everything that was ever asked of a run, the oldest first."""
    return _read(store, run_command.c.run_id == run_id)


def paused_by(commands: list[Command]) -> Command | None:
    """The command by which a run is paused after all of these, or None."""
    last = next((one for one in reversed(commands) if one.command in ("pause", "resume")), None)
    return last if last is not None and last.command == "pause" else None


def _read(store: Store, chosen: sa.ColumnElement[bool]) -> list[Command]:
    columns = [run_command.c[name] for name in ("id", "command", "at", "by", "reason", "seen_at")]
    with store.reading() as connection:
        rows = connection.execute(sa.select(*columns).where(chosen).order_by(run_command.c.id)).mappings()
        return [Command(**row) for row in rows]


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
