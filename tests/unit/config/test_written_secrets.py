"""Which headers and query parameters are told to hold a secret that is written out, and which are not."""

from __future__ import annotations

import pytest

from connector.config.written_secrets import written_secrets
from connector.core.jsonio import Json


@pytest.mark.parametrize(
    ("data", "pointer", "severity"),
    [
        ({"headers": {"Authorization": "Bearer not-a-real-token-4711"}}, "/headers/Authorization", "error"),
        ({"headers": {"X-Api-Key": "${KEY:-not-a-real-token}"}}, "/headers/X-Api-Key", "error"),
        ({"query": {"access_token": 4711}}, "/query/access_token", "error"),
        ({"query": {"token": ["${TOKEN}", "not-a-real-token"]}}, "/query/token", "error"),
        ({"cursor": {"send": {"query": {"api_key": "not-real-1"}}}}, "/cursor/send/query/api_key", "error"),
        ({"headers": {"X-Auth": "shop"}}, "/headers/X-Auth", "warning"),
        ({"payload": {"password": "not-real-4711"}}, "/payload/password", "error"),
        ({"payload": {"password": "publish"}}, "/payload/password", "error"),
        ({"payload": {"UserCreate": {"password": "${PW:-not-real}"}}}, "/payload/UserCreate/password", "error"),
    ],
)
def test_a_literal_under_the_name_of_a_secret_is_told_without_it(data: Json, pointer: str, severity: str) -> None:
    (found,) = written_secrets(data)
    assert (found.pointer, found.code, found.severity) == (pointer, "CFG116", severity)
    assert "real" not in found.message + found.hint
    assert "4711" not in found.message + found.hint


@pytest.mark.parametrize(
    "data",
    [
        {"headers": {"Authorization": "Bearer ${TOKEN}", "X-Api-Key": "${file:/run/secrets/key}"}},
        {"headers": {"Accept": "text/csv;not-a-secret-4711"}},
        {"query": {"token": None, "secret": True, "auth": "", "sync_token": "{cursor}"}},
        {"payload": {"query": {"token": "not-a-secret-4711"}}, "find": {"query": {"token": "not-a-secret-4711"}}},
        {"token": "of-another-rule-4711"},
        {"payload": {"password": "${PW}", "update_password": True}},
        {"payload": {"password": {"generate": True}}},
        {"payload": {"fields": {"password": "a field of somebody's"}, "password": None}},
        [],
        None,
    ],
)
def test_references_and_what_is_none_are_left_alone(data: Json) -> None:
    assert list(written_secrets(data)) == []
