"""``connector replay``."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click

from connector.cli.names import Name, no_route
from connector.cli.options import examples, json_option
from connector.cli.output import counted, plain, print_json
from connector.cli.state import State

EXAMPLES = examples("connector replay products --key pim-4711", "connector replay products --all --yes")


@click.command(epilog=EXAMPLES)
@click.argument("route", type=Name("route"))
@click.option("--key", "keys", multiple=True, help="Of an item, or of the record that it comes from. May be repeated.")
@click.option("--all", "all_", is_flag=True, help="All items of the route.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@click.pass_obj
def command(state: State, route: str, keys: tuple[str, ...], *, all_: bool, yes: bool) -> None:
    """Have the next run map the stored records again and send what they yield, though it was sent already.

    For a new mapping behind a cursor, and for actions that shall be carried out once more. A composed action still
    writes only what differs; a plain operation is sent as it is.
    """
    from connector.store import reports  # noqa: PLC0415 - heavy
    from connector.store.replay import replay  # noqa: PLC0415 - heavy

    if bool(keys) == all_:
        raise click.UsageError("say which: --key KEY, or --all.")
    with state.app() as app, state.store() as store:
        known = app.route_names(enabled=False)
        if route not in known:
            raise no_route(app.project, route)
        if all_ and not yes:
            _confirm(route)
        newest = reports.runs(store, route=route, limit=1)
        run_id = int(newest[0]["id"]) if newest else 0
        found = replay(store, route, None if all_ else keys, run_id=run_id, now=datetime.now(UTC))
    if state.as_json:
        print_json({"route": route, "items": len(found), "keys": found[:1000]})
    elif found:
        click.echo(f"{counted(len(found), 'item')} will be mapped and sent again: connector run {route}")
    else:
        click.echo("nothing to send again: no such item, or it waits to be sent anyway (connector items show KEY)")
    raise click.exceptions.Exit(0 if found else 1)


def _confirm(route: str) -> None:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise click.UsageError("that sends everything once more: say --yes.")
    click.confirm(f"Map and send all items of {plain(route)} again?", abort=True, err=True)
