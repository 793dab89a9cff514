"""``connector run``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from connector.cli.counted import compared, done, in_words
from connector.cli.errors import say, say_elsewhere
from connector.cli.names import Name, chosen
from connector.cli.options import Whole, examples, json_option
from connector.cli.output import plain, print_json
from connector.cli.progress import Progress
from connector.cli.state import State
from connector.core.clock import StopEvent
from connector.core.errors import ConfigError, ConnectorError, NotRun, RouteBusy, StoreError
from connector.core.garbage import loading
from connector.core.jsonio import Json

if TYPE_CHECKING:
    from connector.app import Application
    from connector.runtime.execution import RunReport
    from connector.store import Store

EXAMPLES = examples(
    "connector run products",
    "connector run categories products",
    "connector run --all --json",
    "connector run products --retry",
    "connector run products --dry-run",
)


@click.command(epilog=EXAMPLES)
@click.argument("routes", nargs=-1, type=Name("route"))
@click.option("--all", "run_all", is_flag=True, help="All enabled routes, in the order of their `after`.")
@click.option("--retry", is_flag=True, help="Try failed tasks again, also those that wait for a person.")
@click.option("--dry-run", is_flag=True, help="Read and map everything and say what a run would do; write nothing.")
@click.option("--limit-failures", default=10, show_default=True, type=Whole(0), help="Kinds of failure to show.")
@click.option("--yes", is_flag=True, envvar="CONNECTOR_YES", help="Agree to write to a system for the first time.")
@click.option("--moved", is_flag=True, help="The system written to has another address now, with all that is in it.")
@json_option
@click.pass_obj
def command(state: State, /, routes: tuple[str, ...], **options: Any) -> None:
    """Run routes now: read what is new, send what differs, account for each entity.

    Interrupt it whenever you like: the next run goes on where this one stopped. A route that cannot be started is told
    of, and the others still run, but for those that come `after` it; so is one that is made of a file with an error.
    Only an error that concerns the whole project stops all. Before the first write to another machine you are asked:
    say --yes in scripts.

    --retry also sends what failed and is no longer in the source, as it was when it was read; the end of the run says
    how many. To end such a task for good instead: `connector tasks skip`.

    With --dry-run everything is read, mapped and compared with the run log: what would be sent, changed, put away, and
    what would fail. Nothing is written, in no system and not in the run log either.
    """
    if options["dry_run"]:
        if options["retry"]:
            raise click.UsageError("--retry is not for --dry-run: what failed is shown by `connector tasks failures`.")
        from connector.cli.dry_run import rehearse  # noqa: PLC0415 - heavy

        rehearse(state, routes, everything=options["run_all"])
    with loading():
        from connector.runtime.execution import run_routes  # noqa: PLC0415 - heavy
        from connector.runtime.signals import stop_on_signals  # noqa: PLC0415
        from connector.runtime.watch import look_quietly  # noqa: PLC0415

    limit_failures, run_all = options["limit_failures"], options["run_all"]
    stop, rows, worst = StopEvent(), list[Json](), 0
    with state.app(stop, partly=True) as app:
        names = chosen(app, routes, everything=run_all)
        say_elsewhere(app, "route", names)
        silent = state.as_json or state.quiet
        with state.store() as store, stop_on_signals(stop) as signalled, Progress(silent=silent) as progress:
            agreed = partial(_agreed, app, store, yes=options["yes"], moved=options["moved"])
            start = partial(run_routes, app, store, stop=stop, on_progress=progress.show, before=agreed)
            start = partial(start, retry_failed=options["retry"])
            for name, ended in _each(app, names, start):
                worst = max(worst, ended.exit_code)
                rows.append(_as_json(name, ended))
                if not state.as_json:
                    _tell(name, ended, limit_failures)
            look_quietly(app, store)
    if state.as_json:
        print_json(rows)
    raise click.exceptions.Exit(signalled.exit_code or worst)


def _agreed(app: Application, store: Store, route: str, *, yes: bool, moved: bool) -> None:
    from connector.runtime.agreement import Target, ensure_agreed  # noqa: PLC0415 - heavy

    def ask(target: Target) -> bool | None:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            return None
        return click.confirm(f"{plain(str(target))}, for the first time. Go on?", err=True)

    ensure_agreed(app, store, route, yes=yes, ask=ask, moved=moved)


def _each(
    app: Application, names: Sequence[str], run: Callable[[list[str]], list[RunReport]]
) -> Iterator[tuple[str, RunReport | ConnectorError]]:
    """One after the other, each told as soon as it ends. Without a run log none can be accounted for: then no more."""
    from connector.runtime.order import ordered  # noqa: PLC0415 - heavy

    badly: dict[str, str] = {}
    for name in ordered(names, app.project.after()):
        ended = _ended(app, name, badly, run)
        for one in ended:
            if isinstance(one, ConnectorError) or one.state != "finished":
                badly[name] = _became(one)
            yield name, one
            if isinstance(one, StoreError):
                return


def _ended(
    app: Application, name: str, badly: Mapping[str, str], run: Callable[[list[str]], list[RunReport]]
) -> Sequence[RunReport | ConnectorError]:
    from connector.runtime.order import refusal  # noqa: PLC0415 - heavy

    try:
        app.ensure_sound("route", name)
        settings = app.route_settings(name)
        refused = refusal(name, settings.after, badly) if settings.after_failure == "skip" else None
        return [refused] if refused else run([name])
    except (ConfigError, RouteBusy, StoreError) as error:
        return [error]


def _became(ended: RunReport | ConnectorError) -> str:
    return "was not run" if isinstance(ended, ConnectorError) else f"{ended.state} (run {ended.run_id})"


def _as_json(name: str, ended: RunReport | ConnectorError) -> Json:
    if not isinstance(ended, ConnectorError):
        return ended.as_json()
    problem = ended.problem().as_json()
    nothing: Json = {"counts": {}, "seconds": 0, "failures": [], "open_failures": None, "left": {}, "notes": []}
    state = "skipped" if isinstance(ended, NotRun) else "failed"
    found = ended.each_as_json() if isinstance(ended, ConfigError) else []
    return {"run": None, "route": name, "state": state, "problem": problem, "problems": found, **nothing}


def _tell(name: str, ended: RunReport | ConnectorError, limit: int) -> None:
    if isinstance(ended, ConnectorError):
        _say_not_run(name, ended)
        return
    _tell_counts(ended)
    if ended.problem is not None:
        click.secho(f"   {plain(ended.problem.sentence())}", fg="red")
    if ended.counts.get("uncertain"):
        click.echo("   it is not certain that all was read: nothing was put away")
    for note in ended.notes:
        click.secho(f"   note: {plain(note.sentence())}", fg="yellow")
    for group in ended.failures[:limit]:
        _tell_group(group)
    if len(ended.failures) > limit:
        click.echo(f"   … and {len(ended.failures) - limit} more kinds of failure")
    if ended.state == "finished" and ended.left["new"]:
        click.echo(f"   {ended.left['new']} tasks wait to be sent: run it again")
    older = ended.open_failures - ended.counts["failed"]
    if ended.counts["failed"]:
        click.echo(f"   next: connector tasks failures --route {ended.route}")
    elif older > 0:
        click.echo(f"   {older} failed earlier and wait: connector tasks failures --route {ended.route}")


def _say_not_run(name: str, error: ConnectorError) -> None:
    click.secho(f"{name}: not run", fg="red", bold=True)
    say(error)


def _tell_counts(report: RunReport) -> None:
    counts = report.counts
    colour = "green" if report.exit_code == 0 else "yellow" if report.state == "finished" else "red"
    click.secho(f"{report.route}: {report.state}", fg=colour, bold=True, nl=False)
    ended = counts["finished"] + counts["skipped"]
    rate = f", {ended / report.seconds:.0f} a second" if ended >= report.seconds > 1 else ""
    click.echo(f" in {report.seconds:.1f} s{rate} (run {report.run_id})")
    click.echo(f"   {in_words(counts)}")
    if not counts["read"] and report.state == "finished":
        click.echo("   the source listed no record")
    if again := counts.get("read_again"):
        pages = "1 page was" if again == 1 else f"{again} pages were"
        click.echo(f"   the listing moved while it was read: {pages} read again from further back")
    if told := compared(counts):
        click.echo(f"   {told}")
    if counts.get("drifted"):
        click.echo(f"   which: connector tasks list --drifted --run {report.run_id}")
    if counts.get("waiting"):
        click.echo(
            f"   {counts['waiting']} wait for what they refer to: `connector tasks list --state new` says for what"
        )
    if gone := counts.get("no_longer_read"):
        are, were = ("is", "was") if gone == 1 else ("are", "were")
        click.echo(f"   {gone} of earlier runs {are} no longer in the source, and {were} tried as last read")
    if counts.get("blocked"):
        click.echo(f"   {counts['blocked']} stand behind a failed one of their key: retry it, or skip it")
    if counts.get("left_alone"):
        click.echo(
            f"   {counts['left_alone']} left alone: `connector tasks list --left --run {report.run_id}` says what"
        )
    if not done(counts) and not counts["failed"] and report.state == "finished":
        click.echo("   nothing had to be sent")


def _tell_group(group: dict[str, Json]) -> None:
    more = ", …" if group["count"] > len(group["keys"]) else ""
    click.echo(f"   {group['count']} × {plain(group['message'], 200)}")
    click.echo(f"       {plain(', '.join(map(str, group['keys'])), 120)}{more}")
    if group.get("wheres"):
        click.echo(f"       {plain('; '.join(group['wheres']), 200)}{more}")
