"""``connector run``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from connector.cli.output import plain, print_json
from connector.cli.progress import Progress
from connector.cli.state import State
from connector.core.clock import StopEvent

if TYPE_CHECKING:
    from connector.runtime.execution import RunReport


@click.command()
@click.argument("routes", nargs=-1)
@click.option("--all", "run_all", is_flag=True, help="All enabled routes, in the order of their `after`.")
@click.option(
    "--retry", "retry_failed", is_flag=True, help="Try failed tasks again, also those that wait for a person."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def command(state: State, /, routes: tuple[str, ...], **flags: bool) -> None:
    r"""Run routes now: read what is new, send what differs, account for each entity.

    Interrupt it whenever you like: the next run goes on where this one stopped.

    \b
    Examples:
      connector run products
      connector run categories products
      connector run --all --json
      connector run products --retry
    """
    from connector.runtime.execution import run_routes  # noqa: PLC0415 - heavy
    from connector.runtime.signals import stop_on_signals  # noqa: PLC0415

    as_json = flags["as_json"] or state.as_json
    stop = StopEvent()
    with state.app(stop) as app:
        names = _chosen(app.route_names(), app.route_names(enabled=False), routes, everything=flags["run_all"])
        with (
            state.store() as store,
            stop_on_signals(stop) as signalled,
            Progress(silent=as_json or state.quiet) as progress,
        ):
            reports = run_routes(
                app, store, names, stop=stop, on_progress=progress.show, retry_failed=flags["retry_failed"]
            )
    if as_json:
        print_json([report.as_json() for report in reports])
    else:
        for report in reports:
            _tell(report)
    worst = max((report.exit_code for report in reports), default=0)
    raise click.exceptions.Exit(signalled.exit_code or worst)


def _chosen(enabled: list[str], known: list[str], wanted: tuple[str, ...], *, everything: bool) -> list[str]:
    if everything:
        if not enabled:
            raise click.UsageError("there is no enabled route: declare one in configs/routes/.")
        return enabled
    if not wanted:
        listed = ", ".join(known) or "none yet; declare one in configs/routes/"
        raise click.UsageError(f"name a route, or --all. Routes are: {listed}.")
    for name in wanted:
        if name not in known:
            raise click.UsageError(f"there is no route '{name}'. Routes are: {', '.join(known) or 'none yet'}.")
    return list(dict.fromkeys(wanted))


_WORDS = ("created", "updated", "revealed", "hidden", "trashed", "deleted", "sent")


def _tell(report: RunReport) -> None:
    counts = report.counts
    colour = "green" if report.exit_code == 0 else "yellow" if report.state == "finished" else "red"
    click.secho(f"{report.route}: {report.state}", fg=colour, bold=True, nl=False)
    ended = counts["finished"] + counts["skipped"]
    rate = f", {ended / report.seconds:.0f} a second" if ended and report.seconds > 1 else ""
    click.echo(f" in {report.seconds:.1f} s{rate} (run {report.run_id})")
    done = [f"{counts[word]} {word}" for word in _WORDS if counts.get(word)]
    same = counts["unchanged"] + counts["skipped"]
    parts = [f"{counts['read']} read", *done, *([f"{same} unchanged"] if same else [])]
    parts += [f"{counts['duplicates']} read twice"] if counts.get("duplicates") else []
    click.echo(f"   {', '.join(parts)}" + (f", {counts['failed']} failed" if counts["failed"] else ""))
    if not done and not counts["failed"] and report.state == "finished":
        click.echo("   nothing had to be sent")
    if report.problem is not None:
        click.secho(f"   {plain(report.problem.sentence())}", fg="red")
    for group in report.failures[:10]:
        _tell_group(group)
    if len(report.failures) > 10:
        click.echo(f"   … and {len(report.failures) - 10} more kinds of failure")
    older = report.open_failures - counts["failed"]
    if counts["failed"]:
        click.echo(f"   next: connector tasks failures --route {report.route}")
    elif older > 0:
        click.echo(f"   {older} failed earlier and wait: connector tasks failures --route {report.route}")


def _tell_group(group: dict[str, object]) -> None:
    keys = group["keys"] if isinstance(group["keys"], list) else []
    more = ", …" if isinstance(group["count"], int) and group["count"] > len(keys) else ""
    click.echo(f"   {group['count']} × {plain(group['message'], 200)}")
    click.echo(f"       {plain(', '.join(map(str, keys)), 120)}{more}")
