"""A key under the name that another program gives it is told with ours, once, whatever file it stands in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connector.app import editor_schemas, schemas
from connector.config.dialect import Dialect
from connector.config.schema import project_file_schema
from connector.core.jsonio import Json
from connector.core.synonyms import _words, choice_meant, key_meant

HTTP = {"type": "http", "base_url": "https://x"}
API = {"type": "http", "client": "pim", "endpoint": "/x", "key": "id"}
IBEXA = {"type": "ibexa", "client": "ibexa", "entity": "content"}
FILE = {"type": "file", "path": "a.csv", "key": "id"}
ROUTE = {"incoming": "a", "outgoing": "b"}
MAIL = {"type": "email", "host": "h", "from": "a@b.c", "to": ["a@b.c"]}
HOOK = {"type": "webhook", "url": "https://x"}
CRON = "0 3 * * *"
SECRET = "${S}"


def hints(family: str, data: Json) -> list[str]:
    known = {**schemas(), "project": project_file_schema()}
    return [f"{one.pointer} {one.hint}" for one in Dialect().findings(data, known[family])]


def without(data: dict[str, Any], key: str, **more: Json) -> dict[str, Any]:
    return {**{name: one for name, one in data.items() if name != key}, **more}


@pytest.mark.parametrize(
    ("family", "data", "ours"),
    [
        *[
            ("route", {**ROUTE, word: "x"}, ours)
            for word, ours in {
                "mapping": "transformers",
                "steps": "transformers",
                "depends_on": "after",
                "workers": "concurrency",
                "timeout": "deadline",
                "activeDeadlineSeconds": "deadline",
                "on_delete": "when_missing",
                "comment": "$comment",
                "$Schema": "$schema",
                "labels": "tags",
                "max_errors": "stop_after_failures",
                "catchup": "if_missed' below 'schedule",
                "backoffLimit": "max_attempts' below 'retry",
                "concurrencyPolicy": "if_running' below 'schedule",
                "crontab": "cron' below 'schedule",
            }.items()
        ],
        ("route", without(ROUTE, "outgoing", target="x"), "outgoing"),
        ("route", without(ROUTE, "outgoing", destination="x"), "outgoing"),
        ("route", without(ROUTE, "incoming", source="x"), "incoming"),
        ("route", {**ROUTE, "schedule": {"cron": CRON, "tz": "UTC"}}, "timezone"),
        ("route", {**ROUTE, "schedule": {"cron": CRON, "catchup": False}}, "if_missed"),
        ("route", {**ROUTE, "retry": {"max_retries": 3}}, "max_attempts"),
        ("client", without(HTTP, "base_url", url="https://x"), "base_url"),
        ("client", without(HTTP, "base_url", host="https://x"), "base_url"),
        ("client", {**HTTP, "verify_ssl": False}, "ca_file"),
        ("client", {**HTTP, "concurrency": 4}, "max_in_flight"),
        ("client", {**HTTP, "backoff": "1s"}, "retry"),
        ("client", {**HTTP, "retry": {"backoff": "1s"}}, "first_wait"),
        ("client", {**HTTP, "retry": {"max_retries": 4}}, "max_attempts"),
        ("client", {**HTTP, "requests_per_second": 4}, "rate_limit"),
        ("client", {**HTTP, "auth": {"type": "api_key", "name": "X", "key": SECRET}}, "header"),
        ("client", {**HTTP, "auth": {"type": "basic", "user": "a", "password": SECRET}}, "username"),
        ("client", {**HTTP, "auth": {"type": "bearer", "access_token": SECRET}}, "token"),
        ("client", {**HTTP, "auth": {"kind": "bearer", "token": SECRET}}, "type"),
        ("client", without(HTTP, "type", typ="http"), "type"),
        ("incoming", {**API, "params": {}}, "query"),
        ("incoming", {**API, "query_params": {}}, "query"),
        ("incoming", without(API, "endpoint", url="/x"), "endpoint"),
        ("incoming", without(API, "endpoint", path="/x"), "endpoint"),
        ("incoming", without(API, "client", system="pim"), "client"),
        ("incoming", without(API, "client", http_conn_id="pim"), "client"),
        ("incoming", without(API, "key", id="sku"), "key"),
        ("incoming", without(API, "key", primaryKey="sku"), "key"),
        ("incoming", without(API, "key", key_properties="sku"), "key"),
        ("incoming", {**API, "record_selector": "x"}, "records"),
        ("incoming", {**API, "data_selector": "x"}, "records"),
        ("incoming", {**API, "page_size": 5}, "limit' below 'pagination"),
        ("incoming", {**API, "checkpoint": {}}, "cursor"),
        ("incoming", {**API, "replication_key": "x"}, "cursor"),
        ("incoming", {**API, "paginator": {}}, "pagination"),
        ("incoming", {**API, "pagination": {"type": "offset", "page_size": 5}}, "limit"),
        ("incoming", {**API, "pagination": {"type": "page", "start": 0}}, "first_page"),
        ("incoming", {**API, "pagination": {"type": "next_link", "next_url": "x"}}, "next"),
        ("incoming", {**API, "cursor": {"field": "x", "send": {"query": {}}}}, "at"),
        ("incoming", {**API, "cursor": {"cursor_field": "x", "send": {"query": {}}}}, "at"),
        ("incoming", {**API, "cursor": {"at": "x", "send": {"body": {}}}}, "query"),
        ("incoming", {**IBEXA, "filter": {}}, "find"),
        ("incoming", {**IBEXA, "find": {"subtree": "/1/2"}}, "under"),
        ("incoming", {**IBEXA, "find": {"type": ["x"]}}, "content_types"),
        ("incoming", {**FILE, "separator": ";"}, "delimiter"),
        ("incoming", {**FILE, "charset": "x"}, "encoding"),
        ("incoming", without(FILE, "path", file="a.csv"), "path"),
        ("incoming", without(FILE, "key", primary_key="id"), "key"),
        ("alert", without(MAIL, "host", server="h"), "host"),
        ("alert", without(MAIL, "to", recipients=["a@b.c"]), "to"),
        ("alert", {**MAIL, "ssl": True}, "security"),
        ("alert", {**HOOK, "token": SECRET}, "secret"),
        ("alert", {**HOOK, "on": {}}, "when"),
        ("project", {"title": "x"}, "name"),
        ("project", {"history": {}}, "retention"),
        ("transformer", [{"type": "filter", "if": "a"}], "where"),
        ("transformer", [{"type": "filter", "condition": "a"}], "where"),
        ("transformer", [{"type": "map", "fields": {}}], "to"),
        ("transformer", [{"type": "split", "on": "a"}], "at"),
        ("transformer", [{"type": "filter", "where": "a", "comment": "x"}], "$comment"),
    ],
)
def test_a_word_of_others_is_told_once_with_ours(family: str, data: Json, ours: str) -> None:
    found = hints(family, data)
    unknown = [one for one in found if "Did you mean" in one]
    assert [one.split("Did you mean ")[1].partition("?")[0] for one in unknown] == [f"'{ours}'"], found
    assert all("is missing" not in one for one in unknown)


@pytest.mark.parametrize(
    ("family", "data", "words"),
    [
        ("project", {"database": "sqlite:///x"}, "CONNECTOR_DATABASE_URL"),
        ("route", {**ROUTE, "suspend": True}, '"enabled": false'),
        ("incoming", {**FILE, "header": True}, "The first line of a CSV file names its columns."),
        ("route", {**ROUTE, "timezone": "UTC"}, "It stands below 'schedule'."),
        ("client", {**HTTP, "token": SECRET}, "It stands below 'auth'."),
        ("client", {**HTTP, "first_wait": "1s"}, "It stands below 'retry'."),
        ("incoming", {**API, "limit_param": "x"}, "It stands below 'pagination'."),
        (
            "incoming",
            {**API, "cursor": {"at": "x", "send": {"since": "{cursor}"}}},
            'Put it below \'query\': {"query": {"since": …}}.',
        ),
        ("client", {"base_url": "https://x", "typ": "http"}, "One of: http, ibexa."),
    ],
)
def test_what_stands_elsewhere_is_told_with_its_place(family: str, data: Json, words: str) -> None:
    (only,) = hints(family, data)
    assert words in only


def test_a_word_that_means_something_is_not_taken_for_one_that_looks_like_it() -> None:
    assert key_meant("parent", ["remote_id", "fields", "absent"]) == ""
    assert key_meant("target", ["tags", "name"]) == ""
    assert key_meant("qeury", ["query", "key"]) == "Did you mean 'query'? "


@pytest.mark.parametrize(
    ("word", "choices", "meant"),
    [
        ("jsonl", ["json", "ndjson", "csv"], "'ndjson'"),
        ("csv", ["file", "http", "ibexa"], "'file'"),
        ("rest", ["file", "http", "ibexa"], "'http'"),
        ("json", ["file", "http", "ibexa"], "'file' or 'http'"),
        ("ssl", ["starttls", "tls", "none"], "'tls'"),
        ("asc", ["ascending", "descending"], "'ascending'"),
        ("asc", ["rising", "falling"], "'rising'"),
        ("url", ["next_link", "token"], "'next_link'"),
        ("cursor", ["keyset", "offset", "token"], "'token' or 'keyset'"),
        ("Forbid", ["skip", "queue"], "'skip'"),
    ],
)
def test_a_choice_under_the_name_of_others(word: str, choices: list[str], meant: str) -> None:
    assert choice_meant(word, choices) == f"Did you mean {meant}? "


def keys_in(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for one in schema.values():
            yield from keys_in(one)
    elif isinstance(schema, list):
        for one in schema:
            yield from keys_in(one)


def test_what_is_named_is_there(tmp_path: Path) -> None:
    (tmp_path / "configs").mkdir()
    known = {key for schema in (*editor_schemas(tmp_path).values(), project_file_schema()) for key in keys_in(schema)}
    ours = {key for keys in _words().ours.values() for key in keys}
    assert ours - known == {"alternative_text"}
