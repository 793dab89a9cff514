"""What a code of a run or task means and what to do; those of configuration are in config/codes.json.

The data is beside what raises it: core/codes.json, and one of each system. Ibexa's statuses are codes too: a status
that is not listed there is explained by Ibexa's own words alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources

from msgspec import Struct

from connector.config.codes import CODES, written
from connector.core.errors import ConfigError
from connector.core.jsonio import parse
from connector.core.nearest import did_you_mean

_FILES = (("connector.core", "codes.json"), ("connector.systems.ibexa", "codes.json"))


_DIGITS = 3


class Meaning(Struct, frozen=True):
    """A few words without a full stop; and what it is and what to do."""

    title: str
    text: str


@cache
def meanings() -> Mapping[str, Meaning]:
    """Every code of runs and tasks, in the order of the codes."""
    found: dict[str, Meaning] = {}
    for package, name in _FILES:
        data = parse((resources.files(package) / name).read_bytes())
        found |= {code: Meaning(**one) for code, one in data.items()}
    return dict(sorted(found.items()))


def explained(code: str) -> list[str]:
    """Lines: what a code means, how to mend it and, of one of configuration, an example.

    Raises:
        ConfigError: there is no such code.
    """
    name = code.upper()
    if name in meanings():
        known = meanings()[name]
        return [f"{name}: {known.title}", "", known.text]
    if name not in CODES:
        hint = f"{_alike(name)}docs/reference/errors.md has them all."
        raise ConfigError(f"there is no code {code}", hint=hint)
    found = CODES[name]
    parts = [f"{name}: {found.title}", "", found.text]
    for heading, files in (("wrong", found.wrong), ("right", found.right)):
        for file, content in files.items():
            shown = "(no such file)" if content is None else written(content)
            parts += ["", f"{heading}: {file}", *(f"    {one}" for one in shown.split("\n"))]
    return parts


def _alike(name: str) -> str:
    """Codes are told by their numbers: the same with other letters, or one that begins alike, or else none."""
    number = re.sub(r"\D", "", name.replace("O", "0"))
    same = [one for one in (*CODES, *meanings()) if one.endswith(number)] if len(number) == _DIGITS else []
    if same:
        return f"Did you mean {' or '.join(same)}? "
    if near := did_you_mean(name, [one for one in (*CODES, *meanings()) if one[:4] == name[:4]]):
        return near
    letters = sorted({one.rstrip("0123456789") for one in (*CODES, *meanings())} - {""})
    return f"Codes have one of {', '.join(letters)} and a number, such as {next(iter(CODES))}. "
