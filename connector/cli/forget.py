"""``connector forget``."""

from __future__ import annotations

import sys

import click

from connector.cli.known_routes import ensure_route
from connector.cli.options import examples, json_option
from connector.cli.output import counted, plain, print_json
from connector.cli.state import State


@click.command(epilog=examples("connector forget CUSTOMER-4711", "connector forget CUSTOMER-4711 --yes --json"))
@click.argument("key")
@click.option("--route", help="Only what this route knows.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@click.pass_obj
def command(state: State, key: str, *, route: str | None, yes: bool) -> None:
    """Remove what the run log holds about one key, the source's or the target's: for requests to be forgotten.

    Records, messages, problems and requests that name it go. What keeps it from being published twice stays, without
    its words. The source and the target are left alone: remove it there first, run the route, then forget it here.
    """
    from connector.runtime.forgetting import forget_key  # noqa: PLC0415 - heavy
    from connector.store.forget import known  # noqa: PLC0415

    with state.store() as store:
        before = known(store, key, route)
        if not before:
            ensure_route(state, store, route)
            _nothing(state, key)
        if not yes:
            _ask(key, len(before.tasks), sorted(before.routes))
        found, counts = forget_key(store, key, route)
    if state.as_json:
        facts = {"routes": sorted(found.routes), "at_target": found.at_target, "unsure": found.unsure}
        print_json({"forgotten": counts, **facts})
        return
    click.echo("forgotten: " + ", ".join(f"{count} {word}" for word, count in counts.items() if count))
    if found.at_target:
        click.echo(f"still at the target, under the ids {plain(', '.join(found.at_target), 200)}: remove it there")
    if found.unsure:
        click.echo(f"{counted(found.unsure, 'task')} may have taken effect there, or left a draft: look")
    click.echo("it is still in backups of the run log, in the source, and in logs elsewhere")


def _nothing(state: State, key: str) -> None:
    if state.as_json:
        print_json({"forgotten": {}, "routes": [], "at_target": [], "unsure": 0})
    else:
        click.echo(f"no route has seen '{plain(key)}'; a key is written exactly as the source or the mapping writes it")
    raise click.exceptions.Exit(1)


def _ask(key: str, tasks: int, routes: list[str]) -> None:
    what = f"forget '{plain(key)}', with {counted(tasks, 'task')} of {', '.join(routes)}? It cannot be undone"
    if not sys.stdin.isatty():
        raise click.UsageError(f"{what}: say --yes.")
    if not click.confirm(what, err=True):
        raise click.exceptions.Exit(2)
