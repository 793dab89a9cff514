"""``connector requests``."""

from __future__ import annotations

import click

from connector.cli.output import print_json, print_table
from connector.cli.state import State


@click.command()
@click.option("--client", help="Only of this client.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document, with headers and bodies where kept.")
@click.pass_obj
def command(state: State, client: str | None, limit: int, as_json: bool) -> None:  # noqa: FBT001 - click hands flags over so
    r"""The newest entries of the request log; each client's request_log says what is kept (errors, unless it does).

    \b
    Examples:
      connector requests
      connector requests --client ibexa --json
    """
    from connector.store.requests import latest  # noqa: PLC0415 - heavy

    with state.store() as store:
        found = latest(store, client=client, limit=limit)
    if as_json or state.as_json:
        print_json(found)
        return
    if not found:
        click.echo('nothing is kept; a client with "request_log": "headers" or "full" keeps every request')
        return
    rows = [{**one, "what": one.get("error") or one.get("response_body", "")} for one in found]
    columns = {"at": "AT", "client": "CLIENT", "operation": "OPERATION", "method": "METHOD", "path": "PATH"}
    print_table(rows, {**columns, "status": "STATUS", "seconds": "SECONDS", "what": "WHAT"})
