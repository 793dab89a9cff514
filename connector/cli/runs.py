"""``connector runs``."""

from __future__ import annotations

import click

from connector.cli.output import print_facts, print_json, print_table
from connector.cli.state import State
from connector.core.jsonio import Json


@click.group(invoke_without_command=True)
@click.option("--route", help="Only this route.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 10_000))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_context
def command(ctx: click.Context, route: str | None, limit: int, as_json: bool) -> None:  # noqa: FBT001
    r"""What ran, when, and how it ended; the newest first.

    \b
    Examples:
      connector runs
      connector runs --route products --json
      connector runs show 12
    """
    if ctx.invoked_subcommand is not None:
        return
    from connector.store import reports  # noqa: PLC0415 - heavy

    state: State = ctx.obj
    with state.store() as store:
        found = reports.runs(store, route=route, limit=limit)
    if as_json or state.as_json:
        print_json(found)
        return
    if not found:
        click.echo("no runs yet: start one with `connector run ROUTE`")
        return
    columns = {"id": "RUN", "route": "ROUTE", "state": "STATE", "started_at": "STARTED", "took": "TOOK", "what": "WHAT"}
    print_table([{**run, "took": _took(run), "what": _what(run)} for run in found], columns)


@command.command("show")
@click.argument("run_id", type=int)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def show(state: State, run_id: int, as_json: bool) -> None:  # noqa: FBT001
    """One run: counts, what it asked its source, and its failures by cause."""
    from connector.store import reports  # noqa: PLC0415 - heavy

    with state.store() as store:
        found = reports.run_by_id(store, run_id)
        failures = reports.failures(store, run=run_id)
    if found is None:
        raise click.UsageError(f"there is no run {run_id}: `connector runs` lists them.")
    if as_json or state.as_json:
        print_json({**found, "failures": failures})
        return
    counts = found.pop("counts")
    print_facts({**found, **{name: number for name, number in counts.items() if number}})
    for group in failures:
        click.echo(f"  {group['count']} × {group['message']}")


def _took(run: dict[str, Json]) -> str:
    return "" if run["seconds"] is None else f"{run['seconds']:.1f} s"


def _what(run: dict[str, Json]) -> str:
    names = ("read", "created", "updated", "hidden", "unchanged", "failed")
    return ", ".join(f"{run['counts'][name]} {name}" for name in names if run["counts"].get(name))
