"""What `validate` says beyond one rule a file: variables, secrets, follow-ups that are not told, order, checks."""

from __future__ import annotations

import json
from typing import Any

import pytest

from connector.core.problem import Problem

CLIENT = "configs/clients/pim.json"
INCOMING = "configs/incoming/products.json"
ROUTE = "configs/routes/products.json"


def told(problems: list[Problem]) -> list[str]:
    return [f"{one.severity} {one.code} {one.place}" for one in problems]


def text_of(problems: list[Problem]) -> str:
    return json.dumps([one.as_json() for one in problems], ensure_ascii=False)


def client(**fields: Any) -> dict[str, Any]:
    return {CLIENT: {"type": "http", "base_url": "https://x", **fields}}


def route(**fields: Any) -> dict[str, Any]:
    return {ROUTE: {"incoming": "products", "transformers": ["product"], "outgoing": "shop", **fields}}


def test_the_sound_project_has_no_problem(check: Any) -> None:
    assert check() == []


# -- secrets that cannot be masked well ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("abc", "fewer than 4 characters"),
        ("publish", "is a short word"),
        ("Summer", "is a short word"),
        ("published", ""),
        ("cnr7x", ""),
        ("1234", ""),
    ],
)
def test_a_secret_that_cannot_be_masked_well_is_told_without_its_value(check: Any, value: str, words: str) -> None:
    files = client(auth={"type": "bearer", "token": "${PIM_TOKEN}"})
    found = check(files, env={"PIM_TOKEN": value}, require_env=True)
    assert told(found) == ([f"warning CFG135 {CLIENT}:6:14"] if words else [])
    assert words in text_of(found)
    assert value not in text_of(found)
    assert check(files, env={"PIM_TOKEN": value}) == []


def test_a_secret_by_its_name_is_one_too_and_what_stays_on_this_machine_is_left_alone(check: Any) -> None:
    files = {INCOMING: {"type": "http", "client": "pim", "query": {"api_key": "${PIM_KEY}", "page": "${PIM_PAGE}"}}}
    found = check(files, env={"PIM_KEY": "summer", "PIM_PAGE": "summer"}, require_env=True)
    assert told(found) == [f"warning CFG135 {INCOMING}:5:16"]
    here = client(base_url="${PIM_URL}", auth={"type": "bearer", "token": "${PIM_TOKEN}"})
    env = {"PIM_TOKEN": "summer", "PIM_URL": "http://localhost:8080"}
    assert check(here, env=env, require_env=True) == []
    assert [one.code for one in check(here, env={**env, "PIM_URL": "https://x"}, require_env=True)] == ["CFG135"]


# -- references ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {"max_in_flight": "${A}"},
        {"share": "${A}", "verify": "${A}"},
        {"timeout": "${A}", "request_log": "${A:-errors}"},
        {"timeout": "${A}s"},
        {"base_url": "https://${A}/${A}"},
        {"headers": {"X": "$${A}"}},
    ],
)
def test_a_reference_may_stand_for_any_scalar(check: Any, fields: dict[str, Any]) -> None:
    found = check(client(**fields))
    assert {one.code for one in found} <= {"CFG130"}
    assert {one.severity for one in found} <= {"warning"}


