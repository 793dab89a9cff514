"""``connector validate``."""

from __future__ import annotations

import click

from connector.cli.errors import line
from connector.cli.options import examples, json_option
from connector.cli.output import counted, print_json
from connector.cli.state import State

EXAMPLES = examples(
    "connector validate", "connector --env-file staging.env validate --env", "connector validate --json"
)


@click.command(epilog=EXAMPLES)
@click.option("--env", "require_env", is_flag=True, help="Variables that are not set are errors.")
@json_option
@click.pass_obj
def command(state: State, require_env: bool) -> None:  # noqa: FBT001 - click hands flags over so
    """Check every file of the project, offline: all problems at once, each with file, line and what to do."""
    from connector.app import validate_project  # noqa: PLC0415 - heavy

    project, problems = validate_project(state.project, state.env, require_env=require_env)
    errors = sum(problem.severity == "error" for problem in problems)
    if state.as_json:
        print_json(
            {"errors": errors, "warnings": len(problems) - errors, "problems": [one.as_json() for one in problems]}
        )
    else:
        for problem in problems:
            click.secho(line(problem), fg="red" if problem.severity == "error" else None)
        parts = {"routes": len(project.routes), "clients": len(project.clients), "incoming": len(project.incomings)}
        parts |= {"outgoing": len(project.outgoings), "transformers": len(project.transformers)}
        what = ", ".join(f"{number} {name}" for name, number in parts.items())
        click.echo(f"{counted(errors, 'error')}, {counted(len(problems) - errors, 'warning')} in {what}")
        if not errors and not project.routes:
            click.echo("there is no route yet: declare one in configs/routes/, or see `connector init --help`")
    raise click.exceptions.Exit(2 if errors else 0)
