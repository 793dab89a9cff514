"""What a person most likely meant where JSON ends to be JSON: told as the remedy of CFG108."""

from __future__ import annotations

import re
from typing import Final

_ANY: Final = "A missing comma or quote, or a comma too many?"
_SLIPS: Final = (
    (r"", r"", r"[\u00a0\u2007\u202f\u200b\u2060]", "A non-breaking or invisible space stands here: type a plain one."),
    (r"", r"", r"[“”„«»‘’]", 'Typographic quotes stand here: keys and texts stand in plain ones, "…".'),
    (r"Extra data", r"", r"", "A file holds one value: remove what comes after it."),
    (r"control character", r"", r"", "In a text write a tab as \\t and a line end as \\n; or is a quote missing?"),
    (r"trailing comma", r"", r"", "Remove this comma: none stands before } or ]."),
    (r"", r"", r"\Z", "The file ends too early: is a } or ] missing?"),
    (r"", r",\s*\Z", r"[}\]]", "Remove the comma before it: none stands before } or ]."),
    (r"", r"", r"//|/\*|#", 'JSON has no comments: write it as the value of "$comment".'),
    (r"", r"", r"'", 'Keys and texts stand in double quotes: "…".'),
    (r"", r"", r"(True|False|None)\b", "Write true, false or null, in small letters."),
    (r"\\u.{4} escape", r"", r"", "After \\u stand four digits: \\u00e9; a backslash itself is written \\\\."),
    (r"scape", r"", r"", 'A backslash is written \\\\ in JSON: "\\\\d".'),
    (
        r"',' delimiter",
        r"(?<![\w.])-?0\Z",
        r"[0-9]",
        "A number has no 0 before it: 7, not 07; or is it a text?",
    ),
    (r"',' delimiter", r"[0-9]\Z", r"\.", "After the point stand digits: 5.0."),
    (r"',' delimiter", r"[0-9]\Z", r"[_'x]", "A number is written in digits alone, without _ or ': 1000."),
    (r"Expecting value", r"", r"\.[0-9]", "Before the point stands a digit: 0.5."),
    (r"Expecting value", r"", r"\+[0-9.]", "A number has no + before it."),
    (r"property name", r"", r"\w", 'Keys stand in double quotes: "…".'),
    (r"',' delimiter", r"", r'["\d\[{]', "Is a comma missing before it, or a quote?"),
)
"""What the parser says, what stands before the place, what stands at it, and the remedy; the first that fits."""


def remedy(text: str, line: int, column: int, error: str) -> str:
    """What to do about text that is no JSON.

    Args:
        text: the file, without a byte order mark.
        line: where the parser stopped, from 1.
        column: likewise.
        error: what the parser says.
    """
    offset = sum(len(one) + 1 for one in text.split("\n")[: line - 1]) + column - 1
    before, rest = text[:offset], text[offset:]
    for said, ahead, at, hint in _SLIPS:
        if re.search(said, error) and re.search(ahead, before) and re.match(at, rest):
            return hint
    return _ANY
