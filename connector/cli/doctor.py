"""``connector doctor``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import click

from connector.cli.options import examples, json_option
from connector.cli.output import counted, plain, print_json
from connector.cli.state import State
from connector.core.errors import ConfigError
from connector.core.jsonio import Json

if TYPE_CHECKING:
    from connector.app import Application
    from connector.runtime.doctor import Symptom


@click.command(epilog=examples("connector doctor", "connector doctor --json", "connector doctor --repair"))
@click.option("--repair", "mend", is_flag=True, help="Free what the dead hold, close runs that nobody runs.")
@json_option
@click.pass_obj
def command(state: State, *, mend: bool) -> None:
    """Find what is stuck and explain it: what, since when, what it means, what to do.

    Asks the run log, the disk and the clock, no system. --repair does what the next run would do anyway; nothing is
    sent by it. Exit code 0: nothing found but what does no harm, or all of it repaired; 1: something is left.
    """
    from connector.runtime.doctor import examine, repair  # noqa: PLC0415 - heavy
    from connector.store.migrate import look_at  # noqa: PLC0415

    store = look_at(state.database_url)
    found: list[Symptom] = []
    repaired: dict[str, list[Json]] = {}
    if store is not None:
        try:
            found = _examined(state, partial(examine, store))
            if mend and any(one.repair for one in found):
                repaired = repair(store, datetime.now(UTC))
        finally:
            store.close()
    left = [one for one in found if not (mend and one.repair) and not one.harmless]
    if state.as_json:
        print_json({"findings": [one.as_json() for one in found], "repaired": repaired, "left": len(left)})
    elif store is None:
        click.echo("there is no run log yet: nothing has run")
    else:
        _tell(found, mended=mend)
    raise click.exceptions.Exit(1 if left else 0)


def _examined(state: State, examine: Callable[[Application | None], list[Symptom]]) -> list[Symptom]:
    """With the project, if it can be read; else that it cannot is one of the findings."""
    from connector.runtime.doctor import Symptom  # noqa: PLC0415 - heavy

    try:
        with state.app() as app:
            return examine(app)
    except ConfigError as error:
        means = "Nothing can run. What the project decides, its routes and the room it wants, was not looked at."
        return [Symptom("project", error.message, None, means, "connector validate"), *examine(None)]


def _tell(found: list[Symptom], *, mended: bool) -> None:
    if not found:
        click.echo("nothing is stuck")
        return
    for one in found:
        since = f", since {one.since:%Y-%m-%d %H:%M} UTC" if one.since else ""
        click.secho(plain(f"{one.what}{since}"), fg="yellow", bold=True)
        click.echo(f"   {plain(one.means)}")
        click.echo("   repaired" if mended and one.repair else f"   do: {plain(one.todo)}")
    click.echo(f"\n{counted(len(found), 'finding')}")
