"""``connector init``."""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path, PurePath

import click

from connector.cli.errors import line
from connector.cli.options import examples
from connector.cli.output import plain
from connector.cli.starter import files
from connector.core.jsonio import Json

EXAMPLES = examples(
    "connector init my-shop",
    "connector init my-shop --source erp --endpoint /articles --records items --key sku",
    "connector init . --file data/products.csv",
    "connector init my-shop --source-url https://pim.example.com --ibexa-url https://shop.example.com",
)


@click.command(epilog=EXAMPLES)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path())
@click.option("--name", help="What the project is called, in its README.  [default: the folder's name]")
@click.option(
    "--source",
    default="source",
    show_default=True,
    help="A name for the system that is read from; with --file, by itself the file's.",
)
@click.option("--source-url", default="", help="Its base URL, for .env.example.")
@click.option("--ibexa-url", default="", help="Ibexa's base URL, for .env.example.")
@click.option("--endpoint", default="/products", show_default=True, help="The path there that lists records.")
@click.option("--records", default="@", show_default=True, help="Where the records are in an answer (JMESPath).")
@click.option("--key", default="id", show_default=True, help="What names a record (JMESPath).")
@click.option("--file", default="", help="A JSON, NDJSON or CSV file below the folder to read, instead of an API.")
@click.option(
    "--auth", type=click.Choice(["bearer", "none"]), default="bearer", show_default=True, help="How it knows us."
)
@click.option("--content-type", default="article", show_default=True, help="The content type to write.")
@click.option("--defaults", is_flag=True, help="Ask nothing, even on a terminal.")
@click.pass_context
def command(ctx: click.Context, /, folder: Path, name: str | None, defaults: bool, **answers: str) -> None:  # noqa: FBT001 - click hands flags over so
    """Make a small project that validates: one source, one mapping, one route into Ibexa. Overwrites nothing.

    On a terminal it asks three questions, unless an option answers one of them.
    """
    if (
        not defaults
        and not answers["file"]
        and sys.stdin.isatty()
        and not any(_is_given(ctx, option) for option in _QUESTIONS)
    ):
        for option, question in _QUESTIONS.items():
            answers[option] = click.prompt(
                question, default=answers[option], show_default=bool(answers[option])
            ).strip()
    if answers["file"] and not _is_given(ctx, "source"):
        answers["source"] = _named_after(answers["file"])
    source = answers["source"]
    if not re.fullmatch(r"[a-z][a-z0-9-]*", source) or source == "ibexa":
        raise click.BadParameter(
            f"'{source}' names files and variables: small letters, digits and hyphens, not 'ibexa'.",
            param_hint="--source",
        )
    answers["name"] = name or folder.resolve().name
    found = _looked_at(ctx, folder, answers)
    made = files(answers, found)
    _try(made, of_file=found is not None)
    _write(folder, made)
    _validate(folder)
    click.echo("\nNext:")
    if folder != Path():
        click.echo(f"  cd {folder}")
    click.echo("  cp .env.example .env            # and fill it in; or, to practise, in another terminal in its place:")
    click.echo(f"                                  # connector sandbox{'' if found else ' --pim-port 8801'} > .env")
    click.echo("  connector --env-file .env check --all")
    click.echo(f"  connector --env-file .env preview {source} --record")
    click.echo(f"  connector --env-file .env run {source}")
    if left := (found or {}).get("left"):
        click.echo(f"\nNot mapped yet: {plain(', '.join(left), 300)}")
        click.echo(f'  To map one, add it to "fields" in transformers/{source}.json, as the README shows.')


def _named_after(file: str) -> str:
    """The file's name as a name of this project, ``source`` where nothing of it can be one."""
    name = re.sub(r"[^a-z0-9]+", "-", PurePath(file).stem.lower()).strip("-")
    return "source" if not re.match("[a-z]", name) or name == "ibexa" else name


def _looked_at(ctx: click.Context, folder: Path, answers: dict[str, str]) -> dict[str, Json] | None:
    if not answers["file"]:
        return None
    from connector.cli.starter_file import looked_at  # noqa: PLC0415 - heavy

    for option in ("source_url", "endpoint", "records", "auth"):
        if _is_given(ctx, option):
            raise click.UsageError(f"--{option.replace('_', '-')} is for an API; with --file there is none.")
    return looked_at(folder, answers["file"], answers["key"] if _is_given(ctx, "key") else None)


_QUESTIONS = {
    "source_url": "Base URL of the system to read from (Enter: say it later, in .env)",
    "endpoint": "The path there that lists records",
    "ibexa_url": "Base URL of your Ibexa (Enter: say it later; `connector sandbox` starts one to practise on)",
}


def _is_given(ctx: click.Context, option: str) -> bool:
    return ctx.get_parameter_source(option) is click.core.ParameterSource.COMMANDLINE


def _try(files: dict[str, str], *, of_file: bool) -> None:
    """Whether what would be made validates by itself: nothing is made of an answer that is none.

    What the file to read holds is not looked at: that is told of a project that is there.

    Raises:
        UsageError: it does not.
    """
    from connector.app import validate_project  # noqa: PLC0415 - heavy

    with tempfile.TemporaryDirectory() as name:
        tried = Path(name)
        for one, text in files.items():
            (tried / one).parent.mkdir(parents=True, exist_ok=True)
            (tried / one).write_text(text, encoding="utf-8")
        errors = [problem for problem in validate_project(tried, {})[1] if problem.severity == "error"]
        errors = [problem for problem in errors if not of_file or problem.code == "CFG160"]
    if errors:
        for problem in errors:
            click.echo(line(problem), err=True)
        raise click.UsageError("with these answers the project would not validate, so nothing was made: correct them.")


def _write(folder: Path, files: dict[str, str]) -> None:
    kept = []
    for name, text in files.items():
        path = folder / name
        if path.exists():
            kept.append(path)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        click.echo(f"made  {path}")
    for path in kept:
        click.echo(f"kept  {path}  (it was there)")


def _validate(folder: Path) -> None:
    """Schemas for editors; then say what is wrong with the answers, or with files that were there before."""
    from connector.app import editor_schemas, validate_project  # noqa: PLC0415 - heavy
    from connector.config.schema import export  # noqa: PLC0415

    export(editor_schemas(folder), folder / ".connector" / "schemas")
    errors = [problem for problem in validate_project(folder, {})[1] if problem.severity == "error"]
    if errors:
        for problem in errors:
            click.echo(line(problem), err=True)
        raise click.UsageError("what is there now does not validate: mend these files, then `connector validate`.")
