"""``connector preview``."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from connector.cli.errors import say_elsewhere
from connector.cli.names import Name, resolved
from connector.cli.options import Whole, examples, json_option
from connector.cli.output import plain, print_json
from connector.cli.state import State


@click.command(epilog=examples("connector preview products", "connector preview products --limit 1 --record"))
@click.argument("route", metavar="ROUTE|incoming:NAME", type=Name("route", "incoming"))
@click.option("--limit", default=5, show_default=True, type=Whole(1, 10_000), help="How many records.")
@click.option("--record", "with_record", is_flag=True, help="Show the source record too.")
@click.option("--request", "with_request", is_flag=True, help="Show the request that each message means.")
@json_option
@click.pass_obj
def command(state: State, route: str, limit: int, with_record: bool, with_request: bool) -> None:  # noqa: FBT001
    """Fetch the first records of a route and show what its mapping makes of them. Nothing is written anywhere.

    With --request it shows method, path, headers and body instead, as the reference names them; a client with method
    override sends custom methods as POST. A composed action looks first, so it has no one request.

    With incoming:NAME, or its name where no route has it, it shows the records of an incoming alone. The exit code is 1
    when none of them can be used.
    """
    from connector.runtime.preview import preview, preview_incoming, unread  # noqa: PLC0415 - heavy

    with state.app(partly=True) as app:
        family, name = resolved(app.project, route, ("route", "incoming"))
        app.ensure_sound(family, name)
        say_elsewhere(app, family, [name])
        only_read = family == "incoming"
        show = preview_incoming if only_read else preview
        rows = list(show(app, name, limit=limit, now=datetime.now(UTC)))
        notes = [] if only_read else unread(app, name, rows)
    for file, one in notes:
        known = "the record has not" if len(rows) == 1 else f"none of the {len(rows)} records has"
        click.secho(f"note: {file} reads '{plain(one.field)}', which {known}. {plain(one.hint)}", fg="yellow", err=True)
    failed = bool(rows) and all(row.problem is not None for row in rows)
    if state.as_json:
        print_json(
            [
                {
                    "key": row.key,
                    "origin": row.origin,
                    "record": row.record,
                    "messages": row.messages,
                    "notes": row.notes,
                    "requests": row.requests,
                    "problem": row.problem.as_json() if row.problem else None,
                }
                for row in rows
            ]
        )
        raise click.exceptions.Exit(int(failed))
    if not rows:
        click.echo("the source has no records")
    for row in rows:
        click.secho(f"{plain(row.key) or '(no key)'}  ({plain(row.origin)})", bold=True)
        if with_record or (only_read and row.problem is None):
            print_json(row.record)
        if row.problem is not None:
            click.secho(f"  {plain(row.problem.sentence())}", fg="red")
        elif not row.messages and not only_read:
            click.echo("  the mapping leaves it out")
        for message in (with_request and row.requests) or row.messages:
            print_json(message)
        for note in row.notes:
            click.echo(f"  {plain(note)}")
    raise click.exceptions.Exit(int(failed))
