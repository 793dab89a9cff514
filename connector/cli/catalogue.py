"""``connector catalogue``."""

from __future__ import annotations

import click

from connector.cli.output import print_facts, print_json, print_table
from connector.cli.state import State
from connector.core.jsonio import Json


@click.group()
def command() -> None:
    r"""The operations of the Ibexa REST reference: what an incoming can read and an outgoing can write.

    \b
    Examples:
      connector catalogue list
      connector catalogue list --entity content
      connector catalogue show content.create
    """


@command.command("list")
@click.option("--entity", help="Only this entity.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def list_(state: State, entity: str | None, as_json: bool) -> None:  # noqa: FBT001 - click hands flags over so
    """All operations, or those of one entity."""
    from connector.systems.catalogue import ibexa  # noqa: PLC0415
    from connector.systems.ibexa.actions import ACTIONS  # noqa: PLC0415 - heavy

    catalogue = ibexa()
    if entity is not None and not catalogue.actions(entity):
        catalogue.find(entity, "list")
    rows: list[dict[str, Json]] = [
        {
            "id": f"{owner}.{action}",
            "does": "composes",
            "method": "",
            "path": "several operations in one",
            "status": "active",
        }
        for owner, action in sorted(ACTIONS)
        if entity in (None, owner)
    ]
    rows += [
        {
            "id": one.id,
            "does": "reads" if one.reads else "writes",
            "method": one.method,
            "path": one.path,
            "status": one.status,
        }
        for one in catalogue.operations()
        if entity in (None, one.entity)
    ]
    if as_json or state.as_json:
        print_json(rows)
        return
    print_table(rows, {"id": "OPERATION", "does": "DOES", "method": "METHOD", "path": "PATH", "status": "STATUS"})
    click.echo(f"\n{len(rows)} operations; `connector catalogue show OPERATION` tells more")


@command.command("show")
@click.argument("operation")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def show(state: State, operation: str, as_json: bool) -> None:  # noqa: FBT001
    """One operation: parameters, media types, where its records are, how it pages."""
    from connector.systems.catalogue import ibexa  # noqa: PLC0415

    found = ibexa().get(operation)
    facts: dict[str, Json] = {
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
    shown = {name: value for name, value in facts.items() if value not in ("", [], {}, False)}
    if as_json or state.as_json:
        print_json(facts)
    else:
        print_facts(shown)