def test_text_around_a_reference_is_judged_only_with_its_value(check: Any) -> None:
    incoming = {INCOMING: {"type": "http", "client": "pim", "endpoint": "${PREFIX}/products"}}
    assert check(incoming, env={"PREFIX": "/v1"}) == []
    assert told(check(incoming, env={"PREFIX": "v1"}, require_env=True)) == [f"error CFG114 {INCOMING}:4:15"]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (route(incoming="${A}"), f"error CFG118 {ROUTE}:2:15"),
        (route(transformers=["product", "${A}"]), f"error CFG118 {ROUTE}:5:5"),
        (route(enabled="${A}"), f"error CFG118 {ROUTE}:7:14"),
        (client(type="${A}"), f"error CFG118 {CLIENT}:2:11"),
        (client(auth={"type": "${A}", "token": "${A}"}), f"error CFG118 {CLIENT}:5:13"),
        (route(transformers="${A}"), f"error CFG112 {ROUTE}:3:19"),
        (client(headers="${A}"), f"error CFG112 {CLIENT}:4:14"),
        (client(max_in_flight="${A}0"), f"error CFG112 {CLIENT}:4:20"),
    ],
)
def test_a_reference_cannot_stand_where_it_would_decide_the_shape(
    check: Any, files: dict[str, Any], expected: str
) -> None:
    assert told(check(files, env={"A": "1"})) == [expected]


def test_a_misspelt_reference_is_not_taken_for_text(check: Any) -> None:
    found = check(client(base_url="https://ø/${PIM-URL}"))
    assert told(found) == [f"error CFG133 {CLIENT}:3:26"]
    assert "$${" in found[0].hint


def test_a_reference_in_a_key_is_not_taken_for_text(check: Any) -> None:
    assert told(check(client(headers={"${A}": "x"}))) == [f"error CFG133 {CLIENT}:5:5"]


def test_transformers_and_plain_dollars_hold_no_references(check: Any) -> None:
    files = {"transformers/product.json": [{"type": "map", "to": {"price": "'${A}'", "b": "${"}}]}
    assert check({**files, **client(headers={"X": "$A $"})}) == []


def test_a_variable_that_is_not_set_or_does_not_fit_weighs_what_the_caller_says(check: Any) -> None:
    files = client(max_in_flight="${MANY}", timeout="${WAIT}")
    env = {"WAIT": "secret-looking"}
    expected = [f"CFG130 {CLIENT}:4:20", f"CFG114 {CLIENT}:5:14"]
    assert told(check(files, env=env)) == [f"warning {one}" for one in expected]
    strict = check(files, env=env, require_env=True)
    assert told(strict) == [f"error {one}" for one in expected]
    assert "export MANY=" in strict[0].hint
    assert "secret-looking" not in text_of(strict)


def test_what_is_disabled_needs_no_variables(check: Any) -> None:
    files = {"configs/clients/other.json": {"type": "http", "base_url": "${URL}", "enabled": False}}
    assert told(check(files, require_env=True)) == ["warning CFG130 configs/clients/other.json:3:15"]


# -- secrets -------------------------------------------------------------------------------------------------------

CANARY = "hunter2-canary"


@pytest.mark.parametrize(
    "token",
    [CANARY, "", 4711, None, [CANARY], f"${{T:-{CANARY}}}", f"{CANARY}${{T}}", "${A}${B}", f"$${{{CANARY}}}"],
)
def test_a_secret_is_one_reference_without_a_default(check: Any, token: Any) -> None:
    found = check(client(auth={"type": "bearer", "token": token}))
    assert f"error CFG116 {CLIENT}:6:14" in told(found)
    assert CANARY not in text_of(found)


@pytest.mark.parametrize("token", ["${T}", "${T:-}", "${file:/run/secrets/t}"])
def test_a_secret_may_come_from_a_variable_or_a_file(check: Any, token: str) -> None:
    assert {one.code for one in check(client(auth={"type": "bearer", "token": token}))} <= {"CFG130"}


@pytest.mark.parametrize(
    "broken",
    [
        {"auth": {"type": "bearer", "tokn": CANARY}},
        {"auth": {"type": "basic", "token": CANARY}},
        {"auth": CANARY},
        {"auth": [CANARY]},
        {"password": CANARY},
        {"auth": {"type": "bearer", "token": CANARY, "x": [CANARY]}},
        {"headers": [CANARY]},
        {"headers": {"X": [CANARY]}},
        {"max_in_flight": CANARY},
    ],
)
def test_whole_values_are_never_quoted(check: Any, broken: dict[str, Any]) -> None:
    found = check(client(**broken))
    assert any(one.severity == "error" for one in found)
    assert CANARY not in text_of(found)


