"""What can be said of a file subscriber's declaration without looking at the file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from connector.core.jsonio import Json
from connector.core.problem import Finding

_NO_USE: Mapping[str, tuple[str, ...]] = {"json": ("encoding", "delimiter", "quote"), "ndjson": ("delimiter", "quote")}
_WHY = {"encoding": "a JSON file is UTF-8", "delimiter": "only CSV has columns", "quote": "only CSV has columns"}


def findings(config: Mapping[str, Json], form: Json) -> list[Finding]:
    """Keys that reading a file of that form would ignore."""
    found = []
    for key in _NO_USE.get(form, ()) if isinstance(form, str) else ():
        if key in config:
            hint = "Save the file as UTF-8, and leave this out." if key == "encoding" else "Leave it out."
            ending = Path(str(config.get("path", ""))).suffix
            hint += "" if config.get("format") or not ending else ' If it is CSV, say "format": "csv".'
            found.append(Finding(f"/{key}#", "CFG213", f"{key} has no use for {form}: {_WHY[key]}", hint, "warning"))
    delimiter, quote = config.get("delimiter", ","), config.get("quote", '"')
    if form == "csv" and delimiter == quote:
        message = f"delimiter and quote are both {delimiter}: no cell could be told from the next one"
        found.append(
            Finding("/quote" if "quote" in config else "/delimiter", "CFG143", message, "Correct one of them.")
        )
    return found
