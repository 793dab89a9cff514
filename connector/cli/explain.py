"""``connector explain``."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

import click

from connector.cli.names import Name, resolved
from connector.cli.options import examples, json_option
from connector.cli.output import plain, print_json
from connector.cli.state import State
from connector.core.jsonio import Json

EXPLAINED = ("route", "incoming", "outgoing", "transformer", "client")
WIDEST = 56
"""Columns grow no wider than this; longer values push what follows to the right."""
EXAMPLES = examples(
    "connector explain products",
    "connector explain incoming:pim-products",
    "connector --env-file staging.env explain products --json",
    "connector explain products --mermaid > products.mmd",
)


@click.command(epilog=EXAMPLES)
@click.argument("name", metavar="ROUTE|FAMILY:NAME", type=Name(*EXPLAINED))
@click.option("--mermaid", is_flag=True, help="Print only a Mermaid flowchart.")
@json_option
@click.pass_obj
def command(state: State, name: str, mermaid: bool) -> None:  # noqa: FBT001 - click hands flags over so
    """Show a route in full, offline: each value and where it comes from, its mapping, what it asks first, and when.

    Likewise a part of routes alone: incoming:NAME, outgoing:NAME, transformer:NAME or client:NAME, or its name where
    no route and nothing else has it.

    Nothing is sent, and no variable needs to be set. Secrets are shown as the references that they are.
    """
    if elsewhere := _elsewhere(name):
        raise click.UsageError(f"'{plain(name)}' is no part of the project. Did you mean: {elsewhere}?")
    from connector.app import schemas  # noqa: PLC0415 - heavy
    from connector.explain.part import explain_part  # noqa: PLC0415
    from connector.explain.route import Explainer  # noqa: PLC0415

    with state.app() as app:
        told = {name: str(state.env_file) for name in state.env if name not in os.environ}
        explainer = Explainer(app.project, schemas(), app.transformer, state.env, told, datetime.now(UTC))
        family, plain_name = resolved(app.project, name, EXPLAINED)
        found = explainer.explain(plain_name) if family == "route" else explain_part(explainer, family, plain_name)
    if state.as_json:
        print_json(found)
        return
    for line in str(found["mermaid"]).splitlines() if mermaid else ():
        click.echo(plain(line))
    if not mermaid:
        _tell(found)


def _elsewhere(name: str) -> str:
    """The command for what is explained too, but is no part of a project: a code, an operation; else empty."""
    if re.fullmatch(r"[A-Z]{3}[0-9]{3}", name, re.IGNORECASE):
        return f"connector validate --explain {name.upper()}"
    operation = re.fullmatch(r"[a-z_]+\.(?!json$|jmespath$)[a-z_]+", name)
    return f"connector catalogue show {name}" if operation else ""


def _tell(found: Mapping[str, Json]) -> None:
    name = found.get("route") or f"{found['family']} {found['name']}"
    title = f"{name}: {found['description']}" if found["description"] else name
    click.secho(plain(title if found["enabled"] else f"{title} (disabled)"), bold=True)
    if "used_by" in found:
        _lines([f"used by {', '.join(found['used_by']) or 'nothing'}", found.get("file", "")])
    for part in found["parts"]:
        _head(f"{part['family'].upper()} {part['name']}", part["file"])
        _aligned([(key["key"], _value(key["value"]), _from(key)) for key in part["keys"]])
    whole = "route" in found
    if whole or found["steps"]:
        _head("STEPS")
        _aligned([(f"{one['step']}. {one['kind']}", one["words"], _at(one)) for one in found["steps"]] or [_NO_STEPS])
        _head("MAPPING")
        _aligned([(one["field"], _value(one["expression"]), _at(one)) for one in found["mapping"]] or [_NO_FIELDS])
    if whole or found["requests"]:
        _head("REQUESTS", "what it would ask first; nothing was sent")
    for request in found["requests"]:
        _request(request)
    if whole:
        _schedule(found["schedule"])
    _head("PICTURE", "Mermaid")
    _lines(str(found["mermaid"]).splitlines())


def _schedule(schedule: Mapping[str, Json]) -> None:
    _head("SCHEDULE")
    _lines([schedule["words"], *(f"next  {moment}" for moment in schedule["next"]), schedule.get("note", "")])


_NO_STEPS = ("none", "the record itself must be a message", "")
_NO_FIELDS = ("none", "only running the transformers tells what they write", "")


def _request(one: Mapping[str, Json]) -> None:
    name = f"{one['part']} {one['name']}"
    what = one.get("problem") or _what(one)
    _lines([f"{name}: {what}"])
    _lines(_details(one), indent=4)
    rows = [(call["operation"], f"{call['method']} {call['path']}", call["when"]) for call in one.get("calls", ())]
    _aligned(rows, indent=4)


def _what(one: Mapping[str, Json]) -> str:
    if one.get("composed"):
        return f"{one['operation']} at {one['url']}, composed{' of' if 'calls' in one else ''}"
    operation = f"  ({one['operation']})" if one.get("operation") else ""
    if "method" in one:
        return f"{one['method']} {one['url']}{operation}"
    return f"file {one['path']}" if "path" in one else ""


def _details(one: Mapping[str, Json]) -> Iterator[str]:
    if "body" in one:
        yield f"body  {_value(one['body'])}"
    if one.get("paging"):
        yield one["paging"]
    if "then" in one:
        yield f"then {one['method']} {one['then']}"


def _value(value: Json) -> str:
    return plain(value) if value is not None else "null"


def _from(key: Mapping[str, Json]) -> str:
    at = key.get("at", key["from"])
    return str(key["from"]) if at == key["from"] else f"{key['from']}, {at}"


def _at(one: Mapping[str, Json]) -> str:
    return f"{one['file']}:{one['line']}"


def _head(text: str, more: str = "") -> None:
    click.echo()
    click.secho(plain(text), bold=True, nl=False)
    click.echo(f"  {plain(more)}" if more else "")


def _lines(lines: Sequence[str] | Iterator[str], indent: int = 2) -> None:
    for line in lines:
        if line:
            click.echo(" " * indent + plain(line))


def _aligned(rows: Sequence[tuple[str, str, str]], indent: int = 2) -> None:
    cells = [[plain(cell) for cell in row] for row in rows]
    widths = [min(WIDEST, max((len(row[at]) for row in cells), default=0)) for at in range(2)]
    for row in cells:
        text = f"{row[0].ljust(widths[0])}  {row[1].ljust(widths[1])}  {row[2]}"
        click.echo((" " * indent + text).rstrip())
