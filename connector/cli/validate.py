"""``connector validate``."""

from __future__ import annotations

import os
import sys
from pathlib import PurePath
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from connector.cli.errors import line
from connector.cli.options import examples, json_option
from connector.cli.output import counted, plain, print_json
from connector.cli.state import State

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from connector.checks.online import Online
    from connector.config.project import Project
    from connector.core.problem import Problem

EXAMPLES = examples(
    "connector validate",
    "connector --env-file staging.env validate --env",
    "connector --env-file staging.env validate --online",
    "connector validate --format sarif > findings.sarif",
    "connector validate --explain CFG157",
)
_FOLDERS = {"incoming": "incoming", "outgoing": "outgoing", "transformers": "transformer", "clients": "client"}
FORMATS = ("text", "json", "sarif", "github")


class Asking(TypedDict):
    """Whether systems are asked, and which; none named means all."""

    online: bool
    clients: tuple[str, ...]


@click.command(epilog=EXAMPLES)
@click.option(
    "--env", "require_env", is_flag=True, help="Variables that are not set are errors; weak secrets are told."
)
@click.option("--online", is_flag=True, help="Ask the systems too, only reading: log-in, types, places, operations.")
@click.option("--client", "clients", multiple=True, help="With --online: only this client; may be repeated.")
@click.option("--format", "form", type=click.Choice(FORMATS), help="How to print.  [default: text]")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Colours and excerpts.")
@click.option("--explain", metavar="CODE", help="Say what a code means (of a run too); check nothing.")
@click.argument("names", nargs=-1, metavar="")
@json_option
@click.pass_obj
def command(
    state: State,
    /,
    require_env: bool,  # noqa: FBT001 - click hands flags over so
    form: str | None,
    color: str,
    explain: str | None,
    names: tuple[str, ...],
    **asking: Unpack[Asking],
) -> None:
    """Check every file of the project, offline: all problems at once, each with file, line and what to do.

    On a terminal each one stands beside its line of the source. Several warnings with one remedy are told together.
    What `connector discover` wrote is used; with --online the systems are asked instead, and nothing is written there.
    """
    if names:
        one = f"`connector explain {_part(names[0])}` is for one part"
        raise click.UsageError(f"'{names[0]}': this checks the whole project and takes no name; {one}.")
    if explain is not None:
        from connector.explain.codes import explained  # noqa: PLC0415 - heavy

        click.echo("\n".join(plain(one) for one in explained(explain)))
        return
    from connector.app import validate_project  # noqa: PLC0415 - heavy
    from connector.cli import findings  # noqa: PLC0415 - heavy

    online = _asked(state, **asking)
    project, problems = validate_project(state.project, state.env, require_env=require_env, online=online)
    if require_env or online is not None:
        problems = [*_of_run_log(state), *problems]
    counts = {word: sum(one.severity == word for one in problems) for word in ("error", "warning", "info")}
    errors = counts["error"]
    form = form or ("json" if state.as_json else "text")
    if form == "json":
        found = [one.as_json() for one in problems]
        print_json({"errors": errors, "warnings": counts["warning"], "notes": counts["info"], "problems": found})
    elif form == "sarif":
        print_json(findings.sarif(findings.below_repository(problems, state.project)))
    elif form == "github":
        for problem in findings.below_repository(problems, state.project):
            click.echo(findings.github(problem))
    else:
        coloured = _is_coloured(color)
        for one in _texts(problems, state.project, coloured=coloured):
            click.echo(one, color=coloured)
        _sum_up(project, counts)
    raise click.exceptions.Exit(2 if errors else 0)


def _of_run_log(state: State) -> list[Problem]:
    """What is wrong with the URL of the run log; whether it answers, `connector db status` says."""
    from connector.core.errors import StoreError  # noqa: PLC0415
    from connector.store.address import parsed  # noqa: PLC0415 - heavy

    try:
        parsed(state.env.get("CONNECTOR_DATABASE_URL") or "sqlite:////run.db")
    except StoreError as error:
        return [error.problem()]
    return []


def _texts(problems: Sequence[Problem], root: Path, *, coloured: bool) -> Iterator[str]:
    from connector.cli.findings import with_excerpts  # noqa: PLC0415 - heavy
    from connector.cli.gathered import block, gathered  # noqa: PLC0415 - heavy

    groups = list(gathered(problems))
    alone = [group[0] for group in groups if len(group) == 1]
    # All at once: what may not be shown of a line is known from every finding about it.
    said = iter(with_excerpts(alone, root) if coloured else [line(one) for one in alone])
    for group in groups:
        many = block(group) if len(group) > 1 else ""
        yield (click.style(many, fg="yellow") if coloured else many) if many else next(said)


def _asked(state: State, *, online: bool, clients: tuple[str, ...]) -> Online | None:
    if not online:
        if clients:
            raise click.UsageError("--client is for --online.")
        return None
    from connector.runtime.online import ask_systems  # noqa: PLC0415 - heavy, and asks the network

    def told(name: str) -> None:
        if not state.quiet and sys.stderr.isatty():
            click.echo(f"asked {name}", err=True)

    return ask_systems(state.project, state.env, clients, told)


def _sum_up(project: Project, counts: Mapping[str, int]) -> None:
    parts = [counted(len(project.routes), "route"), counted(len(project.clients), "client")]
    parts += [f"{len(project.incomings)} incoming", f"{len(project.outgoings)} outgoing"]
    what = ", ".join([*parts, counted(len(project.transformers), "transformer")])
    notes = f", {counted(counts['info'], 'note')}" if counts["info"] else ""
    click.echo(f"{counted(counts['error'], 'error')}, {counted(counts['warning'], 'warning')}{notes} in {what}")
    if not counts["error"] and not project.routes:
        click.echo("there is no route yet: declare one in configs/routes/, or see `connector init --help`")


def _part(text: str) -> str:
    """How `explain` is told of a part, of which perhaps its file was named."""
    path = PurePath(text)
    name = path.name.partition(".")[0]
    return f"{_FOLDERS[path.parent.name]}:{name}" if path.parent.name in _FOLDERS else name


def _is_coloured(color: str) -> bool:
    if color != "auto":
        return color == "always"
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")
