"""One broken project per rule: each finding with its code, line, column and what to do; all of them at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from connector.app import Application, schemas, validate_project
from connector.config.envfile import read_env_file
from connector.core.errors import ConfigError
from connector.core.problem import Problem
from connector.core.secrets import Secret

CLIENT = '{"type": "ibexa", "base_url": "${URL}",\n "auth": {"type": "jwt", "username": "${USER_NAME}", "password": "${PASSWORD}"}}'
GOOD = {
    "configs/clients/ibexa.json": CLIENT,
    "configs/incoming/things.json": '{"type": "file", "path": "things.json", "key": "id"}',
    "configs/outgoing/out.json": '{"type": "ibexa", "client": "ibexa", "entity": "content", "action": "upsert"}',
    "configs/routes/things.json": '{"incoming": "things", "transformers": ["t"], "outgoing": "out"}',
    "transformers/t.json": '[{"type": "map", "to": {"payload": "@"}}]',
}
ENV = {"URL": "https://x", "USER_NAME": "admin", "PASSWORD": "canary-4711"}


def project(root: Path, **changed: str) -> Path:
    files = {
        **GOOD,
        **{
            name.replace("__", "/").replace("_json", ".json").replace("_jmespath", ".jmespath"): text
            for name, text in changed.items()
        },
    }
    for name, text in {"things.json": "[]", **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def found(root: Path, env: dict[str, str] | None = None, **options: Any) -> list[Problem]:
    return validate_project(root, ENV if env is None else env, **options)[1]


def test_a_good_project_has_no_problems(tmp_path: Path) -> None:
    assert found(project(tmp_path)) == []


INCOMING = "configs/incoming/things.json"
ROUTE = "configs/routes/things.json"
OUTGOING = "configs/outgoing/out.json"
RULES = [
    (INCOMING, '{"type": "file", "path": "a",\n  "kee": "id", "key": "id"}', "CFG110", (2, 3), "'kee' is not known here", "Did you mean 'key'?"),
    (INCOMING, '{"type": "file", "path": "a"}', "CFG111", (1, 1), "'key' is missing", 'Add "key"'),
    (INCOMING, '{"path": "a", "key": "id"}', "CFG111", (1, 1), "'type' is missing", "One of: file, http, ibexa"),
    (INCOMING, '{"type": "fiel", "path": "a", "key": "id"}', "CFG113", (1, 10), "'fiel' is none of the choices", "Did you mean 'file'?"),
    (INCOMING, '{"type": "file", "path": 5, "key": "id"}', "CFG112", (1, 26), "here must be a text, not a number", "double quotes"),
    (INCOMING, '{"type": "file", "path": "a", "key": "id", "batch": "5"}', "CFG112", (1, 53), "whole number, not a text", "Leave the quotes out"),
    (INCOMING, '{"type": "file", "path": "a", "key": "id", "batch": 0}', "CFG115", (1, 53), "at least 1", ""),
    (INCOMING, '{"type": "file", "path": "a", "key": "id", "max_record": "5 MB"}', "CFG114", (1, 58), "is not a size", 'Write "5MB".'),
    (INCOMING, '{"type": "file", "path": "a", "key": "id", "batch": "20%"}', "CFG112", (1, 53), "not a text", "Write the number alone, without quotes: 20."),
    (INCOMING, '{"type": "file", "path": "a", "key": "id", "batch": "many"}', "CFG112", (1, 53), "not a text", "Write a whole number, without quotes."),
    (ROUTE, '{"incoming": "things", "outgoing": "out", "enabled": "yes"}', "CFG112", (1, 54), "not a text", "Write true, without quotes."),
    (INCOMING, '{"type": "file", "path": "a", "key": "id", "separator": ";"}', "CFG110", (1, 44), "'separator'", "Did you mean 'delimiter'?"),
    (INCOMING, '{"type": "file", "path": "data\\\\a.csv", "key": "id"}', "CFG147", (1, 26), "a backslash parts no folders", "Write it with /: data/a.csv."),
    (INCOMING, '{"type": "file", "client": "ibexa", "endpoint": "/x", "key": "id"}', "CFG113", (1, 10), "'file' has other keys", "With client, endpoint, key it is http."),
    ("configs/clients/ibexa.json", '{"type": "ibexa", "base_url": "https://x", "auth": {"type": "bearer", "username": "a", "password": "${B}"}}', "CFG113", (1, 61), "'bearer' has other keys", "With username, password it is basic or jwt."),
    (INCOMING, '[]', "CFG112", (1, 1), "here must be an object, not a list", ""),
    (INCOMING, '{"type": "file", "path": "æøå 🌲", "keyy": "id", "key": "id"}', "CFG110", (1, 35), "'keyy'", "'key'"),
    (INCOMING, '{"type": "file",\n "path": "a", "path": "b", "key": "id"}', "CFG107", (2, 15), "occurs twice", "Remove one"),
    (INCOMING, '{"type": "file",\n "path": "a" "key": "id"}', "CFG108", (2, 14), "not JSON", "comma"),
    (INCOMING, "", "CFG106", (1, 1), "empty", "one JSON object"),
    (INCOMING, '{"type": "http", "client": "ibexa", "endpoint": "a", "key": "id"}', "CFG114", (1, 49), "is not a path", "Begin with /"),
    (INCOMING, '{"type": "http", "client": "ibexa", "endpoint": "/a", "key": "id", "pagination": {"type": "offset", "limt": 3}}', "CFG110", (1, 101), "'limt'", "'limit'"),
    (INCOMING, '{"type": "ibexa", "client": "ibexa", "entity": "contnt"}', "CFG150", (1, 48), "no entity 'contnt'", "Did you mean 'content'"),
    (INCOMING, '{"type": "ibexa", "client": "ibexa", "entity": "section", "action": "create"}', "CFG150", (1, 69), "writes", "outgoing"),
    (INCOMING, '{"type": "ibexa", "client": "ibexa", "entity": "location", "action": "list_children", "query": {"lmit": 1}, "path": {"path": "1/2"}}', "CFG154", None, "'lmit'", "limit"),
    (INCOMING, '{"type": "ibexa", "client": "ibexa", "entity": "location", "action": "list_children"}', "CFG155", None, "path", "path"),
    ("configs/clients/ibexa.json", '{"type": "ibexa", "base_url": "${URL}", "auth": {"type": "jwt", "username": "u", "password": "hunter2"}}', "CFG116", (1, 94), "must come from outside", "${NAME}"),
    ("configs/clients/ibexa.json", '{"type": "ibexa", "base_url": "http://shop.example", "auth": {"type": "none"}}', "CFG140", (1, 31), "unencrypted", "https"),
    ("configs/clients/ibexa.json", '{"type": "ibexa", "base_url": "${URL}"}', "CFG141", (1, 1), "anonymous", "auth"),
    (OUTGOING, '{"type": "ibexa", "client": "ibexa", "entity": "content", "action": "upsrt"}', "CFG150", (1, 69), "no action 'upsrt'", "upsert"),
    (OUTGOING, '{"type": "ibexa", "client": "ibexa", "entity": "basket", "action": "delete"}', "CFG152", (1, 68), "removed", ""),
    (OUTGOING, '{"type": "ibexa", "client": "ibexa", "entity": "content", "action": "get"}', "CFG151", (1, 69), "reads", "incoming"),
    (OUTGOING, '{"type": "ibexa", "client": "ibexa", "entity": "role", "action": "create"}', "CFG153", (1, 66), "nothing tells", "at_least_once"),
    (OUTGOING, '{"type": "ibexa", "client": "ibex", "entity": "content", "action": "upsert"}', "CFG120", (1, 29), "no client 'ibex'", "Did you mean 'ibexa'?"),
    (INCOMING, '{"type": "file", "path": "a", "key": "foo["}', "CFG160", (1, None), "does not compile", "] is missing"),
    (ROUTE, '{"incoming": "thing", "outgoing": "out"}', "CFG120", (1, 14), "no incoming 'thing'", "Did you mean 'things'?"),
    (ROUTE, '{"incoming": "things", "outgoing": "out", "transformers": ["t", "x"]}', "CFG120", (1, 65), "no transformer 'x'", "Known are: t"),
    (ROUTE, '{"incoming": "things", "outgoing": "out", "after": ["things"]}', "CFG122", (1, 52), "'things' waits for itself", "Remove"),
    (ROUTE, '{"incoming": "things", "outgoing": "out", "schedule": {"cron": "0 3 * * ?"}}', "CFG131", (1, 73), "has a ?", 'Write "0 3 * * *".'),
    (ROUTE, '{"incoming": "things", "outgoing": "out", "schedule": {"cron": "0 0 3 ? * MON"}}', "CFG131", (1, 64), "6 fields", '"0 3 * * MON", if the first'),
    (ROUTE, '{"incoming": "things", "outgoing": "out", "deadline": null}', "CFG112", (1, 55), "not null", "leave it out"),
    (ROUTE, '{"incoming": "things", "outgoing": "out", "deadline": false}', "CFG112", (1, 55), "not true or false", "Leave it out"),
    (ROUTE, '{"incoming": "things", "outgoing": "out", "when_missing": false}', "CFG112", (1, 59), "not true or false", "One of: keep, hide"),
    ("configs/clients/ibexa.json", '{"type": "http", "base_url": "https://x", "request_log": false}', "CFG112", (1, 58), "not true or false", "One of: "),
    ("configs/clients/ibexa.json", '{"type": "http", "base_url": "https://x", "headers": {"A": null}}', "CFG112", (1, 60), "not null", "leave it out"),
    ("configs/clients/ibexa.json", '{"type": "http", "base_url": "https://x", "max_body": "16mb"}', "CFG114", (1, 55), "is not a size", 'Write "16MB".'),
    (ROUTE, '{"incoming": "things", "outgoing": "out", "schedule": {"cron": "61 * * * *"}}', "CFG131", (1, 64), "cron line", "Five fields"),
    (ROUTE, '{"incoming": "things", "outgoing": "out", "schedule": {"cron": "* * * * *", "timezone": "Europe/Olso"}}', "CFG132", (1, 89), "no time zone", "Did you mean 'Europe/Oslo'?"),
    (ROUTE, '{"incoming": "things", "outgoing": "out", "schedule": {"cron": "* * * * *", "every": "5m"}}', "CFG117", (1, 55), "exactly one of cron and every", ""),
    (ROUTE, '{"incoming": "things", "outgoing": "out", "retry": {"first_wait": "soon"}}', "CFG114", (1, 67), "is not a duration", "30s"),
    (ROUTE, '{"incoming": "things", "outgoing": "out", "concurrency": 65}', "CFG115", (1, 58), "at most 64", ""),
    (ROUTE, '{"incoming": "things", "outgoing": "out", "when_dropped": "hid"}', "CFG113", (1, 59), "none of the choices", "'hide'"),
    ("transformers/t.json", '[{"type": "map",\n  "to": {"payload": {"x": "concat(a, "}}}]', "CFG160", (2, None), "not JMESPath", ""),
    ("transformers/t.json", '[{"type": "map", "to": {"payload": {"x": "cancat(a)"}}}]', "CFG160", (1, 43), "no function cancat()", "concat"),
    ("transformers/t.json", '[{"type": "flter", "where": "a"}]', "CFG113", (1, 11), "'flter'", "'filter'"),
    ("transformers/t.json", "[]", "CFG115", (1, 1), "at least 1", ""),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "code", "at", "message", "hint"), RULES)
def test_each_rule_names_the_place_and_what_to_do(
    tmp_path: Path, name: str, text: str, code: str, at: tuple[int, int | None] | None, message: str, hint: str
) -> None:
    root = project(tmp_path)
    (root / name).write_text(text)
    problems = [one for one in found(root) if one.code == code]
    assert problems, [(one.code, one.message) for one in found(root)]
    told = problems[0]
    assert told.place is not None
    assert told.place.file == name
    if at is not None:
        assert told.place.line == at[0]
        assert at[1] is None or told.place.column == at[1]
    assert message in told.message
    assert hint in told.hint
    assert "hunter2" not in str(found(root))


def test_every_problem_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    root = project(tmp_path)
    for number in range(5):
        body = {"type": "file", "path": 5, "spam": 1, "batch": "x", "max_record": "y"}
        (root / f"configs/incoming/bad{number}.json").write_text(json.dumps(body, indent=1))
    errors = [one for one in found(root) if one.severity == "error"]
    assert len(errors) == 5 * 5
    assert [one.place.line for one in errors if one.place and one.place.file.endswith("bad0.json")] == [1, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("configs/incoming/Bad Name.json", "{}", "CFG102"),
        ("configs/incoming/notes.txt", "x", "CFG101"),
        ("transformers/t.jmespath", "@", "CFG103"),
        ("configs/incoming/latin.json", b'{"type": "f\xf8"}', "CFG104"),
        ("configs/clients/unused.json", '{"type": "http", "base_url": "https://x"}', "CFG121"),
    ],
)
def test_files_that_do_not_belong_are_told(tmp_path: Path, name: str, body: Any, code: str) -> None:
    root = project(tmp_path)
    (root / name).write_bytes(body if isinstance(body, bytes) else body.encode())
    assert code in [one.code for one in found(root)]


def test_leftovers_of_editors_are_not_looked_at(tmp_path: Path) -> None:
    root = project(tmp_path)
    for name in (".x.json.swp", "x.json~", "#x.json#", ".hidden.json"):
        (root / "configs/incoming" / name).write_text("{")
    assert found(root) == []


def test_a_folder_without_a_project_says_what_to_do(tmp_path: Path) -> None:
    [problem] = found(tmp_path)
    assert (problem.code, "connector init" in problem.hint) == ("CFG100", True)


def test_a_variable_that_is_not_set_is_a_warning_until_it_is_needed(tmp_path: Path) -> None:
    root = project(tmp_path)
    env = {"URL": "https://x", "USER_NAME": "a"}
    assert [(one.code, one.severity) for one in found(root, env)] == [("CFG130", "warning")]
    assert [(one.code, one.severity) for one in found(root, env, require_env=True)] == [("CFG130", "error")]
    with Application.open(root, env) as app, pytest.raises(ConfigError, match="variable PASSWORD"):
        app.client("ibexa")


def test_variables_take_the_type_of_their_place_and_secrets_stay_secret(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("from-a-file\n")
    body = {
        "type": "ibexa",
        "base_url": "https://${HOST:-shop.example}/x",
        "auth": {"type": "jwt", "username": "$${literal}", "password": "${PASSWORD}"},
        "max_in_flight": "${MANY}",
        "expect_user": "${EXPECT}",
    }
    root = project(tmp_path, configs__clients__ibexa_json=json.dumps(body))
    env = {"PASSWORD_FILE": str(secret), "MANY": "7", "EXPECT": "no"}
    assert [one for one in found(root, env) if one.severity == "error"] == []
    with Application.open(root, env) as app:
        config = app._resolved(app.project.clients["ibexa"])
    assert (config["base_url"], config["max_in_flight"], config["expect_user"]) == ("https://shop.example/x", 7, False)
    assert config["auth"]["username"] == "${literal}"
    assert config["auth"]["password"] == Secret("from-a-file")
    with Application.open(root, {**env, "MANY": "many"}) as app, pytest.raises(ConfigError, match="a whole number"):
        app.client("ibexa")


def test_the_project_of_this_repository_is_valid() -> None:
    problems = found(Path(__file__).parents[3], {})
    assert [one for one in problems if one.severity == "error"] == []


def test_the_exported_schemas_are_schemas_and_describe_every_key() -> None:
    from jsonschema import Draft202012Validator

    for name, schema in schemas().items():
        Draft202012Validator.check_schema(schema)
        assert schema["$id"] == f"urn:connector:schema:{name}"
    for branch in schemas()["incoming"]["allOf"]:
        missing = [key for key, one in branch["then"]["properties"].items() if not one.get("description")]
        assert missing == []


def test_an_env_file_is_read_line_by_line_and_cleverness_refused(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("# c\n\nA=1\nexport B='two words'\nC=\"x=y\"\nD=\n")
    assert read_env_file(path) == {"A": "1", "B": "two words", "C": "x=y", "D": ""}
    path.write_text("A=1\nwhat is this\n")
    with pytest.raises(ConfigError, match=":2: not NAME=value"):
        read_env_file(path)
