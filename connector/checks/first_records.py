"""What the beginning of a source file tells against its declaration: no list where one is looked for, no heading."""

from __future__ import annotations

import re
from collections.abc import Mapping

from connector.core.jsonio import Json
from connector.core.nearest import did_you_mean
from connector.core.problem import Finding
from connector.incoming.file_head import Head

_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*")


def without_heading(head: Head, key: str) -> bool:
    """Whether a column is called like a number, and none like anything that the key reads."""
    first = head.records[0] if head.records else None
    names = [str(one) for one in first] if isinstance(first, dict) else []
    return any(_NUMBER.fullmatch(one) for one in names) and not any(one and one in key for one in names)


def no_list_at(config: Mapping[str, Json], path: str, head: Head) -> Finding:
    """The finding where ``records`` leads to no list."""
    wanted = str(config.get("records") or "")
    named = [one for one in head.lists if one]
    hint = did_you_mean(wanted, named) if wanted else ""
    hint += f"There is a list at: {', '.join(named)}." if named else "The file itself is the list: leave records out."
    what = (
        f"{path} has no list at '{wanted}'" if wanted else f"{path} is no list, and records does not say where one is"
    )
    return Finding("/records" if wanted else "/path", "CFG149", what, hint, "warning")
