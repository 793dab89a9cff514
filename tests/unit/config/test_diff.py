"""Two states of a project, compared route by route."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from connector.config.diff import RouteChange, compare
from connector.config.explain import Surroundings, effective
from connector.config.project import load
from connector.core.jsonio import Json
from tests.unit.config.conftest import SOUND

Compare = Callable[..., list[RouteChange]]

BEARER = {"type": "http", "base_url": "https://pim.example", "auth": {"type": "bearer", "token": "${PIM_TOKEN}"}}


@pytest.fixture
def changes(tmp_path: Path, schemas: dict[str, dict[str, Json]]) -> Compare:
    """What differs between two sets of files; None takes a file of the sound project away."""

    def written(name: str, files: dict[str, Any]) -> Path:
        shutil.rmtree(tmp_path / name, ignore_errors=True)
        for path, content in {**SOUND, **files}.items():
            if content is not None:
                target = tmp_path / name / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(content if isinstance(content, str) else json.dumps(content, indent=1))
        return tmp_path / name

    def compared(old: dict[str, Any], new: dict[str, Any]) -> list[RouteChange]:
        return compare(load(written("old", old)), load(written("new", new)), schemas)

    return compared


def keys(changed: list[RouteChange]) -> list[dict[str, Json]]:
    [route] = changed
    [part] = route.parts
    return [one.as_json() for one in part.keys]


def test_the_same_project_has_no_changes(changes: Compare) -> None:
    assert changes({}, {}) == []


def test_layout_and_order_of_keys_are_no_change(changes: Compare) -> None:
    flat = '{"endpoint":"/products","client":"pim","type":"http"}'
    assert changes({}, {"configs/incoming/products.json": flat}) == []


@pytest.mark.parametrize(
    ("path", "value", "part", "change"),
    [
        ("configs/routes/products.json", {**SOUND["configs/routes/products.json"], "concurrency": 8}, "route",
         {"key": "concurrency", "from": 4, "from_default": True, "to": 8}),
        ("configs/incoming/products.json", {**SOUND["configs/incoming/products.json"], "query": {"limit": 5}}, "incoming",
         {"key": "query.limit", "to": 5}),
        ("configs/outgoing/shop.json", {"type": "http", "client": "pim", "tags": ["a"]}, "outgoing",
         {"key": "tags", "from": [], "from_default": True, "to": ["a"]}),
        ("configs/clients/pim.json", {"type": "http", "base_url": "https://b.example"}, "client",
         {"key": "base_url", "from": "https://pim.example", "to": "https://b.example"}),
        ("transformers/product.json", [{"type": "map", "to": {"payload": "x"}}], "transformer",
         {"key": "step 1 (map) to.payload", "from": "@", "to": "x"}),
    ],
)  # fmt: skip
def test_each_part_tells_its_keys(changes: Compare, path: str, value: Any, part: str, change: Json) -> None:
    found = changes({}, {path: value})
    assert [(one.route, one.change, [each.family for each in one.parts]) for one in found] == [
        ("products", "changed", [part])
    ]
    assert keys(found) == [change]


def test_a_client_of_both_ends_is_told_once(changes: Compare) -> None:
    [route] = changes({}, {"configs/clients/pim.json": {**SOUND["configs/clients/pim.json"], "share": 0.5}})
    assert [one.name for one in route.parts] == ["pim"]


def test_an_explicit_default_is_a_change_of_what_is_written(changes: Compare) -> None:
    route = {**SOUND["configs/routes/products.json"], "concurrency": 4}
    assert keys(changes({}, {"configs/routes/products.json": route})) == [
        {"key": "concurrency", "from": 4, "from_default": True, "to": 4}
    ]


def test_routes_are_new_gone_or_renamed(changes: Compare) -> None:
    route = SOUND["configs/routes/products.json"]
    found = changes({}, {"configs/routes/products.json": None, "configs/routes/goods.json": route})
    assert [(one.route, one.change, one.was) for one in found] == [
        ("goods", "new", "products"),
        ("products", "gone", ""),
    ]
    other = {**route, "concurrency": 9}
    found = changes({"configs/routes/x.json": other}, {})
    assert [(one.route, one.change) for one in found] == [("x", "gone")]


def test_secrets_are_told_as_references(changes: Compare) -> None:
    other = {**BEARER, "auth": {"type": "bearer", "token": "${NEW_TOKEN}"}}
    found = changes({"configs/clients/pim.json": BEARER}, {"configs/clients/pim.json": other})
    assert keys(found) == [{"key": "auth.token", "from": "${PIM_TOKEN}", "to": "${NEW_TOKEN}"}]


@pytest.mark.parametrize(
    "auth",
    [
        {"type": "bearer", "token": "canary-literal"},
        {"type": "bearer", "token": "${PIM_TOKEN:-canary-default}"},
        {"type": "of-another-release", "phrase": "canary-unknown"},
    ],
)
def test_a_secret_that_was_written_out_is_not_repeated(changes: Compare, auth: Json) -> None:
    found = changes({"configs/clients/pim.json": {**BEARER, "auth": auth}}, {"configs/clients/pim.json": BEARER})
    told = json.dumps([part.as_json() for one in found for part in one.parts])
    assert "auth." in told
    assert "canary" not in told


def test_secrets_in_headers_and_in_addresses_are_not_repeated(changes: Compare) -> None:
    old = {
        "type": "http",
        "base_url": "https://me:canary@pim.example",
        "headers": {"X-Api-Key": "canary", "X-Auth": "canary", "X-Author": "b", "X-Team": "a"},
    }
    told = keys(changes({"configs/clients/pim.json": old}, {}))
    assert "canary" not in json.dumps(told)
    assert {"key": "headers.X-Team", "from": "a"} in told
    assert {"key": "headers.X-Author", "from": "b"} in told
    assert {"key": "headers.X-Api-Key", "from": "***"} in told


def test_a_step_put_between_others_is_told_alone(changes: Compare) -> None:
    step = {"type": "map", "to": {"a": "b"}}
    found = changes({}, {"transformers/product.json": [step, *SOUND["transformers/product.json"]]})
    assert keys(found) == [{"key": "step 1", "to": step}]


def test_another_incoming_in_its_place_is_compared_with_it(changes: Compare) -> None:
    route = {**SOUND["configs/routes/products.json"], "incoming": "goods"}
    goods = {**SOUND["configs/incoming/products.json"], "endpoint": "/goods"}
    [changed] = changes({}, {"configs/routes/products.json": route, "configs/incoming/goods.json": goods})
    told = {one.family: [key.as_json() for key in one.keys] for one in changed.parts}
    assert told == {
        "route": [{"key": "incoming", "from": "products", "to": "goods"}],
        "incoming": [{"key": "endpoint", "from": "/products", "to": "/goods"}],
    }


@pytest.mark.parametrize(
    ("path", "content", "note"),
    [
        ("configs/clients/pim.json", "{ broken", "its file cannot be read now"),
        ("configs/incoming/products.json", None, "there is no incoming 'products' now"),
        ("configs/routes/products.json", "[", "its file cannot be read now"),
        ("transformers/product.json", None, "there is no transformer 'product' now"),
    ],
)
def test_what_is_missing_or_broken_is_a_change(changes: Compare, path: str, content: Any, note: str) -> None:
    [route] = changes({}, {path: content})
    assert note in [one.note for one in route.parts]
    assert changes({path: content}, {path: content}) == []


def test_files_of_an_odd_shape_do_not_stop_it(changes: Compare) -> None:
    odd: dict[str, Any] = {
        "configs/routes/products.json": [1],
        "configs/clients/pim.json": "7",
        "transformers/product.json": {"a": 1},
    }
    assert [one.change for one in changes(odd, {})] == ["changed"]
    assert [one.change for one in changes({}, odd)] == ["changed"]


def test_an_expression_file_is_told_as_text(changes: Compare) -> None:
    old = {"transformers/product.json": None, "transformers/product.jmespath": "{payload: a}"}
    new = {"transformers/product.json": None, "transformers/product.jmespath": "{payload: b}"}
    (tmp,) = changes(old, new)
    assert [one.as_json() for one in tmp.parts[0].keys] == [
        {"key": "text", "from": "{payload: a}", "to": "{payload: b}"}
    ]


def test_defaults_below_a_default_hold_too(schemas: dict[str, dict[str, Json]]) -> None:
    found = {one.key: (one.value, one.written) for one in effective({"retry": {"max_wait": "1h"}}, schemas["route"])}
    assert found["retry.max_wait"] == ("1h", True)
    assert found["retry.max_attempts"] == (10, False)
    assert found["concurrency"] == (4, False)
    assert "schedule.timezone" not in found, "nothing holds of a schedule that is not there"


class TestValues:
    """What is shown of variables."""

    def shown(self, tmp_path: Path, schemas: Any, client: Json, **env: str) -> dict[str, tuple[Json, str]]:
        for path, content in {**SOUND, "configs/clients/pim.json": client}.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(json.dumps(content))
        project = load(tmp_path)
        around = Surroundings(project, schemas, env, {"FROM_FILE": "a.env"})
        return {one.key: (one.value, one.origin) for one in around.keys(project.clients["pim"])}

    @pytest.mark.parametrize(
        ("written", "env", "value", "origin"),
        [
            ("${A}", {"A": "x"}, "x", "${A} (set in the environment)"),
            ("${A}", {}, "${A}", "${A} (not set)"),
            ("${A:-y}", {}, "y", "${A} (default)"),
            ("${FROM_FILE}", {"FROM_FILE": "z"}, "z", "${FROM_FILE} (set in a.env)"),
            ("https://${A}/${B}", {"A": "x"}, "https://x/${B}", "${A} (set in the environment), ${B} (not set)"),
            ("${file:secrets/a}", {}, "${file:secrets/a}", "${file:secrets/a} (not set)"),
            (
                "${SHOP_PASSWORD}",
                {"SHOP_PASSWORD": "canary"},
                "${SHOP_PASSWORD}",
                "${SHOP_PASSWORD} (set in the environment)",
            ),
            ("${A}", {"A": "https://u:canary@h"}, "https://***@h", "${A} (set in the environment)"),
        ],
    )
    def test_a_reference(self, tmp_path: Path, schemas: Any, written: str, env: Any, value: str, origin: str) -> None:
        client = {"type": "http", "base_url": written}
        assert self.shown(tmp_path, schemas, client, **env)["base_url"] == (value, origin)

    def test_a_secret_stays_hidden_wherever_its_variable_stands(self, tmp_path: Path, schemas: Any) -> None:
        client = {
            **BEARER,
            "auth": {"type": "bearer", "token": "${MINE}"},
            "headers": {"X-Team": "${MINE}", "Y": "${URL}"},
        }
        found = self.shown(tmp_path, schemas, client, MINE="canary-1", URL="https://x/canary-1")
        assert found["headers.X-Team"][0] == "${MINE}"
        assert found["headers.Y"][0] == "https://x/***"
        assert "canary" not in json.dumps(found)


def test_a_password_in_a_payload_is_not_shown(schemas: dict[str, dict[str, Json]]) -> None:
    """As in a file that is compared: `validate` refuses it, and an earlier run may have been declared so."""
    payload = {"password": "not-real-4711", "UserCreate": {"password": 4711}, "fields": {"password": "of a field"}}
    found = {one.key: one.shown for one in effective({"payload": payload}, schemas["outgoing"])}
    assert found["payload.password"] == found["payload.UserCreate.password"] == "***"
    assert found["payload.fields.password"] == "of a field"
    kept = {"payload": {"password": {"generate": True}}}
    assert effective(kept, schemas["outgoing"])[0].shown is True
    named = {"payload": {"password": "${PW}"}}
    assert effective(named, schemas["outgoing"])[0].shown == "${PW}"
