"""``connector db``."""

from __future__ import annotations

import click

from connector.cli.options import examples, json_option
from connector.cli.output import print_json
from connector.cli.state import State


@click.group(epilog=examples("connector db status", "connector db upgrade"))
def command() -> None:
    """The run log's database: SQLite in the project's .connector/, or what CONNECTOR_DATABASE_URL says."""


@command.command("upgrade", epilog=examples("connector db upgrade"))
@json_option
@click.pass_obj
def upgrade_(state: State) -> None:
    """Bring the tables to this version. Does nothing when they are."""
    from connector.store import upgrade  # noqa: PLC0415 - heavy

    before, after = upgrade(state.database_url)
    if state.as_json:
        print_json({"before": before, "version": after})
        return
    click.echo(f"the run log is at version {after}" + ("" if before == after else f" (was {before or 'empty'})"))


@command.command("status", epilog=examples("connector db status", "connector db status --json"))
@json_option
@click.pass_obj
def status(state: State) -> None:
    """Which database, and which version its tables have; exit code 3 when they need `connector db upgrade`."""
    from connector.store import revision  # noqa: PLC0415 - heavy
    from connector.store.engine import make_engine  # noqa: PLC0415
    from connector.store.migrate import HEAD  # noqa: PLC0415

    found = revision(state.database_url)
    # What follows the question mark may be a password too.
    where = make_engine(state.database_url).url.set(query={}).render_as_string(hide_password=True)
    if state.as_json:
        print_json({"database": where, "version": found or None, "wanted": HEAD})
    else:
        needs = "" if found == HEAD else f"; this program needs {HEAD}: connector db upgrade"
        click.echo(f"{where}\nversion {found or 'none'}{needs}")
    raise click.exceptions.Exit(0 if found == HEAD else 3)
