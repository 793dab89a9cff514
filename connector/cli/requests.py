"""``connector requests``."""

from __future__ import annotations

import click

from connector.cli.names import Name, names
from connector.cli.options import Whole, examples, json_option
from connector.cli.output import plain, print_json, print_table
from connector.cli.state import State


@click.command(epilog=examples("connector requests", "connector requests --client ibexa --json"))
@click.option("--client", type=Name("client"), help="Only of this client.")
@click.option("--limit", default=50, show_default=True, type=Whole(1, 10_000))
@json_option
@click.pass_obj
def command(state: State, client: str | None, limit: int) -> None:
    """The newest entries of the request log; each client's request_log says what is kept (errors, unless it does)."""
    from connector.store.requests import latest  # noqa: PLC0415 - heavy

    with state.store() as store:
        found = latest(store, client=client, limit=limit)
    if client is not None and not found:
        _known(state, client)
    if state.as_json:
        print_json(found)
        return
    if not found:
        click.echo('nothing is kept; a client with "request_log": "headers" or "full" keeps every request')
        return
    rows = [{**one, "what": one.get("error") or one.get("response_body", "")} for one in found]
    columns = {"at": "AT", "client": "CLIENT", "operation": "OPERATION", "method": "METHOD", "path": "PATH"}
    print_table(rows, {**columns, "status": "STATUS", "seconds": "SECONDS", "what": "WHAT"})


def _known(state: State, client: str) -> None:
    """Of a client that was removed from the project entries may be left; of one that never was there are none.

    Raises:
        UsageError: the project has no such client.
    """
    from connector.config.project import load  # noqa: PLC0415 - heavy
    from connector.core.nearest import did_you_mean  # noqa: PLC0415

    known = names(load(state.project), ["client"])["client"]
    if known and client not in known:
        listed = ", ".join(known)
        near = did_you_mean(client, known)
        raise click.UsageError(f"there is no client '{plain(client)}'. {near}Clients are: {listed}.")
