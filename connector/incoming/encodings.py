"""Whether a file is written in UTF-8 although another encoding is declared: those that take any byte say nothing."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from pathlib import Path

from connector.core.errors import SourceError
from connector.core.jsonio import Json

_MARK = codecs.BOM_UTF8
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
