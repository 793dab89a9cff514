"""Secrets that cannot be masked well where they are told: too short, or words that names are made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from connector.config.declaration import Declaration
from connector.config.explain import effective
from connector.config.references import filled, inside
from connector.core.loopback import is_loopback
from connector.core.problem import Finding
from connector.core.secrets import LONG, SHORTEST, is_ordinary

_HINT = f"Take a longer one, with more than letters: at least {LONG} characters."


def weak_secrets(declaration: Declaration, schema: Mapping[str, Any], env: Mapping[str, str]) -> Iterator[Finding]:
    """Secrets whose value now is not masked, or not everywhere; the values themselves are not told.

    What goes to this machine only, such as the sandbox's password, is left alone.
    """
    if _stays_here(declaration, env):
        return
    for one in effective(declaration.data, schema):
        for reference in inside(one.value) if one.secret else ():
            why = _why(reference.value(env, declaration.root) or "")
            if why:
                yield Finding(one.pointer, "CFG135", f"the value of {reference} {why}", _HINT, "warning")


def _why(value: str) -> str:
    if 0 < len(value) < SHORTEST:
        return f"has fewer than {SHORTEST} characters: it is not masked in logs and errors"
    if is_ordinary(value):
        return "is a short word: it is masked where it stands by itself, and not inside of names"
    return ""


def _stays_here(declaration: Declaration, env: Mapping[str, str]) -> bool:
    url = declaration.data.get("base_url") if isinstance(declaration.data, dict) else None
    return isinstance(url, str) and is_loopback(filled(url, env, declaration.root))
