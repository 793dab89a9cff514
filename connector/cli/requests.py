"""``connector requests``."""

from __future__ import annotations

import click

from connector.cli.options import examples, json_option
from connector.cli.output import print_json, print_table
from connector.cli.state import State


@click.command(epilog=examples("connector requests", "connector requests --client ibexa --json"))
@click.option("--client", help="Only of this client.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000))
@json_option
@click.pass_obj
def command(state: State, client: str | None, limit: int) -> None:
    """The newest entries of the request log; each client's request_log says what is kept (errors, unless it does)."""
    from connector.store.requests import latest  # noqa: PLC0415 - heavy

    with state.store() as store:
        found = latest(store, client=client, limit=limit)
    if state.as_json:
        print_json(found)
        return
    if not found:
        click.echo('nothing is kept; a client with "request_log": "headers" or "full" keeps every request')
        return
    rows = [{**one, "what": one.get("error") or one.get("response_body", "")} for one in found]
    columns = {"at": "AT", "client": "CLIENT", "operation": "OPERATION", "method": "METHOD", "path": "PATH"}
    print_table(rows, {**columns, "status": "STATUS", "seconds": "SECONDS", "what": "WHAT"})
