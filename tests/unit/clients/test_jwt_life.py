"""How long a token is good, by its own words; a token that says nothing understandable lives for the usual time."""

from __future__ import annotations

import base64
import json

import pytest

from connector.clients.auth.jwt import DEFAULT_LIFE, _life
from connector.core.jsonio import Json


def token(claims: Json) -> str:
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{body}.c2lnbmVk"


@pytest.mark.parametrize("name", ["", "a", "ab", "???>>>", "øø"])
def test_the_life_is_from_issue_to_expiry(name: str) -> None:
    assert _life(token({"iat": 100, "exp": 700, "username": name})) == 600


SAYING_NOTHING: list[Json] = [{}, [], "x", {"iat": 5, "exp": 5}, {"iat": "1", "exp": "9"}, {"exp": 9}]


@pytest.mark.parametrize(
    "text",
    [
        *map(token, SAYING_NOTHING),
        *("", "abc", "a.b", "a.!.c", "a.ø.c", "a.e30.c.d", "a._w.c", f"a.{'W' * 5}.c"),
    ],
)
def test_anything_else_lives_for_the_usual_time(text: str) -> None:
    assert _life(text) == DEFAULT_LIFE
