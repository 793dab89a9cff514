"""``connector serve``."""

from __future__ import annotations

from datetime import datetime

import click

from connector.cli.errors import say_elsewhere
from connector.cli.options import examples
from connector.cli.output import plain
from connector.cli.state import State
from connector.core.clock import StopEvent

_NO_SCHEDULE = """no enabled route has a schedule: add one to a file in configs/routes/, for example
  "schedule": { "cron": "*/15 * * * *", "timezone": "Europe/Oslo" }
then `connector schedule list` says when it runs. To run a route once, now: `connector run ROUTE`"""


@click.command(epilog=examples("connector serve", "connector --env-file production.env serve"))
@click.option("--yes", is_flag=True, envvar="CONNECTOR_YES", help="Agree to write to a system for the first time.")
@click.pass_obj
def command(state: State, *, yes: bool) -> None:
    """Run the enabled routes by their schedules, until SIGINT or SIGTERM; what is under way then ends first.

    Several may serve on one run log: one leads, the others take over when it is gone. A route that would write to
    another machine for the first time is skipped until somebody agrees: `connector run ROUTE --yes`. A route that is
    made of a file with an error does not run, and the others do: `connector schedule history` says why. Mend it, then
    start again.
    """
    from connector.runtime.scheduler import serve  # noqa: PLC0415 - heavy
    from connector.runtime.signals import stop_on_signals  # noqa: PLC0415

    stop = StopEvent()
    with state.app(stop, partly=True) as app, stop_on_signals(stop) as signalled:
        say_elsewhere(app, "route", app.route_names())
        count = serve(app, state.database_url, stop=stop, on_event=_say, yes=yes)
    if count == 0:
        click.echo(_NO_SCHEDULE, err=True)
        raise click.exceptions.Exit(2)
    raise click.exceptions.Exit(signalled.exit_code)


def _say(text: str) -> None:
    click.echo(f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S%z} {plain(text)}")
