"""JSON pointers (RFC 6901): the names of places inside a declaration. Finds nothing by itself."""

from __future__ import annotations


def below(pointer: str, part: str | int) -> str:
    """The pointer of a member or entry: ``below("/query", "a/b")`` is ``/query/a~1b``."""
    return f"{pointer}/{str(part).replace('~', '~0').replace('/', '~1')}"


def last(pointer: str) -> str:
    """The last part, unescaped; empty for the whole document."""
    return pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
