"""``connector runs``."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from connector.cli.counted import in_words
from connector.cli.known_routes import ensure_route
from connector.cli.names import Name
from connector.cli.options import Whole, examples, json_option
from connector.cli.output import plain, print_facts, print_json, print_table
from connector.cli.slips import Commands
from connector.cli.state import State
from connector.core.jsonio import Json
from connector.core.problem import Problem

if TYPE_CHECKING:
    from connector.store.commands import Command

EXAMPLES = examples(
    "connector runs",
    "connector runs --route products --json",
    "connector runs show 12",
    "connector runs cancel products --reason 'wrong mapping'",
)
SHOW_EXAMPLES = examples("connector runs show 12", "connector runs show 12 --json", "connector runs show 12 --config")
CANCEL_EXAMPLES = examples("connector runs cancel 12", "connector runs cancel products --reason 'wrong mapping'")
PAUSE_EXAMPLES = examples("connector runs pause products --reason 'the shop is slow'", "connector runs pause 12 --json")
RESUME_EXAMPLES = examples("connector runs resume products", "connector runs resume 12 --json")


@click.group(cls=Commands, invoke_without_command=True, epilog=EXAMPLES)
@click.option("--route", help="Only this route.")
@click.option("--limit", default=20, show_default=True, type=Whole(1, 10_000))
@json_option
@click.pass_context
def command(ctx: click.Context, route: str | None, limit: int) -> None:
    """What ran, when, and how it ended; the newest first. Cancel, pause, resume. Without a command: same as `list`."""
    if ctx.invoked_subcommand is None:
        _list(ctx.obj, route, limit)


@command.command("list", epilog=examples("connector runs list --route products", "connector runs list --limit 3"))
@click.option("--route", help="Only this route.")
@click.option("--limit", default=20, show_default=True, type=Whole(1, 10_000))
@json_option
@click.pass_obj
def list_(state: State, route: str | None, limit: int) -> None:
    """The newest runs first."""
    _list(state, route, limit)


@command.command("show", epilog=SHOW_EXAMPLES)
@click.argument("run_id", type=int)
@click.option("--config", is_flag=True, help="The declarations it started with, and what is written differently today.")
@json_option
@click.pass_obj
def show(state: State, run_id: int, *, config: bool) -> None:
    """One run: counts, what it asked its source, what people asked of it, and its failures by cause."""
    from connector.cli.run_config import show_config  # noqa: PLC0415 - rarely needed
    from connector.store import causes, commands, reports  # noqa: PLC0415 - heavy

    with state.store() as store:
        found = reports.run_by_id(store, run_id)
        if found is None:
            raise click.UsageError(f"there is no run {run_id}: `connector runs` lists them.")
        if config:
            show_config(state, store, found)
            return
        failures = causes.failures(store, run=run_id)
        asked = commands.of_run(store, run_id)
    paused = commands.paused_by(asked) if found["state"] == "running" else None
    if state.as_json:
        told = [one.as_json() for one in asked]
        print_json({**found, "paused": paused.as_json() if paused else None, "commands": told, "failures": failures})
        return
    counts = {name: number for name, number in found.pop("counts").items() if number}
    if found.pop("process_gone"):
        found["state"] = f"{_GONE}: the next run of {found['route']} looks up what was under way, and goes on"
    problem = found.pop("problem") or {}
    why = _why(problem) if problem else ""
    held = _held(paused) if paused else ""
    facts = {
        **found,
        **counts,
        "paused": held,
        "problem": why,
        "asked": {f"{at}.": _asked(one) for at, one in enumerate(asked, 1)},
    }
    print_facts({name: value for name, value in facts.items() if value not in (None, "", [], {})})
    for group in failures:
        click.echo(f"  {group['count']} × {plain(group['message'], 200)}")
    if failures:
        click.echo(f"next: connector tasks failures --run {run_id}")


@command.command("cancel", epilog=CANCEL_EXAMPLES)
@click.argument("run", metavar="RUN|ROUTE", type=Name("route"))
@click.option("--reason", default="", help="Why; kept with the run.")
@json_option
@click.pass_obj
def cancel(state: State, run: str, reason: str) -> None:
    """End a run under way: nothing more is read or begun, what is under way ends, the rest is left for the next run.

    The `connector run` that it belongs to ends with exit code 6, its state is `stopped`.
    """
    _ask(state, run, "cancel", reason)


@command.command("pause", epilog=PAUSE_EXAMPLES)
@click.argument("run", metavar="RUN|ROUTE", type=Name("route"))
@click.option("--reason", default="", help="Why; kept with the run.")
@json_option
@click.pass_obj
def pause(state: State, run: str, reason: str) -> None:
    """Hold a run under way: it keeps its route, but neither reads nor sends until it is resumed or cancelled."""
    _ask(state, run, "pause", reason)


@command.command("resume", epilog=RESUME_EXAMPLES)
@click.argument("run", metavar="RUN|ROUTE", type=Name("route"))
@json_option
@click.pass_obj
def resume(state: State, run: str) -> None:
    """Let a paused run go on."""
    _ask(state, run, "resume", "")


def _ask(state: State, wanted: str, command: str, reason: str) -> None:
    from connector.core.process import person  # noqa: PLC0415
    from connector.store import commands  # noqa: PLC0415 - heavy

    with state.store() as store:
        now = datetime.now(UTC)
        run = commands.find(store, wanted, now)
        if run is None:
            raise click.UsageError(f"there is no run of '{plain(wanted)}': `connector runs` lists them.")
        if not run.alive or run.state != "running":
            what = f"ended already: {run.state}" if run.state != "running" else "has lost its process"
            raise click.UsageError(f"run {run.id} of '{run.route}' {what}. There is nothing to {command}.")
        paused = commands.paused_by(commands.of_run(store, run.id))
        changed = command == "cancel" or (paused is None) == (command == "pause")
        if changed:
            commands.ask(store, run.id, command, reason, by=person(), now=now)
    if state.as_json:
        print_json({"run": run.id, "route": run.route, "command": command, "changed": changed, "reason": reason})
    else:
        click.echo(f"run {run.id} of {run.route}: " + (_DOES if changed else _DID)[command].format(id=run.id))


_DOES = {
    "cancel": "it ends as soon as what is under way has ended; `connector runs show {id}` says what is left",
    "pause": "it pauses as soon as what is under way has ended. To let it go on: connector runs resume {id}",
    "resume": "it goes on",
}
_DID = {"pause": "is paused already. To let it go on: connector runs resume {id}", "resume": "was not paused"}


def _held(one: Command) -> str:
    about = "" if one.seen_at else "; it has not taken notice yet"
    return f"by {one.by} since {_when(one)}" + (f": {one.reason}" if one.reason else "") + about


def _when(one: Command) -> str:
    return f"{one.at:%Y-%m-%d %H:%M:%S} UTC"


def _asked(one: Command) -> str:
    return f"{_when(one)} {one.command} by {one.by}" + (f": {one.reason}" if one.reason else "")


def _list(state: State, route: str | None, limit: int) -> None:
    from connector.store import reports  # noqa: PLC0415 - heavy

    with state.store() as store:
        found = reports.runs(store, route=route, limit=limit)
        if not found:
            ensure_route(state, store, route)
    if state.as_json:
        print_json(found)
        return
    if not found:
        click.echo("no runs yet: start one with `connector run ROUTE`")
        return
    columns = {"id": "RUN", "route": "ROUTE", "state": "STATE", "started_at": "STARTED", "took": "TOOK", "what": "WHAT"}
    print_table([{**run, "state": _state(run), "took": _took(run), "what": _what(run)} for run in found], columns)


_GONE = "its process is gone"


def _why(problem: dict[str, Json]) -> str:
    code, message, hint = (str(problem.get(name) or "") for name in ("code", "message", "hint"))
    return Problem(code, message, hint).sentence()


def _state(run: dict[str, Json]) -> str:
    return "gone" if run["process_gone"] else str(run["state"])


def _what(run: dict[str, Json]) -> str:
    if run["process_gone"]:
        return f"{_GONE}: the next run goes on"
    return in_words(run["counts"]) if run["counts"] else ""


def _took(run: dict[str, Json]) -> str:
    return "" if run["seconds"] is None else f"{run['seconds']:.1f} s"
