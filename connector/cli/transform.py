"""``connector transform``."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import click

from connector.cli.names import Name
from connector.cli.options import examples, json_option
from connector.cli.output import print_json
from connector.cli.state import State
from connector.core.errors import ConfigError
from connector.core.jsonio import JsonError, parse
from connector.core.nearest import did_you_mean

EXAMPLES = examples(
    "connector transform product --input record.json",
    'echo \'{"sku": "4711"}\' | connector transform transformers/product.json',
)


@click.command(epilog=EXAMPLES)
@click.argument("transformer", type=Name("transformer"))
@click.option("--input", "source", type=click.File("rb"), default="-", help="A JSON record; - is standard input.")
@click.option("--key", default="", help="The record's key, for the steps that look at it.")
@json_option
@click.pass_obj
def command(state: State, transformer: str, source: IO[bytes], key: str) -> None:
    """Try a transformer, by name or by file, on one record. Needs no client and no variable; prints JSON."""
    from connector.core.protocols import Scope  # noqa: PLC0415
    from connector.transformers.files import load  # noqa: PLC0415 - heavy

    path = _found(state.project, transformer)
    if source.name == "<stdin>" and sys.stdin.isatty():
        click.echo("reading a JSON record from the keyboard, until Ctrl-D", err=True)
    try:
        record = parse(source.read())
    except JsonError as error:
        raise ConfigError(f"the input is {error}", hint="Give one JSON record.") from None
    made = list(load(path.stem, path, _text(path)).apply(record, Scope(key, "input", datetime.now(UTC))))
    if not made:
        click.echo("the mapping leaves this record out", err=True)
    print_json(made[0] if len(made) == 1 else made)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is not UTF-8 at byte {error.start}", hint="Save it as UTF-8.") from None


def _found(project: Path, name: str) -> Path:
    for path in (Path(name), *(project / "transformers" / f"{name}{suffix}" for suffix in (".json", ".jmespath"))):
        if path.is_file():
            return path
    folder = project / "transformers"
    known = (
        sorted(one.stem for one in folder.iterdir() if one.suffix in (".json", ".jmespath")) if folder.is_dir() else []
    )
    hint = f"{did_you_mean(name, known)}Name a file, or one in transformers/ without its ending."
    raise ConfigError(f"there is no transformer '{name}'", hint=hint)
