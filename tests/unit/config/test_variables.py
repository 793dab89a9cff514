from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from connector.config.project import Project
from connector.config.references import Reference, inside, malformed, references, whole
from connector.config.variables import resolve
from connector.core.errors import ConfigError
from connector.core.jsonio import Json
from connector.core.secrets import Secret

Resolved = Callable[..., dict[str, Json]]


@pytest.fixture
def client(project: Callable[..., Project], schemas: Mapping[str, Any]) -> Resolved:
    """A client's resolved declaration; ``base_url`` need not be given."""

    def resolved(fields: Mapping[str, Json], env: Mapping[str, str] | None = None) -> dict[str, Json]:
        data = {"type": "http", "base_url": "https://x", **fields}
        found = project({"configs/clients/pim.json": data})
        return resolve(found.clients["pim"], schemas["client"], env or {})

    return resolved


@pytest.mark.parametrize(
    ("text", "env", "expected"),
    [
        ("${A}", {"A": "x"}, "x"),
        ("http://${A}:${B}/", {"A": "x", "B": "1"}, "http://x:1/"),
        ("${A:-y}", {}, "y"),
        ("${A:-y}", {"A": ""}, "y"),
        ("${A:-y}", {"A": "x"}, "x"),
        ("${A:-}", {}, ""),
        ("${A:-http://x:1/?q=-}", {}, "http://x:1/?q=-"),
        ("$${A}", {}, "${A}"),
        ("$$${A}", {"A": "x"}, "$${A}"),
        ("a$${A}${A}", {"A": "x"}, "a${A}x"),
        ("$A {A} $", {}, "$A {A} $"),
        ("${A}", {"A": "${B}", "B": "x"}, "${B}"),
        ("\x00${A}", {"A": "x"}, "\x00x"),
    ],
)
def test_references_inside_texts(client: Resolved, text: str, env: dict[str, str], expected: str) -> None:
    assert client({"headers": {"X": text}}, env)["headers"]["X"] == expected


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("max_in_flight", "8", 8),
        ("share", "0.5", 0.5),
        ("share", "2", 2),
        ("share", "1e2", 100.0),
        ("verify", "true", True),
        ("verify", "FALSE", False),
        ("timeout", "30s", "30s"),
        ("request_log", "full", "full"),
        ("base_url", "123", "123"),
    ],
)
def test_a_whole_reference_takes_the_type_of_its_field(
    client: Resolved, field: str, value: str, expected: Json
) -> None:
    found = client({field: "${V}"}, {"V": value})[field]
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("max_in_flight", "many", "must be a whole number"),
        ("max_in_flight", "1_0", "must be a whole number"),
        ("max_in_flight", "٣", "must be a whole number"),
        ("max_in_flight", "99", "must be at most 32"),
        ("share", "nan", "must be a number"),
        ("share", "1e999", "must be a number"),
        ("verify", "maybe", "must be true or false"),
        ("timeout", "soon", "is not a duration"),
        ("timeout", "9" * 40 + "d", "hundred years"),
        ("request_log", "all", "is none of the choices"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_at_its_place_without_being_told(
    client: Resolved, field: str, value: str, words: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        client({field: "${V}"}, {"V": value})
    (problem,) = caught.value.problems
    assert words in problem.message
    assert "${V}" in problem.message
    assert f"'{field}'" in problem.message
    assert problem.place is not None
    assert str(problem.place).startswith("configs/clients/pim.json:4:")
    assert value not in problem.message + problem.hint + caught.value.message


def test_a_secret_is_a_secret(client: Resolved) -> None:
    found = client({"auth": {"type": "bearer", "token": "${T}"}}, {"T": "hunter2"})
    assert found["auth"]["token"] == Secret("hunter2")
    assert "hunter2" not in repr(found)


def test_keys_with_slashes_are_resolved_like_others(client: Resolved) -> None:
    assert client({"headers": {"a/b~c#": "${A}"}}, {"A": "x"})["headers"] == {"a/b~c#": "x"}


@pytest.mark.parametrize(("content", "expected"), [("x\n", "x"), ("x\r\n", "x"), ("x\n\n", "x\n"), ("x", "x")])
def test_a_value_from_a_file_loses_one_line_end(client: Resolved, tmp_path: Path, content: str, expected: str) -> None:
    (tmp_path / "secret").write_bytes(content.encode())
    auth = {"type": "bearer", "token": f"${{file:{tmp_path / 'secret'}}}"}
    assert client({"auth": auth})["auth"]["token"].reveal() == expected


def test_a_relative_file_starts_at_the_project(client: Resolved, tmp_path: Path) -> None:
    (tmp_path / "here").write_text("x")
    assert client({"base_url": "${file:here}"})["base_url"] == "x"


def test_a_variable_may_name_a_file_instead(client: Resolved, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x\n")
    env = {"A_FILE": str(tmp_path / "secret")}
    assert client({"base_url": "${A}"}, env)["base_url"] == "x"
    assert client({"base_url": "${A}"}, {**env, "A": "y"})["base_url"] == "y"


def test_everything_that_is_not_set_is_told_at_once_with_place_and_remedy(client: Resolved) -> None:
    fields = {
        "base_url": "https://${HOST}/${TENANT}",
        "headers": {"X": "${file:/no/such}"},
        "auth": {"type": "bearer", "token": "${TOKEN}"},
    }
    with pytest.raises(ConfigError) as caught:
        client(fields, {"TENANT": "", "TOKEN_FILE": "/no/such"})
    told = {(str(one.place), one.message) for one in caught.value.problems}
    assert told == {
        ("configs/clients/pim.json:3:15", "the variable HOST is not set"),
        ("configs/clients/pim.json:3:15", "the variable TENANT is empty"),
        ("configs/clients/pim.json:5:10", "the file /no/such is missing, empty or not readable"),
        ("configs/clients/pim.json:9:14", "the file that TOKEN_FILE names is missing, empty or not readable"),
    }
    assert {one.code for one in caught.value.problems} == {"CFG130"}
    hint = next(one.hint for one in caught.value.problems if "HOST" in one.message)
    assert "export HOST=" in hint
    assert "--env-file" in hint
    assert "HOST" in caught.value.message
    assert "TOKEN_FILE" in caught.value.message


def test_references_are_listed_with_pointer_name_and_default() -> None:
    data = {"a": ["${X}", "p-${Y:-z}"], "b/c": {"d": "${file:/run/s}", "e": "$${N}", "f": 1}, "${K}": None}
    assert [(pointer, one.name, one.file, one.default) for pointer, one in references(data)] == [
        ("/a/0", "X", "", None),
        ("/a/1", "Y", "", "z"),
        ("/b~1c/d", "", "/run/s", None),
    ]


@pytest.mark.parametrize("text", ["${", "${}", "${A", "${A-B}", "${1}", "${ A }", "${A:x}", "${file:}", "${A.b}"])
def test_what_looks_like_a_reference_and_is_none_is_noticed(text: str) -> None:
    assert malformed(f"ab{text}") == [2]
    assert whole(text) is None
    assert not inside(text)


@pytest.mark.parametrize("text", ["$${", "$${A", "$A", "{A}", "${A}", "${A:-}", "${file:x}", ""])
def test_what_is_none_and_looks_like_none_is_let_alone(text: str) -> None:
    assert malformed(text) == []


def lack(client: Resolved, env: dict[str, str]) -> str:
    with pytest.raises(ConfigError) as caught:
        client({"base_url": "${PIM_URL}"}, env)
    return caught.value.problems[0].hint


def test_a_variable_of_nearly_that_name_is_told(client: Resolved) -> None:
    assert lack(client, {"PIM_ULR": "x", "HOME": "/"}).startswith("Did you mean PIM_ULR? Else export PIM_URL=")
    assert lack(client, {"HOME": "/"}).startswith("export PIM_URL=")


def test_a_variable_that_waits_in_an_env_file_is_told(client: Resolved, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("# ours\nexport PIM_URL=https://canary\n")
    assert lack(client, {}) == "It is in .env: pass --env-file .env."


@pytest.mark.parametrize(
    ("name", "env", "near"),
    [
        ("IBEXA_BASE_URL", {"IBEXA_URL": "x", "PIM_BASE_URL": "y"}, "IBEXA_URL"),
        ("IBEXA_URL", {"IBEXA_BASE_URL": "x"}, "IBEXA_BASE_URL"),
        ("ibexa_base_url", {"IBEXA_BASE_URL": "x"}, "IBEXA_BASE_URL"),
        ("IBEXA_BASE_URL", {"PIM_BASE_URL": "x"}, ""),
        ("IBEXA_BASE_URL", {"IBEXA_URL": ""}, ""),
        ("URL", {"BASE_URL": "x"}, ""),
    ],
)
def test_a_variable_of_almost_that_name_is_named(name: str, env: dict[str, str], near: str, tmp_path: Path) -> None:
    _, hint = Reference(name, "", None).lack(env, tmp_path)
    assert hint.startswith(f"Did you mean {near}?") if near else "Did you mean" not in hint


def test_a_variable_of_almost_that_name_in_the_file_beside_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("IBEXA_URL=x\n")
    _, hint = Reference("IBEXA_BASE_URL", "", None).lack({}, tmp_path)
    assert hint.startswith("Did you mean IBEXA_URL of .env (pass --env-file .env)?")


def test_an_empty_variable_wants_a_value_and_no_other_name(tmp_path: Path) -> None:
    message, hint = Reference("IBEXA_PASSWORD", "", None).lack({"IBEXA_PASSWORD": "", "IBEXA_PASSWORT": "x"}, tmp_path)
    assert message == "the variable IBEXA_PASSWORD is empty"
    assert hint.startswith("Give it a value: export IBEXA_PASSWORD=")
