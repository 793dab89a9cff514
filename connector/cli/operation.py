"""One operation for people: facts, then a table each of its parameters, payload and answers, then an example."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import click

from connector.cli.output import plain, print_facts, print_table
from connector.core.jsonio import Json

_TABLES = ("path", "query", "payload", "answers")
_NOT_FACTS = (*_TABLES, "payload_about", "example", "reads", "record")
_COLUMNS = {"name": "NAME", "type": "TYPE", "needed": "NEEDED", "what": "WHAT"}
_OF_CONTENT = 'with "shape": "raw"; else content with its fields comes as payload.remote_id, payload.fields.<name> …'
_RECORD = {"name": "NAME", "with": "WITH"}
_WIDE = 400
_UNSURE, _FILLED = "not known", "filled in"
_BEGIN_WHOLE = (
    "not known: the reference shows it in an example only. Begin with all of them; leave out what is taken without."
)


def tell(facts: Mapping[str, Json]) -> None:
    """Print what ``described`` says, without what there is not."""
    print_facts({name: one for name, one in facts.items() if name not in _NOT_FACTS and one not in ("", [], {}, False)})
    for part in _TABLES[:3]:
        rows = [_row(name, one) for name, one in facts.get(part, {}).items()]
        about = str(facts.get("payload_about", "")) if part == "payload" else ""
        if rows or about:
            _head(part, about)
            print_table(rows, _COLUMNS, _WIDE)
        if any(row["needed"] == _UNSURE for row in rows):
            click.echo(_BEGIN_WHOLE)
    if facts.get("record"):
        _head("record", _OF_CONTENT if "CurrentVersion.Version" in facts["record"] else "")
        grouped = _grouped(facts["record"]).items()
        print_table([{"name": name, "with": ", ".join(inner)} for name, inner in grouped], _RECORD, _WIDE)
    if facts.get("answers"):
        _head("answers")
        rows = [{"status": status, "means": meaning} for status, meaning in facts["answers"].items()]
        print_table(rows, {"status": "STATUS", "means": "MEANS"}, _WIDE)
    _head("example", f"a file of {facts['example']['in']}")
    for line in json.dumps(facts["example"]["config"], ensure_ascii=False, indent=2).split("\n"):
        click.echo(plain(line))


def _grouped(names: Sequence[str]) -> dict[str, list[str]]:
    """The names of a record, each with those in it."""
    found: dict[str, list[str]] = {}
    for name in names:
        outer, _, inner = name.partition(".")
        found.setdefault(outer, []).extend([inner] if inner else [])
    return found


def _head(text: str, more: str = "") -> None:
    click.echo()
    click.secho(text.upper(), bold=True, nl=False)
    click.echo(f"  {plain(more)}" if more else "")


def _row(name: str, known: Mapping[str, Json]) -> dict[str, Json]:
    words = [str(known.get("help", ""))]
    if "default" in known:
        words.append(f"Left out: {plain(known['default'])}.")
    if "allowed" in known:
        words.append(f"One of: {', '.join(known['allowed'])}.")
    if "source" in known:
        words.append(f"({known['source'].capitalize()}.)")
    needed = _FILLED if known.get("filled") else {True: "yes", False: "", None: _UNSURE}[known.get("required", False)]
    return {"name": name, "type": known["type"], "needed": needed, "what": " ".join(one for one in words if one)}
