"""``connector validate``."""

from __future__ import annotations

import click

from connector.cli.errors import line
from connector.cli.output import print_json
from connector.cli.state import State


@click.command()
@click.option("--env", "require_env", is_flag=True, help="Variables that are not set are errors.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def command(state: State, require_env: bool, as_json: bool) -> None:  # noqa: FBT001 - click hands flags over so
    r"""Check every file of the project, offline: all problems at once, each with file, line and what to do.

    \b
    Examples:
      connector validate
      connector --env-file staging.env validate --env
      connector validate --json
    """
    from connector.app import validate_project  # noqa: PLC0415 - heavy

    project, problems = validate_project(state.project, state.env, require_env=require_env)
    errors = sum(problem.severity == "error" for problem in problems)
    if as_json or state.as_json:
        print_json(
            {"errors": errors, "warnings": len(problems) - errors, "problems": [one.as_json() for one in problems]}
        )
    else:
        for problem in problems:
            click.secho(line(problem), fg="red" if problem.severity == "error" else None)
        counted = {"routes": len(project.routes), "clients": len(project.clients), "incoming": len(project.incomings)}
        counted |= {"outgoing": len(project.outgoings), "transformers": len(project.transformers)}
        what = ", ".join(f"{number} {name}" for name, number in counted.items())
        click.echo(f"{errors} errors, {len(problems) - errors} warnings in {what}")
        if not errors and not project.routes:
            click.echo("there is no route yet: declare one in configs/routes/, or see `connector init --help`")
    raise click.exceptions.Exit(2 if errors else 0)
