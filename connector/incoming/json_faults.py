"""Why a file that is declared as JSON cannot be read on: what it is instead, or where in it the fault stands."""

from __future__ import annotations

import codecs
import json
from pathlib import Path

from connector.core.jsonio import shown

LOOKED_AT = 16 * 1024 * 1024
"""Bytes. Of a larger file nothing is said but what its beginning tells."""
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ONLY_UTF8 = "Save it as UTF-8: JSON has no other encoding."
_ONE_A_LINE = 'One object stands on each line: say "format": "ndjson".'


def told(path: Path, records: int) -> tuple[str, str]:
    """Message and hint, for a file whose reading broke off after so many records."""
    with path.open("rb") as file:
        data = file.read(LOOKED_AT + 1)
    whole = len(data) <= LOOKED_AT
    cut = f"{path.name} is damaged or cut off after {records} records"
    if data.startswith(_UTF_16) or b"\0" in data[:4]:
        return f"{path.name} is not UTF-8, but UTF-16", _ONLY_UTF8
    try:
        text = codecs.getincrementaldecoder("utf-8-sig")().decode(data, final=whole)
    except UnicodeDecodeError as error:
        return f"{path.name} is not UTF-8 at byte {error.start}", _ONLY_UTF8
    lines = text.lstrip().split("\n", 2)
    if lines[0][:1] not in ("[", "{", ""):
        line = shown(lines[0].strip(), 60)
        hint = 'A table? Say "format": "csv".' if len(lines) > 1 else "Correct the file, or `format`."
        return f"{path.name} is no JSON: it begins with {line}", hint
    if len(lines) > 1 and _is_object(lines[0]) and lines[1].lstrip().startswith("{"):
        return f"{path.name} is no list, but many objects", _ONE_A_LINE
    return (f"{cut}: {_place(text)}" if whole else cut), "Is it written completely? What was read before is kept."


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def _place(text: str) -> str:
    if not text.strip():
        return "it is empty"
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        at = f"line {error.lineno}, column {error.colno}"
        before = text[: error.pos].rstrip()
        if error.pos >= len(text.rstrip()):
            return f"it ends at {at}, in the middle"
        if text[error.pos] in "]}" and before.endswith(","):
            return f"there is a comma too many before {at}"
        return f"{error.msg} at {at}"
    except RecursionError:
        return "it is nested too deeply"
    return "it holds what is no strict JSON"
