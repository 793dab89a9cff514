"""``connector db``."""

from __future__ import annotations

import click

from connector.cli.state import State


@click.group()
def command() -> None:
    r"""The run log's database: SQLite in the project's .connector/, or what CONNECTOR_DATABASE_URL says.

    \b
    Examples:
      connector db status
      connector db upgrade
    """


@command.command("upgrade")
@click.pass_obj
def upgrade_(state: State) -> None:
    """Bring the tables to this version. Does nothing when they are."""
    from connector.store import upgrade  # noqa: PLC0415 - heavy

    before, after = upgrade(state.database_url)
    click.echo(f"the run log is at version {after}" + ("" if before == after else f" (was {before or 'empty'})"))


@command.command("status")
@click.pass_obj
def status(state: State) -> None:
    """Which database, and which version its tables have."""
    from connector.store import revision  # noqa: PLC0415 - heavy
    from connector.store.engine import make_engine  # noqa: PLC0415
    from connector.store.migrate import HEAD  # noqa: PLC0415

    found = revision(state.database_url)
    click.echo(f"{make_engine(state.database_url).url.render_as_string(hide_password=True)}")
    click.echo(
        f"version {found or 'none'}" + ("" if found == HEAD else f"; this program needs {HEAD}: connector db upgrade")
    )
    raise click.exceptions.Exit(0 if found == HEAD else 3)
