"""What of a record is kept: in doubt all of it, but for secrets that surely no transformer reads."""

from __future__ import annotations

import json

import pytest

from connector.config.secrecy import is_secret_field
from connector.core.jsonio import Json
from connector.transformers.discretion import Discretion
from connector.transformers.reach import Reach


def covers(text: str, *way: str) -> bool:
    return Reach([(text, ".jmespath")]).covers(way)


@pytest.mark.parametrize(
    "text",
    [
        "{a: name}",
        "{a: @.name}",
        "{a: customer.name}",
        "{a: customer.name || customer.alias}",
        "customer | {x: name}",
        "{a: variants[].name, b: variants[0].name, c: variants[1:2].name, d: variants[?name].name}",
        "{a: map(&name, groups)}",
        "{a: (customer || owner).name}",
    ],
)
def test_what_is_surely_not_read(text: str) -> None:
    assert not covers(text, "pw")
    assert not covers(text, "customer", "pw")
    assert not covers(text, "variants", "pw")


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("{a: pw}", ("pw",)),
        ("{a: customer.pw}", ("customer", "pw")),
        ("{a: 'x', b: [{c: concat(pw, '1')}]}", ("pw",)),
        ("items[?pw].name", ("items", "pw")),
        ("@", ("pw",)),
        ("{a: @}", ("pw",)),
        ("{a: merge(@, {b: c})}", ("pw",)),
        ("{a: customer | @}", ("customer", "pw")),
        ("{a: keys(@)}", ("pw",)),
        ("{a: customer.*}", ("customer", "pw")),
        ("{a: customer}", ("customer", "pw")),
        ("{a: variants}", ("variants", "pw")),
        ("{a: variants[]}", ("variants", "pw")),
        ("{a: variants[0]}", ("variants", "pw")),
        ("{a: variants[?name]}", ("variants", "pw")),
        ("{a: not_null(customer, owner).name}", ("customer", "pw")),
        ("{a: {b: customer}.b.name}", ("customer", "pw")),
        ("{a: map(&@, variants)}", ("variants", "pw")),
        ("{a: no jmespath", ("pw",)),
    ],
)
def test_what_may_be_read(text: str, way: tuple[str, ...]) -> None:
    assert covers(text, *way)


@pytest.mark.parametrize(
    ("steps", "read"),
    [
        ([{"type": "map", "to": {"payload": {"a": "name"}}}], False),
        ([{"type": "filter", "where": "pw"}, {"type": "map", "to": {"a": "name"}}], True),
        ([{"type": "filter", "where": "name"}], True),
        ([{"type": "split", "at": "variants"}, {"type": "map", "to": {"a": "name"}}], False),
        (
            [{"type": "split", "at": "variants", "keep_parent": True}, {"type": "map", "to": {"a": "parent.name"}}],
            False,
        ),
        ([{"type": "split", "at": "variants", "keep_parent": True}, {"type": "map", "to": {"a": "parent"}}], True),
        ([{"type": "split", "at": "variants", "keep_parent": True}], True),
        ([{"type": "of a package", "column": "name"}, {"type": "map", "to": {"a": "name"}}], True),
        ([], True),
    ],
)
def test_steps(steps: list[Json], read: bool) -> None:
    assert Reach([(json.dumps(steps), ".json")]).covers(("pw",)) == read


def test_without_transformers_the_record_is_the_message() -> None:
    assert Reach([]).covers(("password",))


def test_only_what_is_not_read_is_masked_at_every_depth() -> None:
    found = Discretion([("{a: name, b: customer.token}", ".jmespath")])
    data = {
        "name": "Ada",
        "Passwort": "canary",
        "token": "read by its name, wherever",
        "customer": {"token": "t", "apiKey": 4711, "name": "x"},
        "rows": [{"secret": {"a": "canary"}, "n": 1}, 2],
        "password": None,
        "pwd": "",
    }
    assert found.kept(data) == {
        **data,
        "Passwort": "***",
        "customer": {"token": "t", "apiKey": "***", "name": "x"},
        "rows": [{"secret": "***", "n": 1}, 2],
    }
    plain: Json = {"name": "Ada", "customer": {"name": "x"}, "password": None}
    assert found.kept(plain) is plain


def test_a_stored_record_lacks_what_is_read_now() -> None:
    stored = {"name": "Ada", "Passwort": "***", "token": "***"}
    assert Discretion([("{a: Passwort}", ".jmespath")]).lacks(stored)
    assert not Discretion([("{a: name}", ".jmespath")]).lacks(stored)
    assert not Discretion([("{a: name}", ".jmespath")]).lacks({"name": "***"})


SECRETS = "Passwort password userPassword PASSWORD_HASH Passord pwd api_key apiKey API-Key secret clientSecret Kennwort"
NONE = "passport secretary key keyword tokens Compass author signature category_key position primary_key pass pin"


@pytest.mark.parametrize("name", [*SECRETS.split(), "accessToken", "token", "mot de passe", "contraseña", "lösenord"])
def test_names_of_secrets(name: str) -> None:
    assert is_secret_field(name)


@pytest.mark.parametrize("name", NONE.split())
def test_names_of_none(name: str) -> None:
    assert not is_secret_field(name)
