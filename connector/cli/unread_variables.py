"""Variables of ours that are misspelt: what nothing reads does nothing, and nobody is told by whom it was meant."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Final

VARIABLES: Final = ("CONNECTOR_DATABASE_URL", "CONNECTOR_YES")
"""Those that the program itself reads."""
_PREFIX: Final = "CONNECTOR_"
_NEAR: Final = 0.8


def misspelt(env: Mapping[str, str]) -> list[tuple[str, str]]:
    """Each variable that nearly has a name of ours, with that name; others that begin so may be anybody's."""
    found = []
    for name in sorted(env):
        near = difflib.get_close_matches(name.upper(), VARIABLES, 1, cutoff=_NEAR) if _is_like_ours(name) else []
        if near and near[0] not in env:
            found.append((name, near[0]))
    return found


def _is_like_ours(name: str) -> bool:
    return name not in VARIABLES and name.upper()[:3] == _PREFIX[:3] and "_" in name
