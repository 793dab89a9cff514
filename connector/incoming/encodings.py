"""Whether a file is written in UTF-8 although another encoding is declared: those that take any byte say nothing."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from pathlib import Path

from connector.core.errors import SourceError
from connector.core.jsonio import Json

_OF_DOS = ("cp437", "cp850", "cp852", "cp858", "cp860", "cp863", "cp865")
_MARK = codecs.BOM_UTF8
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
LEAVE_OUT = "The file reads as UTF-8: leave `encoding` out."


def is_utf8(data: bytes, declared: str) -> bool:
    """Whether the beginning of a file holds letters of UTF-8, and one byte for each is what is declared.

    Other letters hardly ever make valid UTF-8 by chance.

    Raises:
        LookupError: there is no such encoding.
    """
    if not _takes_any_byte(declared) or data.isascii():
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)  # what ends within a letter is none of its faults
    except UnicodeDecodeError:
        return False
    return True


def is_cp1252(data: bytes, declared: str) -> bool:
    """Whether letters of Western Windows are declared as one of the older pages, of DOS.

    All of them are letters there, at least two different ones, and some are none in the page that is declared.

    Raises:
        LookupError: there is no such encoding.
    """
    name, high = codecs.lookup(declared).name, bytes(sorted({one for one in data if one > 127}))
    if name not in _OF_DOS or len(high) < 2:
        return False
    return high.decode("cp1252", "replace").isalpha() and not high.decode(name).isalpha()


def unmarked(declared: str) -> str:
    """The encoding to read with: a file of UTF-8 may begin with its mark, which is no part of its first heading.

    Raises:
        LookupError: there is no such encoding.
    """
    return "utf-8-sig" if codecs.lookup(declared).name == "utf-8" else declared


def check_mark(path: Path, form: str, config: Mapping[str, Json]) -> None:
    """A file with the mark of UTF-8 is UTF-8, whatever is declared; read as another its first column has a wrong name.

    Raises:
        SourceError: it has the mark, and an encoding of one byte a letter is declared.
        LookupError: there is no such encoding.
    """
    if form == "json" or not _takes_any_byte(str(config["encoding"])):
        return
    with path.open("rb") as file:
        if file.read(len(_MARK)) == _MARK:
            message = f"{path.name} begins with the mark of UTF-8, and {config['encoding']} is declared"
            raise SourceError(message, hint=LEAVE_OUT)


def check_width(path: Path, form: str, config: Mapping[str, Json]) -> None:
    """A file of two bytes a letter, as Excel's "Unicode text" is: read byte by byte it is full of NULs.

    Raises:
        SourceError: it is one, and an encoding of one byte a letter is declared, or none.
        LookupError: there is no such encoding.
    """
    declared = str(config["encoding"])
    if form == "json" or codecs.lookup(declared).name.startswith(("utf-16", "utf-32")):
        return
    with path.open("rb") as file:
        head = file.read(64)
    if head.startswith(_WIDE) or b"\0" in head:
        name = "utf-16" if head.startswith(_WIDE) else "utf-16-le" if head[1:2] == b"\0" else "utf-16-be"
        hint = f'Declare "encoding": "{name}", or save the file as UTF-8.'
        raise SourceError(f"{path.name} has two bytes a letter, and {declared} is declared", hint=hint)


def _takes_any_byte(encoding: str) -> bool:
    """Whether each byte is a letter of its own, as in cp1252 and the families of ISO 8859."""
    name = codecs.lookup(encoding).name
    every = bytes(range(128, 256))
    return not name.startswith("utf") and name != "ascii" and _letters(every, name) == len(every)


def _letters(data: bytes, encoding: str) -> int:
    try:
        return len(data.decode(encoding, "replace"))
    except (LookupError, UnicodeError):  # no encoding of text, such as base64
        return 0
