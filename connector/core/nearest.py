"""The known word that somebody most likely meant; used in hints only, never to guess on their behalf."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

_FILE = re.compile(r"(?:.*[/\\])?([^/\\]+)\.(?:json|jmespath)")
_LEAST = 4
"""Letters of a word that says something where it is only a part."""


_SAME = {
    "upsert": ("create_or_update", "insert_or_update", "update_or_create", "createorupdate", "create_update", "save"),
    "create": ("insert", "new", "add"),
    "update": ("change", "modify", "edit"),
    "delete": ("remove", "destroy"),
}
"""What other programs call it."""
_SUFFIXES = ("criterion", "clause")
"""Of most names of a search, and not of all."""


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
    near = _meant(asked, plain) or difflib.get_close_matches(asked, plain, 1) or _holding(asked, plain)
    return f"Did you mean {' or '.join(repr(plain[one]) for one in near)}? " if near else ""


def meant_by_slips(words: Iterable[str], known: Iterable[str]) -> set[str]:
    """What is meant by words that are not known: the nearest of those that are, which are thus not missing."""
    names = list(known)
    hints = (did_you_mean(one, names) for one in words if one not in names)
    return {name for hint in hints for name in names if f"'{name}'" in hint}


def _meant(asked: str, known: Iterable[str]) -> list[str]:
    """What letters alone would take for something else, or for its very opposite."""
    there = list(known)
    meant = [word for word, others in _SAME.items() if asked in others]
    meant += [asked.removesuffix(one) for one in _SUFFIXES if asked.endswith(one)]
    meant += [f"not_{asked[2:]}"] if asked.startswith("un") else []
    return [one for one in meant if one in there and asked not in there]


def _holding(asked: str, known: Iterable[str]) -> list[str]:
    if len(asked) < _LEAST:
        return []
    found = [one for one in known if len(one) >= _LEAST and (asked in one or one in asked)]
    return found if len(found) <= 2 else []


def _plain(word: str) -> str:
    return word.lower().replace("-", "_")
