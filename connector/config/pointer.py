"""JSON pointers (RFC 6901): the names of places inside a declaration. Finds no values."""

from __future__ import annotations

from connector.core.jsonio import Json


def below(pointer: str, part: str | int) -> str:
    """The pointer of a member or entry: ``below("/query", "a/b")`` is ``/query/a~1b``."""
    return f"{pointer}/{str(part).replace('~', '~0').replace('/', '~1')}"


def last(pointer: str) -> str:
    """The last part, unescaped; empty for the whole document."""
    return pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")


def leads(pointer: str, value: Json) -> bool:
    """Whether the value has that place; the empty pointer, the whole, always."""
    for part in pointer.split("/")[1:]:
        name = last(f"/{part}")
        if isinstance(value, list) and name.isdigit() and int(name) < len(value):
            value = value[int(name)]
        elif isinstance(value, dict) and name in value:
            value = value[name]
        else:
            return False
    return True