def test_a_broken_file_is_not_quoted_either(check: Any) -> None:
    found = check({CLIENT: '{"type": "http", "base_url": "https://x", "token": "' + CANARY + '" oops'})
    assert [one.code for one in found] == ["CFG108"]
    assert CANARY not in text_of(found)


def test_values_of_set_variables_are_never_quoted(check: Any) -> None:
    fields = {"max_in_flight": "${V}", "share": "${V}", "verify": "${V}", "timeout": "${V}", "request_log": "${V}"}
    found = check({**client(**fields), **route(schedule={"cron": "${V}", "timezone": "${V}"})}, env={"V": CANARY})
    assert len(found) == 7
    assert CANARY not in text_of(found)


# -- what follows from what ------------------------------------------------------------------------------------------


def test_a_file_that_cannot_be_read_is_not_called_missing_or_its_parts_unused(check: Any) -> None:
    assert [one.code for one in check({CLIENT: "{"})] == ["CFG108"]
    assert [one.code for one in check({ROUTE: "{"})] == ["CFG108"]
    assert [one.code for one in check({"transformers/product.json": "["})] == ["CFG108"]


def test_a_misspelt_part_of_a_route_is_not_called_unused_as_well(check: Any) -> None:
    files = {ROUTE: {"incomming": "products", "transformers": ["product"], "outgoing": "shop"}}
    assert [one.code for one in check(files)] == ["CFG110"]


@pytest.mark.parametrize("content", [None, [], "text", 5, True, {}])
@pytest.mark.parametrize("name", [CLIENT, INCOMING, ROUTE, "configs/outgoing/shop.json", "transformers/product.json"])
def test_any_json_in_any_file_is_judged_without_an_exception(check: Any, name: str, content: Any) -> None:
    found = check({name: json.dumps(content)})
    assert [one for one in found if one.severity == "error" and one.place and one.place.file == name]


@pytest.mark.parametrize("schedule", [None, 5, [], {}, {"cron": None}, {"cron": []}, {"every": {}}, {"timezone": 5}])
def test_any_json_in_a_schedule_is_judged_without_an_exception(check: Any, schedule: Any) -> None:
    assert {one.severity for one in check(route(schedule=schedule))} == {"error"}


def test_a_check_of_a_kind_is_placed_and_keeps_its_severity(check: Any) -> None:
    assert told(check(client(base_url="https://forbidden"))) == [f"warning CFG140 {CLIENT}:3:15"]


def test_a_format_that_the_application_brings_points_into_the_text(check: Any) -> None:
    incoming = {"type": "http", "client": "pim", "records": 'æ."a b"!'}
    assert told(check({INCOMING: incoming})) == [f"error CFG160 {INCOMING}:4:24"]
    line = json.dumps(incoming, indent=2, ensure_ascii=False).split("\n")[3]
    assert line[24 - 1] == "!"


def test_twenty_errors_in_five_files_are_told_at_once_by_file_and_line(check: Any) -> None:
    wrong = {"type": "http", "base_url": 5, "timeout": "soon", "request_log": "al", "verify": "yes"}
    found = check({f"configs/clients/c{number}.json": wrong for number in range(5)})
    assert len(found) == 20
    places = [(one.place.file, one.place.line) for one in found if one.place]
    assert places == [(f"configs/clients/c{number}.json", line) for number in range(5) for line in (3, 4, 5, 6)]
    assert all(one.hint for one in found)


def test_the_project_file_is_checked_like_the_others(check: Any) -> None:
    assert check({"configs/project.json": {"name": "Shop", "version": 1}}) == []
    found = check({"configs/project.json": {"nam": "Shop", "version": 2}})
    assert [one.code for one in found] == ["CFG110", "CFG170"]
    assert "'name'" in found[0].hint
