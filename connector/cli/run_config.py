"""``connector runs show N --config``: what a run started with, and how that differs from what is written today."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from connector.cli.output import plain, print_json
from connector.cli.state import State
from connector.core.jsonio import Json

if TYPE_CHECKING:
    from connector.store import Store

_ABSENT = "(nothing)"


def show_config(state: State, store: Store, run: dict[str, Json]) -> None:
    """Print it; transformers are told by their fingerprints."""
    from connector.store.runs import config_of  # noqa: PLC0415 - heavy

    then = config_of(store, run["id"])
    today = _today(state, str(run["route"]))
    changes = [] if today is None else list(differences(then, today))
    if state.as_json:
        rows = [{"at": at, "then": before, "today": after} for at, before, after in changes]
        same = None if today is None else not changes
        print_json({"run": run["id"], "route": run["route"], "config": then, "same_as_today": same, "changes": rows})
        return
    print_json(then)
    if today is None:
        click.echo("\nthe route is not in this project today, or one of its parts is not")
    elif not changes:
        click.echo("\nthe same is written today")
    else:
        click.echo("\nwritten differently today:")
    for at, before, after in changes:
        click.echo(f"  {plain(at)}: {plain(before, 80)} -> {plain(after, 80)}")


def differences(then: Json, today: Json, at: str = "") -> Iterator[tuple[str, Json, Json]]:
    """Where two values differ, with both: objects member by member, everything else as a whole."""
    if isinstance(then, dict) and isinstance(today, dict):
        for name in dict.fromkeys([*then, *today]):
            place = f"{at}.{name}" if at else name
            yield from differences(then.get(name, _ABSENT), today.get(name, _ABSENT), place)
    elif then != today:
        yield at, then, today


def _today(state: State, route: str) -> Json:
    from connector.config.project import load  # noqa: PLC0415 - heavy

    try:
        return load(state.project).declared(route)
    except (KeyError, TypeError, AttributeError):  # no such route, or one that `validate` refuses
        return None
