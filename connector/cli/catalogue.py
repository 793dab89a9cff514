"""``connector catalogue``."""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from connector.cli.operation import tell
from connector.cli.options import examples, json_option
from connector.cli.output import counted, print_json, print_table
from connector.cli.slips import Commands
from connector.cli.state import State
from connector.core.errors import ConfigError
from connector.core.jsonio import Json

if TYPE_CHECKING:
    from connector.systems.catalogue import Catalogue
    from connector.systems.operation import Operation


def _operations(ctx: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
    """For the shell: ids that begin so, those of the project too."""
    from connector.config.project import load  # noqa: PLC0415
    from connector.systems.catalogue import ibexa  # noqa: PLC0415
    from connector.systems.ibexa.actions import ACTIONS  # noqa: PLC0415 - heavy

    added = load(Path(ctx.find_root().params.get("project") or ".")).added().get("ibexa", ())
    rows = [row for one in added if isinstance(one, dict) for row in one.get("operations") or ()]  # as yet unchecked
    own = {str(row["id"]) for row in rows if isinstance(row, dict) and "id" in row}
    known = own.union((".".join(one) for one in ACTIONS), (one.id for one in ibexa().operations()))
    return sorted(name for name in known if name.startswith(begun))


_SHOWN = 12
"""Operations that a hint names."""
COLUMNS = {"id": "OPERATION", "does": "DOES", "method": "METHOD", "path": "PATH", "status": "STATUS"}


@click.group(
    cls=Commands,
    epilog=examples(
        "connector catalogue list",
        "connector catalogue list --entity content",
        "connector catalogue show content.upsert",
    ),
)
def command() -> None:
    """The operations of the Ibexa REST reference: what an incoming can read and an outgoing can write."""


@command.command("list", epilog=examples("connector catalogue list", "connector catalogue list --entity content"))
@click.argument("others", nargs=-1, metavar="")
@click.option("--entity", help="Only this entity.")
@click.option("--search", metavar="WORDS", help="Only those whose id, title or path has all of these words.")
@json_option
@click.pass_obj
def list_(state: State, entity: str | None, search: str | None, others: tuple[str, ...] = ()) -> None:
    """All operations, or those of one entity, or those that a few words lead to."""
    from connector.systems.ibexa.actions import ACTIONS  # noqa: PLC0415 - heavy

    catalogue = _catalogue(state)
    if others:
        option = "--entity" if len(others) == 1 and _entity(state, others[0]) else "--search"
        said = f"{option} {others[0]}" if len(others) == 1 else f'{option} "{" ".join(others)}"'
        raise click.UsageError(f"it takes no name. Did you mean: connector catalogue list {said}?")
    if entity is not None and not catalogue.actions(entity):
        catalogue.find(entity, "list")  # says which entity is near
    rows = [_composed_row(*name) for name in sorted(ACTIONS) if entity in (None, name[0])]
    rows += [_row(one) for one in catalogue.operations() if entity in (None, one.entity)]
    words = re.split(r"[\s.]+", (search or "").lower().replace("_", "").strip())
    titles = {one.id: one.title for one in catalogue.operations()}
    rows = [row for row in rows if all(word in _text(row, titles) for word in words)]
    if state.as_json:
        print_json(rows)
        return
    if not rows:
        click.echo("no operation has all of these words; `connector catalogue list` shows them all")
        return
    print_table(rows, COLUMNS)
    click.echo(f"\n{counted(len(rows), 'operation')}; `connector catalogue show OPERATION` tells more")


@command.command(
    "show",
    epilog=examples(
        "connector catalogue show content.create",
        "connector catalogue show content.upsert",
        "connector catalogue show location.move --live ibexa --at path=1/2/61",
    ),
)
@click.argument("words", nargs=-1, required=True, metavar="OPERATION", shell_complete=_operations)
@click.option("--live", metavar="CLIENT", help="Ask this client's server what it allows at the operation's address.")
@click.option("--at", "places", multiple=True, metavar="NAME=VALUE", help="A path parameter for --live.")
@json_option
@click.pass_obj
def show(state: State, words: tuple[str, ...], live: str | None, places: tuple[str, ...]) -> None:
    """One operation: its parameters and payload key by key, media types, answers, paging, and an example.

    Of an entity its operations are listed. An operation is also found by its address, and by the words of its address
    and its action: content.locations.move.
    """
    operation = (" " if any("/" in one for one in words) else ".").join(words)
    if entity := _entity(state, operation):
        click.get_current_context().invoke(list_, entity=entity, search=None)
        return
    facts = _facts(state, operation)
    if live is not None:
        facts["live"] = _live(state, operation, live, places)
    if state.as_json:
        print_json(facts)
    else:
        tell(facts)


def _entity(state: State, name: str) -> str:
    """The entity that is meant by its name, in the singular or not; empty: it is none."""
    known = _catalogue(state).entities()
    asked = name.lower().replace("-", "_")
    return next((one for one in known if asked in (one, f"{one}s", f"{one.removesuffix('y')}ies")), "")


def _catalogue(state: State) -> Catalogue:
    """With what the project adds, where there is one."""
    from connector.config.project import load  # noqa: PLC0415
    from connector.systems.catalogue import ibexa  # noqa: PLC0415

    return ibexa(load(state.project).added().get("ibexa", ()))


def _live(state: State, name: str, client: str, places: tuple[str, ...]) -> Json:
    """What OPTIONS says: the methods that this server allows there."""
    from connector.systems.live import allowed  # noqa: PLC0415

    with state.app() as app:
        values = dict(_place(one) for one in places)
        return allowed(app.client(client), _catalogue(state).get(name), values).as_json()


def _place(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name or not value:
        raise click.BadParameter(f"'{text}' is not NAME=VALUE.", param_hint="--at")
    return name, value


def _text(row: dict[str, Json], titles: dict[str, str]) -> str:
    """What is searched: without underscores, since the addresses have them where the ids have none, and the reverse."""
    return f"{row['id']} {titles.get(str(row['id']), '')} {row['method']} {row['path']}".lower().replace("_", "")


def _composed_row(entity: str, action: str) -> dict[str, Json]:
    what = {"does": "composes", "method": "", "path": "several operations in one", "status": "active"}
    return {"id": f"{entity}.{action}", **what}


def _row(one: Operation) -> dict[str, Json]:
    does = "reads" if one.reads else "writes"
    return {"id": one.id, "does": does, "method": one.method, "path": one.path, "status": one.status}


def _facts(state: State, name: str) -> dict[str, Json]:
    """Of an operation or a composed action.

    Raises:
        ConfigError: there is none of that name.
    """
    from connector.systems.ibexa.actions import ACTIONS  # noqa: PLC0415 - heavy
    from connector.systems.ibexa.described import described, described_action  # noqa: PLC0415 - heavy

    catalogue = _catalogue(state)
    known = {".".join(one) for one in ACTIONS} | {one.id for one in catalogue.operations()}
    name = name.lower() if name.lower() in known else name
    entity, _, action = name.partition(".")
    if (entity, action) in ACTIONS:
        return described_action(entity, action, catalogue)
    near = difflib.get_close_matches(name, [".".join(one) for one in ACTIONS], 1, cutoff=0.85)
    if "." not in name and (holding := sorted(one for one in known if one.endswith(f".{name.lower()}"))):
        shown = ", ".join(holding[:_SHOWN]) + (", …" if len(holding) > _SHOWN else "")
        raise ConfigError(f"'{name}' is an action; an operation is ENTITY.ACTION", hint=f"One of: {shown}.")
    if near and name not in known:
        raise ConfigError(f"there is no operation '{name}'", hint=f"Did you mean '{near[0]}'?")
    meant = catalogue.by_words(name)  # the reference's own way: content.locations.move
    return described(catalogue.get(meant[0] if len(meant) == 1 else name))
