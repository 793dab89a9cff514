"""What other programs call the keys of a declaration, for hints only: nothing is ever read under such a name.

The words are in synonyms.json, by group and by our key: those of Alumio, n8n, Make, Zapier, Celigo, Boomi, Airbyte,
dlt, Singer, Airflow, Kubernetes, and of libraries that people know. Where one word may be several of our keys, the
first that is known counts. Two groups are others: ``choices`` are words for values; ``instead`` is what is no key of
ours at all: by the key of the place where it is looked for, the words, and what to do. Case, hyphens and underscores
do not count: ``pageSize`` is ``page_size``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from difflib import SequenceMatcher
from functools import cache
from importlib import resources
from typing import Final

from msgspec import Struct

from connector.core.nearest import did_you_mean

_CLOSE: Final = 0.85
"""From here on letters count for more than what a word means: ``qeury``."""


class _Words(Struct, frozen=True):
    """The table, ready to be asked.

    Attributes:
        ours: by a word of others, our keys.
        said: by a word of others, the keys of places and what to do there.
        choices: by a word of others, our values.
        all: every word that means something as a key.
    """

    ours: Mapping[str, tuple[str, ...]]
    said: Mapping[str, tuple[tuple[str, str], ...]]
    choices: Mapping[str, tuple[str, ...]]
    all: frozenset[str]


def meant_by(word: str, known: Iterable[str], wanted: Collection[str] = ()) -> str | None:
    """The known key that others call so; None when there is none.

    Args:
        word: what is written.
        known: the keys there are.
        wanted: those of them that are missing: the likeliest.
    """
    there, asked = list(known), _plain(word)
    same = next((one for one in there if _plain(one) == asked), None)
    found = [one for one in _words().ours.get(asked, ()) if one in there]
    return same or next((one for one in found if one in wanted), found[0] if found else None)


def key_meant(word: str, known: Iterable[str], wanted: Collection[str] = ()) -> str:
    """``"Did you mean 'x'? "`` of a key, by its meaning first and by its letters second; or what there is instead.

    A word that means something is not taken for another one that only looks alike: target is not tags.
    """
    there = list(known)
    asked = _plain(word)
    if told := next((what for key, what in _words().said.get(asked, ()) if key in there), None):
        return f"{told} "
    if meant := meant_by(word, there, wanted):
        return f"Did you mean '{meant}'? "
    if asked in _words().all:
        there = [one for one in there if _alike(asked, _plain(one))]
    return did_you_mean(word, there)


def choice_meant(word: str, choices: Iterable[str]) -> str:
    """The same of a value where a few are to choose from: all of them that others call so."""
    there = list(choices)
    found = [one for one in _words().choices.get(_plain(word), ()) if one in there]
    return f"Did you mean {' or '.join(map(repr, found))}? " if found else did_you_mean(word, there)


def _alike(asked: str, key: str) -> bool:
    return asked in key or key in asked or SequenceMatcher(None, asked, key).ratio() >= _CLOSE


def _plain(word: str) -> str:
    return re.sub(r"[-_ ]", "", word).lower() or word


@cache
def _words() -> _Words:
    """Read when the first hint is given: a start needs none."""
    groups = json.loads((resources.files("connector.core") / "synonyms.json").read_text(encoding="utf-8"))
    said: dict[str, tuple[tuple[str, str], ...]] = {}
    for key, (words, what) in groups.pop("instead").items():
        for word in map(_plain, words.split()):
            said[word] = (*said.get(word, ()), (key, what))
    choices = _turned(groups.pop("choices").items())
    keys = [(key, words) for group in groups.values() for key, words in group.items()]
    ours = _turned(keys)
    return _Words(ours, said, choices, frozenset(ours) | {_plain(key) for key, _ in keys})


def _turned(ours: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for key, words in ours:
        for word in dict.fromkeys(map(_plain, words.split())):
            found[word] = (*found.get(word, ()), key)
    return found
