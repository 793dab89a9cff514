"""The known word that somebody most likely meant; used in hints only, never to guess on their behalf."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

_FILE = re.compile(r"(?:.*[/\\])?([^/\\]+)\.(?:json|jmespath)")
_LEAST = 4
"""Letters of a word that says something where it is only a part."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``"Did you mean 'x'? "`` with a blank after it, or nothing; case, hyphens and underscores do not count.

    The name of a file leads to what is named after it: ``configs/routes/csv.json`` to ``csv``.

    Where none is alike, the one or two that contain the word, or that the word contains: Query, ContentQuery.
    """
    plain = {_plain(one): one for one in known}
    asked = _plain(word)
    stem = _plain(_FILE.sub(r"\1", word))
    if stem != asked and stem in plain:
        return f"Did you mean '{plain[stem]}'? Names are those of the files, without folder and ending. "
    near = difflib.get_close_matches(asked, plain, 1) or _holding(asked, plain)
    return f"Did you mean {' or '.join(repr(plain[one]) for one in near)}? " if near else ""


def _holding(asked: str, known: Iterable[str]) -> list[str]:
    if len(asked) < _LEAST:
        return []
    found = [one for one in known if len(one) >= _LEAST and (asked in one or one in asked)]
    return found if len(found) <= 2 else []


def _plain(word: str) -> str:
    return word.lower().replace("-", "_")
