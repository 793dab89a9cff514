"""``connector discover``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from connector.cli.names import Name
from connector.cli.options import examples, json_option
from connector.cli.output import counted, plain, print_json
from connector.cli.state import State
from connector.core.errors import ConfigError

if TYPE_CHECKING:
    from connector.systems.ibexa.discover import Discovered
    from connector.systems.ibexa.written_down import Change

EXAMPLES = examples(
    "connector --env-file .env discover ibexa",
    "connector --env-file .env discover ibexa --type product,product_category",
    "connector --env-file production.env discover ibexa --check",
    "connector --env-file production.env discover ibexa --out /tmp/production",
)
DIFFERS = 4


@click.command(epilog=EXAMPLES)
@click.argument("client", type=Name("client"))
@click.option("--type", "types", help="Only these content types, separated by commas; remembered for the next time.")
@click.option("--all", "everything", is_flag=True, help="All content types again, after --type.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Write here.  [default: configs/types]")
@click.option("--check", is_flag=True, help="Write nothing; exit code 4 when something would be written.")
@json_option
@click.pass_obj
def command(state: State, /, client: str, types: str | None, out: Path | None, **flags: bool) -> None:
    """Write down what a client's Ibexa has: content types with their fields, languages, sections, object states, roles.

    One file a content type, in configs/types/CLIENT/, for version control. `connector validate` then knows fields,
    required ones, languages and the like without asking; `connector schema export` lets editors complete them.
    """
    from connector.systems.ibexa.written_down import plan, write  # noqa: PLC0415 - heavy

    check = flags["check"]
    if types is not None and flags["everything"]:
        raise click.UsageError("--type and --all exclude each other.")
    found = _asked(state, client)
    folder = out if out is not None else state.project / "configs" / "types"
    chosen = None if types is None else tuple(one.strip() for one in types.split(",") if one.strip())
    changes = plan(folder, client, (found.about, found.types), chosen, everything=flags["everything"])
    if not check:
        write(changes)
        if out is None:
            _refresh(state.project)
    differing = [one for one in changes if one.state != "unchanged"]
    if state.as_json:
        rows = [_below(one, state.project).as_json() for one in changes]
        print_json({"client": client, "languages": list(found.languages), "differs": bool(differing), "files": rows})
    else:
        _say(found, [_below(one, state.project) for one in changes], client, check=check)
    raise click.exceptions.Exit(DIFFERS if check and differing else 0)


def _asked(state: State, client: str) -> Discovered:
    from connector.app import Application  # noqa: PLC0415 - heavy
    from connector.clients.ibexa import IbexaClient  # noqa: PLC0415
    from connector.systems.ibexa.discover import discovered  # noqa: PLC0415

    def told(words: str) -> None:
        if not state.quiet and not state.as_json and sys.stderr.isatty():
            sys.stderr.write(f"\r\x1b[K{client}: {plain(words)}")
            sys.stderr.flush()

    with Application.for_asking(state.project, state.env, client) as app:
        live = app.client(client)
        if not isinstance(live, IbexaClient):
            hint = "Content types are Ibexa's: name a client of the type ibexa."
            raise ConfigError(f"the client '{client}' is of another type", hint=hint)
        try:
            return discovered(live, told)
        finally:
            if not state.quiet and not state.as_json and sys.stderr.isatty():
                sys.stderr.write("\r\x1b[K")


def _refresh(root: Path) -> None:
    """The schemas for editors, where `connector init` or somebody else has exported them before."""
    from connector.app import editor_schemas  # noqa: PLC0415 - heavy
    from connector.config.schema import export  # noqa: PLC0415

    folder = root / ".connector" / "schemas"
    if folder.is_dir():
        export(editor_schemas(root), folder)


def _below(change: Change, root: Path) -> Change:
    """With its file as the project has it, when it is in the project."""
    path = change.path
    return replace(change, path=path.relative_to(root)) if path.is_relative_to(root) else change


def _say(found: Discovered, changes: Sequence[Change], client: str, *, check: bool) -> None:
    for one in changes:
        if one.state != "unchanged":
            about = f"  ({plain(', '.join(one.about))})" if one.about else ""
            click.echo(f"{one.state:<9} {plain(one.path.as_posix())}{about}")
    counts = {word: sum(one.state == word for one in changes) for word in ("new", "changed", "removed", "unchanged")}
    told = ", ".join(f"{number} {word}" for word, number in counts.items() if number)
    size = f"{counted(len(found.types), 'content type')}, {counted(len(found.languages), 'language')}"
    click.echo(f"{client}: {size}; files: {told or 'none'}")
    if check and told and counts["unchanged"] < len(changes):
        click.echo(f"What is written down is not what {client} has. `connector discover {client}` writes it.")
