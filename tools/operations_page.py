"""The page of all operations, each with a declaration that could stand in a project. Used by make_reference.py."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from connector.systems.catalogue import Catalogue, ibexa
from connector.systems.ibexa.actions import ACTIONS
from connector.systems.ibexa.described import described, described_action
from connector.systems.operation import Operation

INTRO = """# Operations of Ibexa

Everything that the REST reference describes, by entity and action. What reads goes into a file of `configs/incoming/`,
what writes into one of `configs/outgoing/`; the examples show one each, as short as it can be. `connector catalogue show
ENTITY.ACTION` tells the same on the terminal, and `--live CLIENT` asks a server what it allows there.

- `path` and `query` are checked before anything is sent, and so are the keys of `payload`: the server would ignore a
  misspelt one without a word.
- Types are JSON's. *Needed* says what a request cannot do without; where the reference shows an example and says
  nothing, the type is that of the example, and it is not known what is needed.
- `payload` may be written with or without its root element.
- A mapping gives what differs from record to record: its `path`, `query` and `payload` are merged over the outgoing's.
- What a record has is its server's own form, two levels deep; content with its fields comes in the shape of messages
  (`payload.remote_id`, `payload.fields.<name>`) unless the incoming says `"shape": "raw"`.
- Operations marked *removed* or *deprecated* can be called; `connector validate` names what took their place.
- What your own Ibexa has besides goes into `configs/systems/ibexa/`: see
  [operations of your own](../how-to.md#operations-of-your-own).
"""


def page() -> str:
    catalogue = ibexa()
    parts = [INTRO, "## Composed actions\n", "Several operations in one, repeatable without harm.\n"]
    for (entity, action), kind in sorted(ACTIONS.items()):
        about = (kind.__doc__ or "").splitlines()[0]
        parts.append(f"### {entity}.{action}\n\n{about}\n\n{composed(catalogue, entity, action)}")
    for entity in catalogue.entities():
        parts.append(f"## {entity}\n")
        for action in catalogue.actions(entity):
            parts.append("\n".join(section(catalogue.find(entity, action))))
    return "\n".join(parts) + "\n"


def composed(catalogue: Catalogue, entity: str, action: str) -> str:
    found = described_action(entity, action, catalogue)
    return "\n".join([*table("payload", found["payload"]), block(found["example"]["config"]), ""])


def section(one: Operation) -> Iterator[str]:
    found = described(one)
    yield f"### {one.id}\n"
    if one.status != "active":
        yield f"**{one.status.capitalize()}.**" + (f" Use `{one.replaced_by}`." if one.replaced_by else "") + "\n"
    yield f"{one.title}: `{one.method} {one.path}`.{' ' + one.notes if one.notes else ''}\n"
    facts = list(_facts(one))
    if facts:
        yield f"{facts[0][0].upper()}{', '.join(facts)[1:]}.\n"
    for part in ("path", "query", "payload"):
        yield from table(part, found[part])
    if found["record"]:
        yield f"A record has: {', '.join(f'`{name}`' for name in found['record'])}.\n"
    yield from media(one)
    if found["answers"]:
        yield "| answer | |\n|---|---|"
        yield from (f"| {status} | {meaning} |" for status, meaning in found["answers"].items())
        yield ""
    yield block(found["example"]["config"]) + "\n"


def _facts(one: Operation) -> Iterator[str]:
    if one.list_at:
        yield f"records at `{one.list_at}`"
    if one.total_at:
        yield f"their number at `{one.total_at}`"
    if one.paging["style"] != "none":
        yield "read page by page"
    if one.destination:
        yield "takes a `destination`"
    if one.method == "HEAD":
        yield "for an outgoing: a task that finishes means yes, one that fails with a 404 no"


def media(one: Operation) -> Iterator[str]:
    types = [("sends", one.content_type), ("asks for", one.accept)]
    told = " and ".join(f"{verb} `{name}`" for verb, name in types if name)
    if told:
        yield f"{told[0].upper()}{told[1:]}.\n"


def table(part: str, known: dict[str, Any]) -> list[str]:
    rows = [f"| `{name}` | {one['type']} | {needed(one)} | {what(one)} |" for name, one in known.items()]
    return [f"| {part} | type | needed | |", "|---|---|---|---|", *rows, ""] if rows else []


def needed(known: dict[str, Any]) -> str:
    return "filled in" if known.get("filled") else {True: "yes", False: "", None: "not known"}[known["required"]]


def what(known: dict[str, Any]) -> str:
    words = [str(known.get("help", ""))]
    if "default" in known:
        words.append(f"Left out: `{json.dumps(known['default'])}`.")
    if "allowed" in known:
        words.append("One of " + ", ".join(f"`{one}`" for one in known["allowed"]) + ".")
    if "source" in known:
        words.append(f"({known['source'].capitalize()}.)")
    return " ".join(one for one in words if one).replace("|", "\\|")


def block(declared: dict[str, Any]) -> str:
    lines = [f"  {json.dumps(key)}: {json.dumps(one, ensure_ascii=False)}" for key, one in declared.items()]
    return "```json\n{\n" + ",\n".join(lines) + "\n}\n```"
