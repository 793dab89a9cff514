"""``connector schema``."""

from __future__ import annotations

from pathlib import Path

import click


@click.group()
def command() -> None:
    r"""JSON Schemas of the declarations, for editors and CI.

    \b
    Examples:
      connector schema export schemas/
    """


@command.command("export")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def export(folder: Path) -> None:
    """Write one schema a family into a folder; name it in a file's "$schema" and the editor completes."""
    from connector.app import schemas  # noqa: PLC0415 - heavy
    from connector.config.schema import export as write  # noqa: PLC0415

    for path in write(schemas(), folder):
        click.echo(str(path))
