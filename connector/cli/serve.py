"""``connector serve``."""

from __future__ import annotations

from datetime import datetime

import click

from connector.cli.options import examples
from connector.cli.output import plain
from connector.cli.state import State
from connector.core.clock import StopEvent


@click.command(epilog=examples("connector serve", "connector --env-file production.env serve"))
@click.pass_obj
def command(state: State) -> None:
    """Run the enabled routes by their schedules, until SIGINT or SIGTERM; what is under way then ends first."""
    from connector.runtime.scheduler import serve  # noqa: PLC0415 - heavy
    from connector.runtime.signals import stop_on_signals  # noqa: PLC0415

    stop = StopEvent()
    with state.app(stop) as app, stop_on_signals(stop) as signalled:
        count = serve(app, state.database_url, stop=stop, on_event=_say)
    if count == 0:
        click.echo(
            'no route has a schedule: add "schedule": { "cron": "*/15 * * * *" } to one in configs/routes/', err=True
        )
        raise click.exceptions.Exit(2)
    raise click.exceptions.Exit(signalled.exit_code)


def _say(text: str) -> None:
    click.echo(f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S%z} {plain(text)}")
