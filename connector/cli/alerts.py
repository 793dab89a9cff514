"""``connector alerts``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from connector.cli.names import Name
from connector.cli.options import Whole, examples, json_option
from connector.cli.output import plain, print_json, print_table
from connector.cli.slips import Commands
from connector.cli.state import State
from connector.core.jsonio import Json

if TYPE_CHECKING:
    from connector.store.alarms import Alarm

EXAMPLES = examples("connector alerts list", "connector alerts test ops", "connector alerts check --json")
_NONE = "no alert is declared: put one in configs/alerts/, see docs/alerts.md"


@click.group(cls=Commands, epilog=EXAMPLES)
def command() -> None:
    """Alerts: who is told of what, what is open, and whether it got through."""


@command.command("list", epilog=examples("connector alerts list", "connector alerts list --json"))
@click.option("--limit", default=20, show_default=True, type=Whole(1, 10_000), help="Alarms to show.")
@json_option
@click.pass_obj
def list_(state: State, limit: int) -> None:
    """The declared alerts, and their alarms: open ones first."""
    from connector.config.project import load  # noqa: PLC0415 - heavy
    from connector.store import alarms  # noqa: PLC0415

    with state.store() as store:
        found = [_row(one) for one in alarms.listed(store, limit=limit)]
    declared = [_declared(name, one.data) for name, one in sorted(load(state.project).alerts.items())]
    if state.as_json:
        print_json({"alerts": declared, "alarms": found})
        return
    if not declared and not found:
        click.echo(_NONE)
        return
    print_table(declared, {"name": "ALERT", "type": "TYPE", "enabled": "ENABLED", "when": "WHEN", "routes": "ROUTES"})
    if not found:
        click.echo("\nno alarm so far")
        return
    click.echo("")
    columns = {"alert": "ALERT", "condition": "CONDITION", "subject": "OF", "state": "STATE", "since": "SINCE"}
    print_table([{**row, "told": _told(row)} for row in found], {**columns, "told": "TOLD"})


@command.command("check", epilog=examples("connector alerts check", "connector alerts check --json"))
@json_option
@click.pass_obj
def check(state: State) -> None:
    """Look now, and tell what is due: for cron, where nothing serves. `serve` looks by itself, `run` when it ends."""
    from connector.runtime.watch import look  # noqa: PLC0415 - heavy

    with state.app() as app, state.store() as store:
        any_declared = bool(app.alert_names())
        done = look(app, store)
    if state.as_json:
        rows = {"told": done.told, "failed": done.failed}
        print_json({key: [{"alert": name, "what": what} for name, what in found] for key, found in rows.items()})
    else:
        for name, what in done.told:
            click.echo(f"{name}: told of {plain(what)}")
        for name, what in done.failed:
            click.secho(f"{name}: not told: {plain(what)}", fg="red", err=True)
        if not done.told and not done.failed:
            click.echo("nothing new to tell" if any_declared else _NONE)
    raise click.exceptions.Exit(3 if done.failed else 0)


@command.command("test", epilog=examples("connector alerts test", "connector alerts test ops"))
@click.argument("names", nargs=-1, type=Name("alert"))
@json_option
@click.pass_obj
def test(state: State, names: tuple[str, ...]) -> None:
    """Send a test notice by these alerts, or by all: exit code 3 if one does not get through."""
    from connector.alerts import NotTold  # noqa: PLC0415 - heavy
    from connector.runtime import watch  # noqa: PLC0415

    rows: list[Json] = []
    with state.app() as app:
        for name in names or app.alert_names():
            try:
                watch.test(app, name)
            except NotTold as error:
                rows.append({"alert": name, "told": False, "problem": str(error)})
            else:
                rows.append({"alert": name, "told": True, "problem": None})
    if state.as_json:
        print_json(rows)
    elif not rows:
        click.echo(_NONE)
    for row in [] if state.as_json else rows:
        click.echo(f"{row['alert']}: " + ("told" if row["told"] else f"not told: {plain(row['problem'])}"))
    raise click.exceptions.Exit(0 if all(row["told"] for row in rows) else 3)


def _declared(name: str, data: Json) -> dict[str, Json]:
    one = data if isinstance(data, dict) else {}
    shown = {"type": one.get("type"), "enabled": one.get("enabled", True), "when": one.get("when", {})}
    return {"name": name, **shown, "routes": one.get("routes", "all")}


def _row(one: Alarm) -> dict[str, Json]:
    from connector.alerts.notice import stamp  # noqa: PLC0415 - heavy

    times = ("since", "raised_at", "cleared_at", "told_raised_at", "told_cleared_at", "next_try_at")
    moments = {name: getattr(one, name) for name in times}
    names = ("id", "alert", "condition", "subject", "state", "message", "tries", "error")
    facts = {name: getattr(one, name) for name in names}
    return {**facts, **{name: stamp(found) if found else None for name, found in moments.items()}}


def _told(row: dict[str, Json]) -> str:
    is_over = row["state"] == "cleared"
    if is_over and not row["told_raised_at"]:
        return "no, it was over before" + (f": {row['error']}" if row["error"] else "")
    if row["error"]:
        times = "once" if row["tries"] == 1 else f"{row['tries']} times"
        return f"not yet, tried {times}: {row['error']}"
    return str((row["told_cleared_at"] if is_over else row["told_raised_at"]) or "not yet")
