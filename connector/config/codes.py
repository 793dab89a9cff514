"""The codes of configuration problems: what each means, how to mend it, an example. The data is in codes.json.

The kinds' own checks use codes from here too (CFG140 and above); the sentences of findings are theirs. From this
table come the reference page, ``validate --explain`` and the rules of SARIF.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Final

from msgspec import Struct

from connector.core.jsonio import Json, dumps, parse

_WIDTH = 88


class Code(Struct, frozen=True):
    """One code.

    Attributes:
        title: a few words, without a full stop.
        severity: ``error``, ``warning`` or ``info``, as it is most often; a finding may say otherwise.
        text: what it means and how to mend it, in one or two sentences.
        wrong: an example: file name -> what stands in it. A text is the file as it is, anything else its JSON.
        right: the same, mended; None: the file is removed.
    """

    title: str
    severity: str
    text: str
    wrong: Mapping[str, Json]
    right: Mapping[str, Json]


def laid_out(value: Json, indent: str = "") -> str:
    """A value as people write it in a file: over several lines only where one would be too long."""
    short = _on_one_line(value)
    if not isinstance(value, dict | list) or not value or (indent and len(indent + short) <= _WIDTH):
        return short
    inner = indent + "  "
    if isinstance(value, dict):
        members = [f"{dumps(key).decode()}: {laid_out(one, inner)}" for key, one in value.items()]
    else:
        members = [laid_out(one, inner) for one in value]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return f"{opening}\n" + ",\n".join(inner + one for one in members) + f"\n{indent}{closing}"


def written(content: Json) -> str:
    """What a file of an example holds, without a line break at its end."""
    return content.removesuffix("\n") if isinstance(content, str) else laid_out(content)


def _on_one_line(value: Json) -> str:
    if isinstance(value, dict) and value:
        return "{ " + ", ".join(f"{dumps(key).decode()}: {_on_one_line(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_on_one_line, value)) + "]"
    return dumps(value).decode()


def _read() -> Iterator[tuple[str, Code]]:
    data = parse((resources.files("connector.config") / "codes.json").read_bytes())
    yield from ((name, Code(**one)) for name, one in data.items())


CODES: Final[Mapping[str, Code]] = dict(_read())
"""By code, in the order of their numbers."""
