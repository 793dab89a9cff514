"""``connector items``."""

from __future__ import annotations

import click

from connector.cli.known_routes import ensure_route
from connector.cli.next_step import next_step
from connector.cli.options import examples, json_option
from connector.cli.output import plain, print_facts, print_json
from connector.cli.slips import Commands
from connector.cli.state import State
from connector.core.jsonio import Json

EXAMPLES = examples("connector items show 4711", "connector items show pim-4711 --json")


@click.group(cls=Commands, epilog=EXAMPLES)
def command() -> None:
    """What the routes know about one key."""


@command.command("show", epilog=EXAMPLES)
@click.argument("key")
@click.option("--route", help="Only this route.")
@json_option
@click.pass_obj
def show(state: State, key: str, route: str | None) -> None:
    """Everything that happened to a key: the source's, or the remote id at the target."""
    from connector.store import reports  # noqa: PLC0415 - heavy

    with state.store() as store:
        found = reports.item_by_key(store, key, route=route)
        if not found:
            ensure_route(state, store, route)
    if state.as_json:
        print_json(found)
        raise click.exceptions.Exit(0 if found else 1)
    if not found:
        click.echo(f"no route has seen '{plain(key)}'; a key is written exactly as the source or the mapping writes it")
        raise click.exceptions.Exit(1)
    routes = [path.stem for path in (state.project / "configs" / "routes").glob("*.json")]
    for item in found:
        _tell(item, known=not routes or item["route"] in routes)


def _tell(item: dict[str, Json], *, known: bool) -> None:
    click.secho(f"{plain(item['key'])}  (route {item['route']})", bold=True)
    source = item["record"] or {}
    facts = {
        "  source key": source.get("key"),
        "  read from": source.get("origin"),
        "  id in Ibexa": item["target_id"] or "none yet",
        "  now": item["dropped"]
        or item["last_change"]
        or ("begun, not ended" if item["target_id"] else "not sent yet"),
        "  last seen in run": item["last_seen_run"],
        "  next": next_step(item, known=known),
        "  its record": _unmapped(item),
    }
    if not item["tasks"]:
        facts |= {"  id in Ibexa": item["target_id"], "  now": item["dropped"] or item["last_change"]}
    print_facts({name: value for name, value in facts.items() if value not in (None, "")})
    if item["tasks"]:
        click.echo("  history, newest first:")
    for task in item["tasks"]:
        detail = task["detail"] or {}
        what = f": {', '.join(detail['changed'])}" if detail.get("changed") else ""
        what += f"; left: {', '.join(detail['left'])}" if detail.get("left") else ""
        why = f": {task['problem']['message']}" if task["problem"] else ""
        why += f"; done before: {', '.join(detail['done'])}" if detail.get("done") else ""
        when = task["ended_at"] or task["created_at"]
        click.echo(plain(f"    {when}  run {task['run']}  {task['state']} {task['change']}{what}{why}"))


def _unmapped(item: dict[str, Json]) -> str:
    """What is to be said of a record that was read, and of which the mapping made nothing."""
    seen = (item["record"] or {}).get("last_seen_run") or 0
    newest = item["tasks"][0] if item["tasks"] else None
    if newest is None:
        return (
            "" if item["target_id"] else "the mapping makes nothing of it (a filter, or an empty list): nothing is sent"
        )
    if newest["state"] == "failed" or newest["run"] > item["last_seen_run"] or seen <= item["last_seen_run"]:
        return ""
    return f"read in run {seen} too, and the mapping makes nothing of it any more"
