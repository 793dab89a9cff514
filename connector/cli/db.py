"""``connector db``."""

from __future__ import annotations

import click

from connector.cli.options import examples, json_option
from connector.cli.output import print_json
from connector.cli.slips import Commands
from connector.cli.state import State


@click.group(
    cls=Commands, epilog=examples("connector db status", "connector db upgrade", "connector db prune --dry-run")
)
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


@command.command("prune", epilog=examples("connector db prune --dry-run", "connector db prune --json"))
@click.option("--dry-run", is_flag=True, help="Only count.")
@click.option("--compact", is_flag=True, help="Then give the room back to the disk; SQLite writes a whole copy for it.")
@json_option
@click.pass_obj
def prune(state: State, *, dry_run: bool, compact: bool) -> None:
    """Remove what is older than `retention` in configs/project.json says; runs do so by themselves, once an hour.

    Items, records and checkpoints always stay, so nothing is sent again because of it. Interrupt it whenever you like.
    """
    from connector.core.clock import StopEvent  # noqa: PLC0415 - heavy, as all below
    from connector.runtime.signals import stop_on_signals  # noqa: PLC0415
    from connector.runtime.upkeep import prune_now  # noqa: PLC0415
    from connector.store import room  # noqa: PLC0415

    stop = StopEvent()
    with state.app(stop) as app, state.store() as store, stop_on_signals(stop) as signalled:
        found = prune_now(app, store, stop=stop, dry_run=dry_run)
        if compact and not dry_run and not stop:
            room.compact(store)
    if state.as_json:
        print_json({"dry_run": dry_run, "complete": found.complete, "removed": found.counts})
    else:
        for word, count in found.counts.items():
            if count:
                click.echo(f"{count:>9,} {_SHOWN[word]}")
        click.echo(_outcome(any(found.counts.values()), dry_run=dry_run, complete=found.complete))
    raise click.exceptions.Exit(signalled.exit_code)


_SHOWN = {
    "messages": "messages and attempts of ended tasks",
    "requests": "entries of the request log",
    "finished": "finished tasks",
    "skipped": "skipped tasks",
    "failed": "failed tasks that a newer one followed",
    "last_failed": "failed tasks that nobody saw to",
    "runs": "runs",
}


def _outcome(found: bool, *, dry_run: bool, complete: bool) -> str:  # noqa: FBT001 - whether there was anything
    if not found:
        return "nothing is older than `retention` in configs/project.json says"
    if dry_run:
        return "would be removed; nothing was: run it without --dry-run"
    return "removed" if complete else "removed; interrupted before the end: run it again for the rest"
