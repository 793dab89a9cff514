"""``connector runs``."""

from __future__ import annotations

import click

from connector.cli.options import examples, json_option
from connector.cli.output import plain, print_facts, print_json, print_table
from connector.cli.state import State
from connector.core.jsonio import Json

EXAMPLES = examples("connector runs", "connector runs --route products --json", "connector runs show 12")


@click.group(invoke_without_command=True, epilog=EXAMPLES)
@click.option("--route", help="Only this route.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 10_000))
@json_option
@click.pass_context
def command(ctx: click.Context, route: str | None, limit: int) -> None:
    """What ran, when, and how it ended; the newest first. Without a command: the same as `list`."""
    if ctx.invoked_subcommand is None:
        _list(ctx.obj, route, limit)


@command.command("list", epilog=examples("connector runs list --route products", "connector runs list --limit 3"))
@click.option("--route", help="Only this route.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 10_000))
@json_option
@click.pass_obj
def list_(state: State, route: str | None, limit: int) -> None:
    """The newest runs first."""
    _list(state, route, limit)


@command.command("show", epilog=examples("connector runs show 12", "connector runs show 12 --json"))
@click.argument("run_id", type=int)
@json_option
@click.pass_obj
def show(state: State, run_id: int) -> None:
    """One run: counts, what it asked its source, and its failures by cause."""
    from connector.store import causes, reports  # noqa: PLC0415 - heavy

    with state.store() as store:
        found = reports.run_by_id(store, run_id)
        failures = causes.failures(store, run=run_id)
    if found is None:
        raise click.UsageError(f"there is no run {run_id}: `connector runs` lists them.")
    if state.as_json:
        print_json({**found, "failures": failures})
        return
    counts = {name: number for name, number in found.pop("counts").items() if number}
    problem = found.pop("problem") or {}
    why = " ".join(str(problem[name]) for name in ("message", "hint") if problem.get(name))
    facts = {**found, **counts, "problem": why}
    print_facts({name: value for name, value in facts.items() if value not in (None, "", [], {})})
    for group in failures:
        click.echo(f"  {group['count']} × {plain(group['message'], 200)}")
    if failures:
        click.echo(f"next: connector tasks failures --run {run_id}")


def _list(state: State, route: str | None, limit: int) -> None:
    from connector.store import reports  # noqa: PLC0415 - heavy

    with state.store() as store:
        found = reports.runs(store, route=route, limit=limit)
    if state.as_json:
        print_json(found)
        return
    if not found:
        click.echo("no runs yet: start one with `connector run ROUTE`")
        return
    columns = {"id": "RUN", "route": "ROUTE", "state": "STATE", "started_at": "STARTED", "took": "TOOK", "what": "WHAT"}
    print_table([{**run, "took": _took(run), "what": _what(run)} for run in found], columns)


def _took(run: dict[str, Json]) -> str:
    return "" if run["seconds"] is None else f"{run['seconds']:.1f} s"


def _what(run: dict[str, Json]) -> str:
    names = ("read", "created", "updated", "hidden", "unchanged", "failed")
    return ", ".join(f"{run['counts'][name]} {name}" for name in names if run["counts"].get(name))
