"""What the beginning of a source file tells against its declaration: no list where one is looked for, no heading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from connector.checks.sentences import Described
from connector.core.jsonio import Json, type_name
from connector.core.nearest import did_you_mean
from connector.core.problem import Finding, Problem
from connector.incoming.file_head import Head

_KINDS = {dict: "an object", list: "a list", bool: "true or false"}
"""What a run takes for no key."""
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


def declared_by(config: Mapping[str, Json], problem: Problem) -> str:
    """The place of what is declared otherwise than the file is; the file itself where nothing of that is declared."""
    said = f"{problem.message} {problem.hint}"
    return next(
        (f"/{key}" for key in ("encoding", "delimiter", "quote", "format") if key in config and key in said), "/path"
    )


def no_object(others: Sequence[int], described: Described, at: str) -> Finding:
    """Entries of the list that are none of the objects that a run takes."""
    kind = type_name(described.records[others[0]])
    number = "all" if len(others) == len(described.records) else str(len(others))
    where = f", the first at {described.places[others[0]]}" if len(described.places) == len(described.records) else ""
    message = f"{number} of the {len(described.records)} records looked at in {described.file} are no objects"
    hint = f"That one is of the type {kind}, and a run refuses such a record. Does `records` lead to another list?"
    return Finding(at, "CFG149", message + where, hint, "warning")


def unfit_keys(values: Sequence[Json], described: Described) -> Iterator[Finding]:
    """What the key comes to in the records that are objects, where a run would refuse it or take all for one."""
    odd = [one for one in values if type(one) in _KINDS]
    if odd:
        message = f"the key of {len(odd)} of the {len(values)} records looked at in {described.file} is no text"
        hint = f"It is {_KINDS[type(odd[0])]}, and a run refuses such a record. Name a text or a number of the record."
        yield Finding("/key", "CFG149", message, hint, "warning")
        return
    if len(values) > 1 and all(one == values[0] and one not in (None, "") for one in values):
        yield Finding("/key", "CFG168", f"{described.same} key", "Name what is another in each.", "warning")
    empty = [at for at, one in enumerate(values) if one is None or (isinstance(one, str) and not one.strip())]
    if 0 < len(empty) < len(values):
        message = f"{len(empty)} of the {len(values)} records looked at in {described.file} have no key"
        first = f", the first at {described.places[empty[0]]}" if len(values) == len(described.places) else ""
        hint = "A run refuses such a record: correct the file, or name what is never empty."
        yield Finding("/key", "CFG149", message + first, hint, "warning")
    if values and all(one is None or one == "" for one in values):
        yield Finding(
            "/key", "CFG149", f"{described.all_of_them} without a key", "Name what is never empty.", "warning"
        )
