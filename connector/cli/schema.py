"""``connector schema``."""

from __future__ import annotations

from pathlib import Path

import click

from connector.cli.options import examples, json_option
from connector.cli.output import print_json
from connector.cli.state import State

EXAMPLES = examples("connector schema export schemas/")


@click.group(epilog=EXAMPLES)
def command() -> None:
    """JSON Schemas of the declarations, for editors and CI."""


@command.command("export", epilog=EXAMPLES)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@json_option
@click.pass_obj
def export(state: State, folder: Path) -> None:
    """Write one schema a family into a folder; name it in a file's "$schema" and the editor completes."""
    from connector.app import editor_schemas  # noqa: PLC0415 - heavy
    from connector.config.schema import export as write  # noqa: PLC0415

    written = [str(path) for path in write(editor_schemas(state.project), folder)]
    if state.as_json:
        print_json(written)
        return
    for name in written:
        click.echo(name)
