"""``connector catalogue``."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import click

from connector.cli.options import examples, json_option
from connector.cli.output import print_facts, print_json, print_table
from connector.cli.state import State
from connector.core.errors import ConfigError
from connector.core.jsonio import Json

if TYPE_CHECKING:
    from connector.systems.operation import Operation

COLUMNS = {"id": "OPERATION", "does": "DOES", "method": "METHOD", "path": "PATH", "status": "STATUS"}


@click.group(
    epilog=examples(
        "connector catalogue list",
        "connector catalogue list --entity content",
        "connector catalogue show content.upsert",
    )
)
def command() -> None:
    """The operations of the Ibexa REST reference: what an incoming can read and an outgoing can write."""


@command.command("list", epilog=examples("connector catalogue list", "connector catalogue list --entity content"))
@click.option("--entity", help="Only this entity.")
@json_option
@click.pass_obj
def list_(state: State, entity: str | None) -> None:
    """All operations, or those of one entity."""
    from connector.systems.catalogue import ibexa  # noqa: PLC0415
    from connector.systems.ibexa.actions import ACTIONS  # noqa: PLC0415 - heavy

    catalogue = ibexa()
    if entity is not None and not catalogue.actions(entity):
        catalogue.find(entity, "list")  # says which entity is near
    rows = [_composed_row(*name) for name in sorted(ACTIONS) if entity in (None, name[0])]
    rows += [_row(one) for one in catalogue.operations() if entity in (None, one.entity)]
    if state.as_json:
        print_json(rows)
        return
    print_table(rows, COLUMNS)
    click.echo(f"\n{len(rows)} operations; `connector catalogue show OPERATION` tells more")


@command.command(
    "show", epilog=examples("connector catalogue show content.create", "connector catalogue show content.upsert")
)
@click.argument("operation")
@json_option
@click.pass_obj
def show(state: State, operation: str) -> None:
    """One operation: parameters, media types, where its records are, how it pages."""
    facts = _composed_facts(operation) or _facts(operation)
    if state.as_json:
        print_json(facts)
    else:
        print_facts({name: value for name, value in facts.items() if value not in ("", [], {}, False)})


def _composed_row(entity: str, action: str) -> dict[str, Json]:
    what = {"does": "composes", "method": "", "path": "several operations in one", "status": "active"}
    return {"id": f"{entity}.{action}", **what}


def _row(one: Operation) -> dict[str, Json]:
    does = "reads" if one.reads else "writes"
    return {"id": one.id, "does": does, "method": one.method, "path": one.path, "status": one.status}


def _composed_facts(name: str) -> dict[str, Json]:
    """What a composed action promises; empty when there is none of that name."""
    from connector.systems.ibexa.actions import ACTIONS  # noqa: PLC0415 - heavy

    entity, _, action = name.partition(".")
    kind = ACTIONS.get((entity, action))
    if kind is None:
        known = [".".join(one) for one in ACTIONS]
        near = difflib.get_close_matches(name, known, 1, cutoff=0.85)
        if near:
            raise ConfigError(f"there is no operation '{name}'", hint=f"Did you mean '{near[0]}'?")
        return {}
    return {
        "id": name,
        "title": (kind.__doc__ or "").strip().splitlines()[0],
        "request": "composed: several operations, carried out as one",
        "declaration": {"type": "ibexa", "entity": entity, "action": action},
        "looked_up_before_a_repeat": kind.can.look_up,
        "when_dropped": ["keep", *kind.can.drops],
        "status": "active",
    }


def _facts(name: str) -> dict[str, Json]:
    from connector.systems.catalogue import ibexa  # noqa: PLC0415

    found = ibexa().get(name)
    return {
        "id": found.id,
        "title": found.title,
        "request": f"{found.method} {found.path}",
        "reads": found.reads,
        "path": list(found.path_params),
        "query": {name: str(one.get("help", "")) for name, one in found.query.items()},
        "accept": found.accept,
        "content_type": found.content_type,
        "payload_root": found.request_root,
        "records_at": found.list_at,
        "total_at": found.total_at,
        "paging": dict(found.paging),
        "destination": found.destination,
        "answers": list(found.answers),
        "status": found.status,
        "replaced_by": found.replaced_by,
        "notes": found.notes,
    }
