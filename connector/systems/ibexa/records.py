"""What a record of each reading operation has, in the server's own form: names, two levels deep.

From the reference's examples, corrected by what the server gives. An incoming gives content in the shape of messages.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

from connector.core.jsonio import parse


def record_of(operation: str) -> tuple[str, ...]:
    """Dotted names, ``[]`` behind a list; none when it is not known.

    Args:
        operation: its id.
    """
    return _records().get(operation, ())


@cache
def _records() -> Mapping[str, tuple[str, ...]]:
    data = parse((resources.files("connector.systems.ibexa") / "records.json").read_bytes())
    return {name: tuple(words.split()) for name, words in data.items()}
