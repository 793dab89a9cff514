"""``connector tasks``."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NoReturn

import click

from connector.cli.known_routes import ensure_route
from connector.cli.options import Whole, examples, json_option
from connector.cli.output import plain, print_facts, print_json, print_table
from connector.cli.slips import Commands
from connector.cli.state import State
from connector.core.jsonio import Json
from connector.core.nearest import did_you_mean
from connector.core.problem import Place

if TYPE_CHECKING:
    from connector.store import Store

_STATES = ("new", "processing", "finished", "failed", "skipped")


EXAMPLES = examples(
    "connector tasks failures",
    "connector tasks retry --cause 3f2a91bc",
    "connector tasks list --state failed",
    "connector tasks show 4711",
    "connector tasks retry --route products",
    'connector tasks skip 4711 --reason "no longer sold"',
)


@click.group(cls=Commands, epilog=EXAMPLES)
def command() -> None:
    """Tasks: each entity that was to be sent, and what became of it."""


@command.command("list", epilog=examples("connector tasks list --state failed", "connector tasks list --left --run 12"))
@click.option("--route", help="Only this route.")
@click.option("--state", type=click.Choice(_STATES), help="Only in this state.")
@click.option("--run", type=int, help="Only of this run.")
@click.option("--key", help="Only of this key.")
@click.option("--left", is_flag=True, help="Only those that left something alone, such as what an editor changed.")
@click.option("--drifted", is_flag=True, help="Only those that found another state than was last written.")
@click.option("--limit", default=50, show_default=True, type=Whole(1, 100_000))
@json_option
@click.pass_obj
def list_(state: State, /, **filters: Json) -> None:
    """The newest tasks first."""
    from connector.store import reports  # noqa: PLC0415 - heavy

    chosen = [name for name in ("left", "drifted") if filters.pop(name)]
    if len(chosen) > 1:
        raise click.UsageError("--left or --drifted, not both.")
    with state.store() as store:
        found = reports.tasks(store, only="".join(chosen), **filters)
        if not found:
            ensure_route(state, store, filters["route"])
    if state.as_json:
        print_json(found)
        return
    if not found:
        click.echo("no such tasks; `connector runs` shows what ran")
        return
    columns = {"id": "TASK", "route": "ROUTE", "key": "KEY", "state": "STATE", "change": "CHANGE", "why": "WHY"}
    print_table([{**task, "why": _why(task)} for task in found], columns)
    if len(found) == filters["limit"]:
        click.echo(f"\nthese are the newest {len(found)}; --limit shows more")


@command.command("show", epilog=examples("connector tasks show 4711", "connector tasks show 4711 --json"))
@click.argument("task_id", type=int)
@json_option
@click.pass_obj
def show(state: State, task_id: int) -> None:
    """One task: its message, the record it came from, and every attempt."""
    from connector.store import reports  # noqa: PLC0415 - heavy

    with state.store() as store:
        found = reports.task_by_id(store, task_id)
    if found is None:
        raise click.UsageError(f"there is no task {task_id}: `connector tasks list` lists them.")
    if state.as_json:
        print_json(found)
        return
    parts = {name: found.pop(name) for name in ("message", "record", "history")}
    detail = found.pop("detail") or {}
    found |= {name: ", ".join(detail.pop(name, ())) for name in ("changed", "left")}
    found |= {"done before it failed": ", ".join(detail.pop("done", ())), "detail": detail}
    found["problem"] = _with_place_in_one_text(found["problem"])
    print_facts({name: value for name, value in found.items() if value not in (None, "", False, {})})
    for name, value in parts.items():
        if value:
            click.secho(f"\n{name}", bold=True)
            print_json(value)


@command.command("failures", epilog=examples("connector tasks failures", "connector tasks failures --run 12"))
@click.option("--route", help="Only this route.")
@click.option("--run", "run_id", type=int, help="Only of this run.")
@json_option
@click.pass_obj
def failures(state: State, route: str | None, run_id: int | None) -> None:
    """Failed tasks by cause, the most frequent first, with what to do.

    One cause is one code, one step or field, and one message, whatever keys, numbers and quoted values are in it.
    """
    from connector.store import causes  # noqa: PLC0415 - heavy

    with state.store() as store:
        found = causes.failures(store, route=route, run=run_id)
        if not found:
            ensure_route(state, store, route)
    if state.as_json:
        print_json(found)
        return
    if not found:
        click.echo("no failed tasks")
        return
    for group in found:
        click.secho(f"{group['cause']}  {group['count']} × {plain(group['message'])}", fg="red")
        if group["hint"]:
            click.echo(f"    {plain(group['hint'])}")
        if group["place"]:
            click.echo(f"    {plain(_place(group['place']))}")
        more = ", …" if group["count"] > len(group["keys"]) else ""
        if group["wheres"]:
            click.echo(f"    {plain('; '.join(group['wheres']), 200)}{more}")
        click.echo(
            f"    keys {plain(', '.join(group['keys']), 160)}{more}; e.g. connector tasks show {group['task_ids'][0]}"
        )
        if group["retry_later"]:
            are = "is" if group["retry_later"] == 1 else "are"
            click.echo(f"    {group['retry_later']} of them {are} tried again without you")
    click.echo(f"\nwhen a cause is mended: connector tasks retry --cause {found[0]['cause']}, then connector run ROUTE")


@command.command(
    "retry",
    epilog=examples(
        "connector tasks retry 4711 4712",
        "connector tasks retry --cause 3f2a91bc",
        "connector tasks retry --route products",
    ),
)
@click.argument("task_ids", nargs=-1, type=int)
@click.option("--route", help="All failed tasks of this route.")
@click.option("--cause", help="All failed tasks of this cause, as `connector tasks failures` names it.")
@json_option
@click.pass_obj
def retry(state: State, task_ids: tuple[int, ...], route: str | None, cause: str | None) -> None:
    """Make failed tasks new again; the next run sends them. A failed mapping is mapped again."""
    from connector.store import causes, tasks  # noqa: PLC0415 - heavy

    if bool(task_ids) == bool(route or cause):
        raise click.UsageError("name tasks, or --route ROUTE or --cause ID for all failed ones of it.")
    with state.store() as store:
        if cause is not None:
            task_ids = tuple(causes.task_ids(store, cause, route=route)) or _no_cause(store, cause, route)
        count = tasks.retry(store, ids=task_ids, route=route) if task_ids or cause is None else 0
        if not count:
            ensure_route(state, store, route)
    next_step = "run the route to send them" if count else "only failed ones can be: `connector tasks failures`"
    _told(state, count, f"{count} tasks are new again; {next_step}")


@command.command(
    "skip",
    epilog=examples(
        'connector tasks skip 4711 --reason "no longer sold"',
        'connector tasks skip --cause 3f2a91bc --reason "mended at the source"',
        'connector tasks skip --route old-products --reason "the route is gone"',
    ),
)
@click.argument("task_ids", nargs=-1, type=int)
@click.option("--route", help="All tasks of this route that wait, failed ones and others.")
@click.option("--cause", help="All failed tasks of this cause, as `connector tasks failures` names it.")
@click.option("--reason", required=True, help="Why; kept with the task.")
@json_option
@click.pass_obj
def skip(state: State, task_ids: tuple[int, ...], route: str | None, cause: str | None, reason: str) -> None:
    """End tasks for good; a newer state of the same key is still sent."""
    from connector.store import causes, tasks  # noqa: PLC0415 - heavy

    if bool(task_ids) == bool(route or cause):
        raise click.UsageError("name tasks, or --route ROUTE or --cause ID for all of it.")
    with state.store() as store:
        if cause is not None:
            task_ids = tuple(causes.task_ids(store, cause, route=route)) or _no_cause(store, cause, route)
        count = tasks.skip(store, ids=task_ids, route=route, reason=reason, now=datetime.now(UTC))
        if not count:
            ensure_route(state, store, route)
    _told(state, count, f"{count} tasks skipped" + ("" if count else "; only failed and new ones can be"))


def _no_cause(store: Store, cause: str, route: str | None) -> NoReturn:
    """Refuse what may be a slip of the pen."""
    from connector.store import causes  # noqa: PLC0415 - heavy

    known = [str(one["cause"]) for one in causes.failures(store, route=route)]
    of_route = f" of the route '{route}'" if route else ""
    listed = f"Causes are: {', '.join(known)}" if known else "No task has failed"
    message = f"no failed task{of_route} has the cause '{cause}'. {did_you_mean(cause, known)}"
    raise click.UsageError(f"{message}{listed}. See `connector tasks failures`.")


def _told(state: State, count: int, sentence: str) -> None:
    if state.as_json:
        print_json({"tasks": count})
    else:
        click.echo(sentence)


def _with_place_in_one_text(problem: Json) -> Json:
    return {**problem, "place": _place(problem["place"])} if problem and problem.get("place") else problem


def _place(stored: dict[str, Json]) -> str:
    return str(Place(stored.get("file", ""), stored.get("line", 0), stored.get("column", 0)))


def _why(task: dict[str, Json]) -> str:
    left = f"left: {', '.join(task['left'])}" if task["left"] else ""
    return plain((task["problem"] or {}).get("message", left), 90)
