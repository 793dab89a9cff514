"""``connector schedule``."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING

import click

from connector.cli.names import Name, no_route
from connector.cli.options import Whole, examples, json_option
from connector.cli.output import plain, print_json, print_table
from connector.cli.slips import Commands
from connector.cli.state import State
from connector.core.jsonio import Json
from connector.core.nearest import did_you_mean

if TYPE_CHECKING:
    from connector.app import Application
    from connector.config.route_spec import RouteSettings
    from connector.store.schedule import ScheduleState

NEXT_TIMES = 5
LIST_EXAMPLES = examples("connector schedule list", "connector schedule list --json")
PAUSE_EXAMPLES = examples("connector schedule pause products --reason 'PIM is being upgraded'")
HISTORY_EXAMPLES = examples("connector schedule history", "connector schedule history products --limit 5 --json")


@click.group(
    cls=Commands, epilog=examples("connector schedule list", "connector schedule pause products --reason 'stocktaking'")
)
def command() -> None:
    """When routes run next, what fired and what was missed; pause, resume."""


@command.command("list", epilog=LIST_EXAMPLES)
@json_option
@click.pass_obj
def list_(state: State) -> None:
    """Each scheduled route: its schedule in words, and the next five times in its own time zone."""
    from connector.store import schedule as rows  # noqa: PLC0415 - heavy

    now = datetime.now(UTC)
    with state.app(partly=True) as app, state.store() as store:
        known = rows.states(store)
        found = [_row(name, app.route_settings(name), known.get(name), now) for name in _scheduled(app)]
    if state.as_json:
        print_json(found)
        return
    if not found:
        click.echo('no enabled route has a schedule: add "schedule": { "cron": "*/15 * * * *" } to one')
        return
    for row in found:
        _tell(row)


@command.command("pause", epilog=PAUSE_EXAMPLES)
@click.argument("route", type=Name("route"))
@click.option("--reason", default="", help="Why; shown by `list` and kept in `history`.")
@json_option
@click.pass_obj
def pause(state: State, route: str, reason: str) -> None:
    """Let no due time of a route fire, until it is resumed; a run under way goes on, and `run` is not affected."""
    from connector.store import schedule as rows  # noqa: PLC0415 - heavy

    with state.app(partly=True) as app, state.store() as store:
        _check(app, route)
        changed = rows.pause(store, route, reason, datetime.now(UTC))
    if state.as_json:
        print_json({"route": route, "paused": True, "changed": changed, "reason": reason})
        return
    said = "paused" if changed else "was paused already"
    click.echo(f"{route}: {said}. To let it run again: connector schedule resume {route}")


@command.command("resume", epilog=examples("connector schedule resume products"))
@click.argument("route", type=Name("route"))
@json_option
@click.pass_obj
def resume(state: State, route: str) -> None:
    """Let due times of a route fire again; those that passed while it was paused are not made up for."""
    from connector.store import schedule as rows  # noqa: PLC0415 - heavy

    with state.app(partly=True) as app, state.store() as store:
        _check(app, route)
        now = datetime.now(UTC)
        changed = rows.resume(store, route, now)
        row = _row(route, app.route_settings(route), rows.states(store).get(route), now)
    if state.as_json:
        print_json({"route": route, "paused": False, "changed": changed, "next": row["next"]})
        return
    said = "resumed" if changed else "was not paused"
    click.echo(f"{route}: {said}. Next time: {row['next'][0] if row['next'] else 'none'}")


@command.command("history", epilog=HISTORY_EXAMPLES)
@click.argument("route", required=False, type=Name("route"))
@click.option("--limit", default=20, show_default=True, type=Whole(1, 10_000))
@json_option
@click.pass_obj
def history(state: State, route: str | None, limit: int) -> None:
    """What became of each due time, and why; the newest first."""
    from connector.runtime.schedule import local  # noqa: PLC0415 - heavy
    from connector.store import schedule as rows  # noqa: PLC0415

    with state.app(partly=True) as app, state.store() as store:
        known = app.route_names(enabled=False)
        if route is not None and route not in known:
            raise no_route(app.project, route)
        found = rows.history(store, route=route, limit=limit)
        zones = {
            name: one.timezone for name in {row["route"] for row in found} & {*known} if (one := _settings(app, name))
        }
    for row in found:
        for name in ("scheduled_at", "first_at", "at"):
            row[name] = local(row[name], zones.get(row["route"], "UTC")) if row[name] else None
    if state.as_json:
        print_json(found)
        return
    if not found:
        click.echo("nothing yet: `connector serve` keeps this history")
        return
    columns = {"due": "DUE", "route": "ROUTE", "event": "EVENT", "run": "RUN", "reason": "WHY"}
    print_table([{**row, "due": _due(row), "run": _run(row)} for row in found], columns)


def _scheduled(app: Application, *, enabled: bool = True) -> list[str]:
    names = app.route_names(enabled=enabled)
    return [name for name in names if (found := _settings(app, name)) and found.is_scheduled]


def _settings(app: Application, name: str) -> RouteSettings | None:
    """None when the form of its file is wrong: then it has no schedule that anybody could tell."""
    return None if app.project.routes[name].shown in app.project.unsound else app.route_settings(name)


def _check(app: Application, route: str) -> None:
    known, every = _scheduled(app, enabled=False), app.route_names(enabled=False)
    if route in known:
        return
    listed = ", ".join(known) or "none yet"
    what, near = ("has no schedule", "") if route in every else ("is not known", did_you_mean(route, every))
    raise click.UsageError(f"the route '{route}' {what}. {near}Routes with a schedule are: {listed}.")


def _row(name: str, settings: RouteSettings, state: ScheduleState | None, now: datetime) -> dict[str, Json]:
    from connector.runtime.schedule import due_times, local, words  # noqa: PLC0415 - heavy

    anchor = state.anchor if state and state.anchor else now
    times = islice(due_times(settings, anchor, now), NEXT_TIMES)
    paused = None
    if state is not None and state.paused_at is not None:
        paused = {"since": local(state.paused_at, settings.timezone), "reason": state.paused or ""}
    return {
        "route": name,
        "schedule": words(settings),
        "timezone": settings.timezone,
        "if_running": settings.if_running,
        "after": list(settings.after),
        "after_failure": settings.after_failure,
        "paused": paused,
        "next": [local(moment, settings.timezone) for moment in times],
    }


def _tell(row: dict[str, Json]) -> None:
    click.secho(f"{row['route']}: ", bold=True, nl=False)
    click.echo(plain(row["schedule"]))
    if row["paused"]:
        why = f": {row['paused']['reason']}" if row["paused"]["reason"] else ""
        click.secho(f"   paused since {row['paused']['since']}{plain(why)}; otherwise it would run:", fg="yellow")
    if row["after"]:
        skipped = "; skipped when it did not end well" if row["after_failure"] == "skip" else ""
        click.echo(f"   waits for {', '.join(row['after'])}, if running or due at the same moment{skipped}")
    for moment in row["next"]:
        click.echo(f"   {moment}")


def _due(row: dict[str, Json]) -> str:
    more = f" (and {row['times'] - 1} before)" if row["times"] > 1 else ""
    return f"{row['scheduled_at'] or row['at']}{more}"


def _run(row: dict[str, Json]) -> str:
    return "" if row["run"] is None else f"{row['run']} {row['run_state']}"
