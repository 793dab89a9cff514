"""``connector run --dry-run``: what a run would do, told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

import click
from msgspec.structs import replace

from connector.cli.errors import say, say_elsewhere
from connector.cli.names import chosen
from connector.cli.output import plain, print_json
from connector.cli.progress import Progress
from connector.core.clock import StopEvent, SystemClock
from connector.core.errors import ConfigError, ConnectorError, StoreError
from connector.core.jsonio import Json

if TYPE_CHECKING:
    from connector.app import Application
    from connector.cli.state import State
    from connector.core.problem import Problem
    from connector.routes.foreseen import Foreseen

_SHOWN = 5
_AWAY = {"keep": "kept", "hide": "hidden", "trash": "trashed", "delete": "deleted"}
_DOES = ("new", "changed", "dropped", "missing", "failed", "woken")
_LEFT = {"new": "to be sent", "processing": "to be looked up", "retry_later": "to be tried again"}


def rehearse(state: State, wanted: tuple[str, ...], *, everything: bool) -> NoReturn:
    """Rehearse routes one after the other, in the order of their ``after``, and leave with the exit code.

    Raises:
        Exit: always.
        ConfigError, StoreError: the project or the run log cannot be read.
    """
    from connector.routes.rehearsal import Rehearsal  # noqa: PLC0415 - heavy
    from connector.runtime.agreement import ensure_place, target_of  # noqa: PLC0415
    from connector.runtime.order import ordered  # noqa: PLC0415
    from connector.runtime.preview import Fields  # noqa: PLC0415
    from connector.runtime.signals import stop_on_signals  # noqa: PLC0415
    from connector.store.migrate import open_to_read  # noqa: PLC0415

    stop, rows, worst = StopEvent(), list[Json](), 0
    progress = Progress(silent=state.as_json or state.quiet)
    with (
        state.app(stop, partly=True) as app,
        open_to_read(state.database_url) as store,
        stop_on_signals(stop) as signalled,
        progress,
    ):
        names = chosen(app, wanted, everything=everything)
        say_elsewhere(app, "route", names)
        for name in ordered(names, app.project.after()):
            found: Foreseen | ConnectorError
            try:
                ensure_place(store, target_of(app, name))
                live = app.route(name)
                judge = Fields(app, live).never_sent
                rehearsal = Rehearsal(live, store, clock=SystemClock(), stop=stop, judge=judge)
                found = rehearsal.execute(progress.show)
            except (ConfigError, StoreError) as error:
                found = error
            worst = max(worst, found.exit_code)
            rows.append(_as_json(app, name, found))
            if not state.as_json:
                _tell(app, name, found)
            if stop:
                break
    if state.as_json:
        print_json(rows)
    raise click.exceptions.Exit(signalled.exit_code or worst)


def _as_json(app: Application, name: str, found: Foreseen | ConnectorError) -> Json:
    if isinstance(found, ConnectorError):
        each = found.each_as_json() if isinstance(found, ConfigError) else []
        nothing: Json = {"counts": {}, "keys": {}}
        return {"route": name, "dry_run": True, **nothing, "problem": found.problem().as_json(), "problems": each}
    settings = app.route_settings(name)
    return {
        "route": name,
        "dry_run": True,
        "counts": dict(found.counts),
        "keys": found.keys,
        "moved": found.moved,
        "failures": [{"key": key, "problem": problem.as_json()} for key, problem in found.failures],
        "whole": found.whole,
        "when_dropped": settings.when_dropped,
        "when_missing": settings.when_missing,
        "left": found.left,
        "notes": [one.as_json() for one in found.notes],
        "problem": found.problem.as_json() if found.problem else None,
    }


def _tell(app: Application, name: str, found: Foreseen | ConnectorError) -> None:
    if isinstance(found, ConnectorError):
        click.secho(f"{name}: not run", fg="red", bold=True)
        say(found)
        return
    settings, counts = app.route_settings(found.route), found.counts
    click.secho(f"{found.route}: dry run, nothing was written", fg="red" if found.problem else "green", bold=True)
    parts = [f"{counts['read']} read"]
    parts += [f"{counts[name]} {words}" for name, words in _SAME.items() if counts[name]]
    click.echo(f"   {', '.join(parts)}")
    _named(found, "new", "would be sent for the first time")
    _named(found, "changed", "would be sent again, changed")
    _named(found, "dropped", f"left out by the mapping, would be {_AWAY[settings.when_dropped]}")
    _named(found, "missing", f"no longer in the source, {_fate(found, settings.when_missing)}")
    _tell_moved(found)
    _tell_failures(found)
    for state, words in _LEFT.items():
        if found.left.get(state):
            click.echo(f"   {found.left[state]} of earlier runs {words} first")
    _named(found, "woken", "of earlier runs failed for want of what would be sent, and would be sent after it")
    _named(found, "stuck", "failed earlier and would stay so: `connector tasks failures`, `run --retry`")
    for note in found.notes:
        click.secho(f"   note: {plain(note.sentence())}", fg="yellow")
    if found.problem is not None:
        click.secho(f"   {plain(found.problem.sentence())}", fg="red")
    elif settings.when_missing != "keep" and not found.whole:
        click.echo("   this is no complete read from the start: what was not read would stay as it is")
    if found.problem is None and not any(counts[name] for name in _DOES) and not any(found.left.values()):
        click.echo("   nothing would be sent")


_SAME = {"unchanged": "unchanged", "pending": "with a task already", "duplicates": "read twice"}


def _fate(found: Foreseen, action: str) -> str:
    return "would not be put away" if found.problem is not None else f"would be {_AWAY[action]}"


def _named(found: Foreseen, kind: str, words: str) -> None:
    if count := found.counts[kind]:
        keys = found.keys[kind][:_SHOWN]
        more = ", …" if count > len(keys) else ""
        click.echo(f"   {count} {words}: {plain(', '.join(keys), 200)}{more}")


def _tell_moved(found: Foreseen) -> None:
    if count := found.counts["moved"]:
        click.secho(f"   {count} would be made anew under another key", fg="yellow")
        for sentence in found.moved[:_SHOWN]:
            click.echo(f"      {plain(sentence, 300)}")
        if count > _SHOWN:
            click.echo("      …")


def _tell_failures(found: Foreseen) -> None:
    if not found.counts["failed"]:
        return
    click.secho(f"   {found.counts['failed']} would fail", fg="yellow")
    groups = by_cause(found.failures)
    for failures in groups[:_SHOWN]:
        _tell_cause([key for key, _ in failures], [problem for _, problem in failures])
    if len(groups) > _SHOWN:
        click.echo(f"      … and {len(groups) - _SHOWN} more kinds of failure")


def _tell_cause(keys: Sequence[str], problems: Sequence[Problem]) -> None:
    """One cause once, with its count and the first few keys and places."""
    wheres = list(dict.fromkeys(one.where for one in problems))
    first = replace(problems[0], where="") if len(wheres) > 1 else problems[0]
    many, more = f"{len(keys)} × " if len(keys) > 1 else "", ", …" if len(keys) > _SHOWN else ""
    click.echo(f"      {many}{plain(first.sentence(), 300)}")
    click.echo(f"         {plain(', '.join(keys[:_SHOWN]), 120)}{more}")
    if len(wheres) > 1:
        click.echo(f"         {plain('; '.join(wheres[:_SHOWN]), 200)}{', …' if len(wheres) > _SHOWN else ''}")


def by_cause(failures: Sequence[tuple[str, Problem]]) -> list[list[tuple[str, Problem]]]:
    """Keys and problems, those of one cause together as a run groups them; the most frequent first."""
    from connector.store.causes import cause_of  # noqa: PLC0415 - heavy

    groups: dict[tuple[str, str, str], list[tuple[str, Problem]]] = {}
    for key, problem in failures:
        groups.setdefault(cause_of(problem.as_json(), key), []).append((key, problem))
    return sorted(groups.values(), key=len, reverse=True)
