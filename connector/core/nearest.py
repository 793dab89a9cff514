"""The known word that somebody most likely meant; used in hints only, never to guess on their behalf."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``"Did you mean 'x'? "`` with a blank after it, or nothing; case, hyphens and underscores do not count."""
    plain = {_plain(one): one for one in known}
    near = difflib.get_close_matches(_plain(word), plain, 1)
    return f"Did you mean '{plain[near[0]]}'? " if near else ""


def _plain(word: str) -> str:
    return word.lower().replace("-", "_")
