"""What every remote id must be, that of an item itself or one that another message refers to."""

from __future__ import annotations

from connector.core.errors import RecordError
from connector.core.jsonio import shown

LONGEST = 100
"""The column's length: one character more is a 500 (seen on 4.6.25), and nothing has a longer one."""


def check_reference(remote_id: str, where: str) -> str:
    """The remote id of what is referred to, if there can be content that has it.

    Raises:
        RecordError: it is too long: waiting for it would be waiting for ever.
    """
    if len(remote_id) > LONGEST:
        message = f"{where} refers to {shown(remote_id, 40)!r}, which has {len(remote_id)} characters"
        hint = f"Ibexa keeps {LONGEST}, so nothing has that remote id. Make it as the route that creates it does."
        raise RecordError(message, hint=hint, step=where)
    return remote_id
