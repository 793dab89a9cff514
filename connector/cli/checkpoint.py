"""``connector checkpoint``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from connector.cli.names import Name, no_route
from connector.cli.options import examples, json_option
from connector.cli.output import plain, print_json
from connector.cli.slips import Commands
from connector.cli.state import State
from connector.core.jsonio import Json

if TYPE_CHECKING:
    from connector.app import Application
    from connector.core.model import Position
    from connector.store import Store

SHOWN_CHANGES = 5
YES = click.option("--yes", is_flag=True, help="Do not ask.")
SHOW_EXAMPLES = examples("connector checkpoint show products", "connector checkpoint show products --json")
SET_EXAMPLES = examples("connector checkpoint set products 2026-01-31T12:00:00+00:00 --yes")
REWIND_EXAMPLES = examples(
    "connector checkpoint rewind products 2d", "connector checkpoint rewind products start --yes"
)


@click.group(
    cls=Commands, epilog=examples("connector checkpoint show products", "connector checkpoint rewind products 2d")
)
def command() -> None:
    """How far a route has read, and since when; set it or rewind it, while the route does not run."""


@command.command("show", epilog=SHOW_EXAMPLES)
@click.argument("route", type=Name("route"))
@json_option
@click.pass_obj
def show(state: State, route: str) -> None:
    """Where the next read begins, who brought the route there, and what people changed about it."""
    from connector.incoming.position import in_words  # noqa: PLC0415 - heavy
    from connector.runtime.schedule import in_words as length_in_words  # noqa: PLC0415
    from connector.store import checkpoints  # noqa: PLC0415

    now = datetime.now(UTC)
    with state.app() as app, state.store() as store:
        _check(app, route)
        found, changes = checkpoints.of_route(store, route), checkpoints.changes(store, route, SHOWN_CHANGES)
    if state.as_json:
        rows = [
            {"partition": one.partition, "position": one.position, "words": in_words(one.position), "run": one.run_id}
            | {"updated_at": _iso(one.updated_at), "age_seconds": int((now - one.updated_at).total_seconds())}
            for one in found
        ]
        print_json(
            {"route": route, "checkpoints": rows, "changes": [{**one, "at": _iso(one["at"])} for one in changes]}
        )
        return
    if not found:
        click.echo(f"{route}: nothing was read yet: the first read takes everything. Start it: connector run {route}")
    for one in found:
        age = now.replace(microsecond=0) - one.updated_at.replace(microsecond=0)
        run = f" by run {one.run_id}" if one.run_id else ""
        click.echo(f"{_name(route, one.partition)}: {plain(in_words(one.position))}")
        click.echo(f"   brought there{run}; last moved {length_in_words(age)} ago ({_iso(one.updated_at)})")
    for change in changes:
        before, after = (_short(change[name]) for name in ("before", "after"))
        name = f"{change['partition']}: " if change["partition"] else ""
        click.echo(plain(f"   {name}moved by {change['by']} at {_iso(change['at'])}: from {before} to {after}"))


@command.command("set", epilog=SET_EXAMPLES)
@click.argument("route", type=Name("route"))
@click.argument("value")
@YES
@json_option
@click.pass_obj
def set_(state: State, route: str, value: str, *, yes: bool) -> None:
    """Let the next read ask for what changed since VALUE, a time or a number as the source writes it.

    A read that was left inside a listing is begun anew. What comes again unchanged is not sent again.
    """
    from connector.incoming.position import at_value  # noqa: PLC0415 - heavy

    now = datetime.now(UTC)
    _move(state, route, lambda position: at_value(position, value, now), yes=yes)


@command.command("rewind", epilog=REWIND_EXAMPLES)
@click.argument("route", type=Name("route"))
@click.argument("length", metavar="DURATION|start")
@YES
@json_option
@click.pass_obj
def rewind(state: State, route: str, length: str, *, yes: bool) -> None:
    """Move the cursor back by a duration such as 2d, or to the start: then the next read takes everything.

    A read that was left inside a listing is begun anew. What comes again unchanged is not sent again.
    """
    from connector.core.units import duration  # noqa: PLC0415
    from connector.incoming.position import START, rewound  # noqa: PLC0415 - heavy

    if length == "start":
        _move(state, route, lambda _position: START, yes=yes, needs_cursor=False)
        return
    try:
        back = duration(length)
    except (ValueError, OverflowError):
        raise click.UsageError(f"'{plain(length)}' is no duration such as 6h or 2d, nor the word start.") from None
    _move(state, route, lambda position: rewound(position, back), yes=yes)


def _move(
    state: State, route: str, moved: Callable[[Position], Position], *, yes: bool, needs_cursor: bool = True
) -> None:
    from connector.core.process import person  # noqa: PLC0415
    from connector.incoming.position import NotMovable  # noqa: PLC0415 - heavy
    from connector.store import checkpoints  # noqa: PLC0415

    with state.app() as app, state.store() as store:
        _check(app, route)
        if needs_cursor:
            _check_cursor(app, route)
        known: dict[str, Position | None] = {one.partition: one.position for one in checkpoints.of_route(store, route)}
        try:
            wanted = {name: (before, moved(before or {})) for name, before in (known or {"": None}).items()}
        except NotMovable as error:
            raise click.UsageError(f"the checkpoint of '{route}' cannot be moved so: {plain(str(error))}.") from None
        _check_idle(store, route)
        _confirm(route, wanted, yes=yes)
        checkpoints.move(store, route, wanted, person(), datetime.now(UTC))
    if state.as_json:
        rows = [{"partition": name, "before": before, "after": after} for name, (before, after) in wanted.items()]
        print_json({"route": route, "moved": rows})
        return
    for name, (before, after) in wanted.items():
        click.echo(f"{_name(route, name)}: moved from {_short(before)} to {_short(after)}; the next run begins there")


def _confirm(route: str, wanted: dict[str, tuple[Position | None, Position]], *, yes: bool) -> None:
    if yes:
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise click.UsageError("that changes what the next run reads: say --yes.")
    for name, (before, after) in wanted.items():
        click.echo(f"{_name(route, name)}: from {_short(before)} to {_short(after)}", err=True)
    click.confirm("Move it?", abort=True, err=True)


def _check(app: Application, route: str) -> None:
    known = app.route_names(enabled=False)
    if route not in known:
        raise no_route(app.project, route)


def _check_cursor(app: Application, route: str) -> None:
    name = app.project.routes[route].data["incoming"]
    if getattr(app.incoming(name), "cursor", None) is None:
        what = f"the incoming '{name}' of '{route}' has no cursor: each read takes everything"
        raise click.UsageError(f"{what}. `connector checkpoint rewind {route} start` ends a read left half-way.")


def _check_idle(store: Store, route: str) -> None:
    """Before a person is asked anything; ``move`` makes sure of it again."""
    from connector.core.errors import RouteBusy  # noqa: PLC0415
    from connector.store.schedule import held  # noqa: PLC0415 - heavy

    if held(store, [route], datetime.now(UTC)):
        raise RouteBusy(f"the route '{route}' is running", hint=f"Wait, or end it: connector runs cancel {route}")


def _name(route: str, partition: str) -> str:
    return f"{route}, part {partition}" if partition else route


def _short(position: Json) -> str:
    from connector.incoming.position import in_words  # noqa: PLC0415 - heavy

    if position is None:
        return "nothing read yet"
    if position.keys() - {"of"} == {"cursor"}:
        return plain(position["cursor"])
    return plain(in_words(position).partition(":")[0]) if position else "the start"


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
