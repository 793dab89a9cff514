"""``connector schema``."""

from __future__ import annotations

from pathlib import Path

import click

from connector.cli.options import examples, json_option
from connector.cli.output import print_json
from connector.cli.slips import Commands
from connector.cli.state import State

EXAMPLES = examples("connector schema export schemas/", "connector schema export .connector/schemas --vscode")


@click.group(cls=Commands, epilog=EXAMPLES)
def command() -> None:
    """JSON Schemas of the declarations, for editors and CI."""


@command.command("export", epilog=EXAMPLES)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--vscode", is_flag=True, help="Say in .vscode/settings.json which transformer follows which schema.")
@json_option
@click.pass_obj
def export(state: State, /, folder: Path, **flags: bool) -> None:
    """Write one schema a family into a folder; name it in a file's "$schema" and the editor completes.

    Transformers that write a content type which `connector discover` wrote down have a schema of their own, with its
    fields: transformer-NAME.schema.json.
    """
    from connector.app import editor_schemas  # noqa: PLC0415 - heavy
    from connector.config.schema import export as write  # noqa: PLC0415
    from connector.config.vscode import associate  # noqa: PLC0415

    found = editor_schemas(state.project)
    written = [str(path) for path in write(found, folder)]
    if flags["vscode"]:
        own = [name.removeprefix("transformer-") for name in found if name.startswith("transformer-")]
        written.append(str(associate(state.project, folder, own)))
    if state.as_json:
        print_json(written)
        return
    for name in written:
        click.echo(name)
