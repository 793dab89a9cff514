"""``connector clients``."""

from __future__ import annotations

import click

from connector.cli.options import examples, json_option
from connector.cli.output import plain, print_json, print_table
from connector.cli.state import State
from connector.core.jsonio import Json


@click.command(epilog=examples("connector clients", "connector clients --json"))
@json_option
@click.pass_obj
def command(state: State) -> None:
    """The project's clients, and which of them the last runs found down. Asks no system: `connector check` does."""
    from connector.config.project import load  # noqa: PLC0415 - heavy
    from connector.store import clients  # noqa: PLC0415

    with state.store() as store:
        down = clients.down(store)
    rows: list[Json] = []
    for name in sorted({*load(state.project).clients, *down}):
        found = down[name].as_json() if name in down else {}
        rows.append({"client": name, "state": "down" if found else "up", **found})
    if state.as_json:
        print_json(rows)
        return
    if not rows:
        click.echo("no clients yet: declare one in configs/clients/")
        return
    shown = [{**row, "why": plain((row.get("problem") or {}).get("message", ""), 90)} for row in rows]
    print_table(shown, {"client": "CLIENT", "state": "STATE", "since": "SINCE", "probes": "PROBES", "why": "WHY"})
    if down:
        click.echo("\nwhat waits for them is kept; a run asks first. To ask now: connector check CLIENT")
