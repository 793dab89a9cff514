"""Printing: tables and facts for people, JSON for scripts. Text from outside never controls the terminal."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence

import click

from connector.core.jsonio import Json, written
from connector.core.secrets import redactor

# Left alone in JSON: the line breaks of the document itself; those inside texts are escaped already.
_UNSEEN = re.compile("[\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def plain(value: Json, limit: int = 0) -> str:
    """A value as text that cannot move the cursor or reverse the line; cut if a limit is given."""
    text = "" if value is None else value if isinstance(value, str) else written(value)
    clean = _CONTROL.sub("�", redactor.clean(text).replace("\n", " "))
    clean = clean.encode("utf-8", "replace").decode("utf-8")
    return clean if not limit or len(clean) <= limit else clean[: limit - 1] + "…"


def print_json(value: Json) -> None:
    """One document on stdout; what could control a terminal is written as an escape, so nothing is lost."""
    text = redactor.clean(written(value, indent=2))
    click.echo(_UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


def print_table(rows: Sequence[Mapping[str, Json]], columns: Mapping[str, str], widest: int = 100) -> None:
    """Rows under headings (key -> heading): with lines on a terminal, plain and aligned elsewhere.

    A cell is cut after ``widest`` characters.
    """
    cells = [[plain(row.get(key), widest) for key in columns] for row in rows]
    if sys.stdout.isatty():
        _rich_table(cells, list(columns.values()))
        return
    widths = [
        max(len(head), *(len(line[at]) for line in cells)) if cells else len(head)
        for at, head in enumerate(columns.values())
    ]
    for line in [list(columns.values()), *cells]:
        click.echo("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())


def counted(number: int, noun: str) -> str:
    """``1 error``, ``2 errors``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def print_facts(facts: Mapping[str, Json]) -> None:
    """Names and values below each other; the members of an object below its name."""
    width = max((len(name) for name in facts), default=0)
    for name, value in facts.items():
        if isinstance(value, dict) and value and all(isinstance(one, str) for one in value.values()):
            inner = max(len(key) for key in value)
            for number, (key, one) in enumerate(value.items()):
                head = name if number == 0 else ""
                click.echo(f"{head.ljust(width)}  {plain(key).ljust(inner)}  {plain(one)}".rstrip())
        else:
            click.echo(f"{name.ljust(width)}  {plain(value)}")


def _rich_table(cells: list[list[str]], heads: list[str]) -> None:
    from rich.console import Console  # noqa: PLC0415 - only on a terminal
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=None, header_style="bold", pad_edge=False)
    for head in heads:
        table.add_column(head)
    for line in cells:
        table.add_row(*(Text(text, style=_STYLES.get(text, "")) for text in line))
    Console().print(table)


_STYLES = {
    "finished": "green",
    "failed": "red",
    "skipped": "dim",
    "processing": "cyan",
    "stopped": "yellow",
    "running": "cyan",
}
