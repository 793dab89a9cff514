"""In which order two values of a listing are, as far as that can be known without the source's own rules."""

from __future__ import annotations

import re

from connector.core.jsonio import Json
from connector.core.numbers import Number
from connector.incoming.cursor import moment_of

_SAME_EVERYWHERE = re.compile(r"[0-9a-f]+|[0-9A-F]+")
"""Digits, then letters of one case: whatever the language by which the source sorts. Not UUIDs: SQL Server does not."""


def order(before: Json, after: Json) -> int | None:
    """1: rising, -1: falling, 0: the same; None: only the source knows, as for names.

    ``10`` and ``9`` as texts, and words, are in another order for each database.
    """
    if before == after:
        return 0
    if isinstance(before, Number) and isinstance(after, Number):
        return 1 if after > before else -1
    if not isinstance(before, str) or not isinstance(after, str):
        return None
    if len(before) == len(after) and _SAME_EVERYWHERE.fullmatch(before) and _SAME_EVERYWHERE.fullmatch(after):
        return 1 if after > before else -1
    earlier, later = moment_of(before), moment_of(after)
    if earlier is None or later is None or earlier == later:
        return None
    return 1 if later > earlier else -1
