"""What may be stuck in a run log, and what to say of it. Each check is one function; CHECKS is the list of them.

They ask the run log, the disk and the clock, no system.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from msgspec import Struct

from connector.core.errors import ConfigError, ConnectorError
from connector.core.jsonio import Json
from connector.core.limits import Room
from connector.routes.guard import lack
from connector.store import Store, health, leases
from connector.store import schedule as schedules
from connector.store.room import folder_of

FAR: Final = timedelta(days=1)
LONG: Final = timedelta(days=7)
CLOCKS: Final = timedelta(seconds=5)
_REMOTE: Final = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "fuse.sshfs", "fuse.glusterfs")


class Symptom(Struct, frozen=True):
    """Something that is not as it should be.

    Attributes:
        check: which of the checks found it.
        what: one sentence.
        since: when it began, or when that shows; None when that is not known.
        means: what follows from it.
        todo: what to do about it.
        repair: what ``--repair`` does: ``leases``, ``runs``, or empty for nothing.
        harmless: it is told, and nothing need be done about it.
    """

    check: str
    what: str
    since: datetime | None
    means: str
    todo: str
    repair: str = ""
    harmless: bool = False

    def as_json(self) -> dict[str, Json]:
        """For ``--json``."""
        since = self.since.isoformat(timespec="seconds").replace("+00:00", "Z") if self.since else None
        facts = {"check": self.check, "what": self.what, "since": since, "means": self.means, "todo": self.todo}
        return {**facts, "repairable": bool(self.repair), "harmless": self.harmless}


class Patient(Struct, frozen=True):
    """What is examined.

    Attributes:
        routes: of the project; None when the project could not be read.
        room: that the project wants; None likewise.
    """

    store: Store
    routes: frozenset[str] | None
    room: Room | None
    now: datetime


def _leases(patient: Patient) -> Iterator[Symptom]:
    with patient.store.reading() as connection:
        dead = [one for one in health.held(connection) if not one.lives(patient.now)]
    for one in dead:
        host, pid, *_ = [*one.owner.split("|"), "", ""]
        what = f"process {pid} on {host} holds {_named(one.name)}, but is gone or has been silent for too long"
        means = "Nothing is blocked: the next to come takes it over, and looks up what was under way."
        heard = min(one.expires_at - leases.TTL, patient.now)  # its last beat
        yield Symptom("leases", what, heard, means, "connector doctor --repair", "leases")


def _runs(patient: Patient) -> Iterator[Symptom]:
    with patient.store.reading() as connection:
        orphans = health.open_runs(connection, patient.now)
    for one in orphans:
        what = f"run {one.id} of {one.route} is marked as running, but no process runs it"
        means = "Its process ended before it did. What it read is kept, and the next run goes on from there."
        yield Symptom("runs", what, one.started_at, means, "connector doctor --repair", "runs")


def _processing(patient: Patient) -> Iterator[Symptom]:
    with patient.store.reading() as connection:
        at_work = {one.name for one in health.held(connection) if one.lives(patient.now)}
        left = [one for one in health.processing(connection) if one.route not in at_work]
    for one in left:
        what = f"{one.count} tasks of {one.route} were under way when a process ended"
        means = "They may have taken effect. The next run looks them up before it sends anything."
        yield Symptom("processing", what, one.since, means, f"connector run {one.route}")


def _suspect(patient: Patient) -> Iterator[Symptom]:
    with patient.store.reading() as connection:
        found = health.suspect(connection)
    for one in found:
        what = f"{one.count} failed tasks of {one.route} may have taken effect, and wait for a person"
        means = "Their answers were lost. Nothing is sent for these keys until the record changes or somebody acts."
        todo = f"connector tasks failures --route {one.route}; look at the target, then connector tasks retry or skip"
        yield Symptom("suspect", what, one.since, means, todo)


def _far_off(patient: Patient) -> Iterator[Symptom]:
    with patient.store.reading() as connection:
        found = health.far_off(connection, patient.now + FAR)
    for one in found:
        what = f"{one.count} failed tasks of {one.route} are tried again in more than a day, from {_day(one.since)} on"
        means = "A long `max_wait` of the route, or a clock that was wrong when they failed."
        yield Symptom("far_off", what, None, means, f"connector tasks retry --route {one.route}")


def _paused(patient: Patient) -> Iterator[Symptom]:
    for route, state in sorted(schedules.states(patient.store).items()):
        if state.paused_at is not None and patient.now - state.paused_at > LONG:
            why = f" ({state.paused})" if state.paused else ""
            what = f"the schedule of {route} is paused{why}"
            means = "`connector serve` does not run it, however often it is due."
            yield Symptom("paused", what, state.paused_at, means, f"connector schedule resume {route}")


def _routes(patient: Patient) -> Iterator[Symptom]:
    """What is kept of routes that the project no longer has."""
    if patient.routes is None:
        return
    with patient.store.reading() as connection:
        known = health.routes_of(connection)
        for route in sorted(set().union(*known.values()) - patient.routes):
            kept = ", ".join(f"{name}s" for name in ("checkpoint", "item", "task") if route in known[name])
            waiting = health.waiting(connection, route)
            what = f"there is no route {route} in the project, but {kept} of it are kept"
            means = f"{waiting} of its tasks wait and are never sent." if waiting else "They do no harm."
            means += " Were it renamed, the new one would read everything from the start, and look each item up once."
            todo = "Give the file its old name back, or leave it so"
            if waiting:
                todo = f"Give the file its old name back, or: connector tasks skip --route {route} --reason …"
            yield Symptom("routes", what, None, means, todo, harmless=not waiting)


def _disk(patient: Patient) -> Iterator[Symptom]:
    if patient.room is None:
        return
    problem: ConnectorError | None
    try:
        problem = lack(patient.store, patient.room)
    except ConfigError as error:
        problem = error
    if problem is not None:
        yield Symptom("disk", problem.message, None, "Runs send what they have and read nothing more.", problem.hint)


def _damage(patient: Patient) -> Iterator[Symptom]:
    found = health.damage(patient.store)
    if found:
        what = f"the run log's file is damaged: {found}"
        means = "Commands that do not read the damaged part go on as if nothing were; others end with an error."
        todo = "Stop what uses it and restore it from a backup; what was written at the target is safe"
        yield Symptom("damage", what, None, means, todo)


def _sqlite(patient: Patient) -> Iterator[Symptom]:
    mode, folder = health.journal_mode(patient.store), folder_of(patient.store)
    if folder is None:
        return
    todo = "Put it on a disk of this machine, or use PostgreSQL: CONNECTOR_DATABASE_URL"
    if mode != "wal":
        what = f"SQLite keeps its journal as '{mode}', not as 'wal'"
        yield Symptom("sqlite", what, None, "Who reads blocks who writes: commands and runs wait for each other.", todo)
    kind = _file_system(folder, _mounts())
    if kind in _REMOTE:
        what = f"the run log's file is on a network file system ({kind})"
        yield Symptom("sqlite", what, None, "Locks do not hold there for certain: the file may be damaged.", todo)


def _clock(patient: Patient) -> Iterator[Symptom]:
    with patient.store.reading() as connection:
        theirs = health.database_time(connection)
    apart = abs(datetime.now(UTC) - theirs) if theirs is not None else timedelta(0)
    if apart > CLOCKS:
        what = f"this machine's clock and the database server's are {apart.total_seconds():.0f} s apart"
        means = (
            "If those of two machines with `connector` differ so, one may take over a route that the other still runs."
        )
        yield Symptom("clock", what, None, means, "Keep the clocks of all machines set, e.g. by NTP")


CHECKS: Final[tuple[Callable[[Patient], Iterator[Symptom]], ...]] = (
    _sqlite,
    _damage,
    _disk,
    _clock,
    _leases,
    _runs,
    _processing,
    _suspect,
    _far_off,
    _paused,
    _routes,
)


def _named(lease: str) -> str:
    return _OWN.get(lease, f"the route {lease}")


_OWN: Mapping[str, str] = {schedules.LEADER: "the lead of the schedulers", "(retention)": "the pruning of the run log"}


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _mounts() -> list[tuple[str, str]]:
    """(folder, kind) of what is mounted, where that can be known."""
    try:
        lines = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    fields = [line.split() for line in lines]
    return [(found[1].replace("\\040", " "), found[2]) for found in fields if len(found) > 2]


def _file_system(folder: Path, mounts: list[tuple[str, str]]) -> str:
    """The kind of the deepest mount above a folder; empty when that is not known."""
    above = [(len(Path(at).parts), kind) for at, kind in mounts if folder.is_relative_to(at)]
    return max(above)[1] if above else ""
