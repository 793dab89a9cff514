"""What is wrong with a text that is no XML, in the words of the parser of the real server (libxml)."""

from __future__ import annotations

import re

_SKIPPED = r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>"
_TAG = re.compile(
    _SKIPPED + r"""|<(/?)([A-Za-z_][\w.:-]*)(?:[^<>"']|"[^"]*"|'[^']*')*?(/?)>""",
    re.DOTALL,
)


def parser_errors(xml: str) -> str:
    """The messages about tags that do not fit each other, one a line; empty where the fault is another one."""
    told: list[str] = []
    open_tags: list[tuple[str, int]] = []
    for found in _TAG.finditer(xml):
        closing, name, alone = found.groups()
        line = xml.count("\n", 0, found.start()) + 1
        if name is None or alone:
            continue
        if not closing:
            open_tags.append((name, line))
        elif open_tags:
            within, began = open_tags.pop()
            if within != name:
                told.append(f"Opening and ending tag mismatch: {within} line {began} and {name}")
        else:
            return "\n".join([*told, "Extra content at the end of the document"])
    if open_tags:
        name, began = open_tags[-1]
        told.append(f"Premature end of data in tag {name} line {began}")
    return "\n".join(told)
