"""`discover` as a process: what it writes down, what it says when that has changed, and what editors get of it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from connector.sandbox.ibexa import IbexaSandbox
from tests.faults.project import ThingsProject

BOOK = {
    "identifier": "bøk", "group": "Content", "main_language": "nor-NO", "names": {"nor-NO": "Bøker «alle»", "eng-GB": "Books"},
    "fields": [
        {"identifier": "properties", "type": "string", "name": "Egenskaper", "required": True},
        {"identifier": "$ref", "type": "integer", "name": "小説", "validators": {"IntegerValueValidator": {"minIntegerValue": 1, "maxIntegerValue": 9}}},
        {"identifier": "required", "type": "selection", "name": "Farge", "options": ["blå", "rød"], "translatable": False},
        {"identifier": "type", "type": "boolean", "name": "Type", "default": True},
    ],
}  # fmt: skip


def files(project: ThingsProject) -> dict[str, str]:
    root = project.root / "configs" / "types"
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in sorted(root.rglob("*.*"))}


def make(project: ThingsProject, *types: dict[str, Any]) -> None:
    """Through our own route that ensures content types."""
    setup = {
        "configs/incoming/types.json": {"type": "file", "path": "types.json", "key": "identifier"},
        "configs/outgoing/types.json": {"type": "ibexa", "client": "ibexa", "entity": "content_type", "action": "ensure"},
        "configs/routes/types.json": {"incoming": "types", "transformers": ["type"], "outgoing": "types"},
        "transformers/type.json": [{"type": "map", "to": {"payload": "@"}}],
        "types.json": list(types),
    }  # fmt: skip
    for name, content in setup.items():
        (project.root / name).write_text(json.dumps(content), "utf-8")
    assert project.run("run", "types").returncode == 0


def test_two_runs_write_the_same_bytes_and_the_second_finds_nothing(
    project: ThingsProject, sandbox: IbexaSandbox
) -> None:
    first = project.run("discover", "ibexa")
    assert first.returncode == 0, first.stderr
    assert "ibexa: 6 content types, 4 languages; files: 7 new" in first.stdout
    before = files(project)
    assert set(before) == {"ibexa.json", *(f"ibexa/{name}.json" for name in ("article", "file", "folder", "image", "user", "user_group"))}  # fmt: skip
    again = json.loads(project.run("discover", "ibexa", "--json").stdout)
    assert (again["differs"], {one["state"] for one in again["files"]}) == (False, {"unchanged"})
    assert files(project) == before
    assert project.run("discover", "ibexa", "--check").returncode == 0
    book = sandbox.book.snapshot()
    assert book["writes"]["total"] == 0
    assert book["requests"]["total"] == 3 * 11


def test_sections_object_states_and_roles_are_written_down_and_validate_knows_them_without_asking(
    project: ThingsProject, sandbox: IbexaSandbox
) -> None:
    assert "5 content types" not in project.run("discover", "ibexa", "--type", "folder").stdout
    about = json.loads(files(project)["ibexa.json"])["x-server"]
    assert about["sections"] == ["media", "standard", "users"]
    assert about["object_states"] == {"ez_lock": ["not_locked", "locked"]}
    assert about["roles"] == ["Administrator", "Anonymous", "Editor", "Member"]
    path = project.root / "configs/outgoing/things.json"
    declared = json.loads(path.read_text("utf-8"))
    declared["payload"] |= {"section": "standart", "states": {"ez_lock": "lokced"}}
    path.write_text(json.dumps(declared, indent=2), "utf-8")
    project.env["IBEXA_BASE_URL"] = "http://127.0.0.1:9"
    told = project.run("validate")
    assert told.returncode == 2
    assert "error CFG195: the server of 'ibexa' has no section 'standart'\n    Did you mean 'standard'?" in told.stdout
    assert "error CFG196: 'ez_lock' has no object state 'lokced'\n    Did you mean 'locked'?" in told.stdout


def test_what_the_user_may_not_see_is_left_out_and_what_an_earlier_release_wrote_still_counts(
    project: ThingsProject, sandbox: IbexaSandbox
) -> None:
    for name in ("section.list", "object_state_group.list", "role.list"):
        sandbox.faults.add({"match": {"op": name}, "do": {"status": 403}})
    assert project.run("discover", "ibexa", "--type", "folder").returncode == 0
    assert set(json.loads(files(project)["ibexa.json"])["x-server"]) == {"languages", "content_types", "chosen"}
    path = project.root / "configs/outgoing/things.json"
    declared = json.loads(path.read_text("utf-8"))
    declared["payload"] |= {"section": "standart"}
    path.write_text(json.dumps(declared, indent=2), "utf-8")
    assert project.run("validate").returncode == 0, "nothing is known of sections"
    sandbox.faults.clear()
    assert (
        "changed   configs/types/ibexa.json  (+sections, +object_states, +roles)"
        in project.run("discover", "ibexa", "--check").stdout
    )


def test_nothing_of_the_server_or_of_the_log_in_is_written(project: ThingsProject, sandbox: IbexaSandbox) -> None:
    sandbox.password = "Tr0ub4dor&3"
    sandbox.reset()
    project.env["IBEXA_PASSWORD"] = sandbox.password
    assert project.run("discover", "ibexa").returncode == 0
    text = "".join(files(project).values())
    for word in ("Tr0ub4dor", sandbox.url, "127.0.0.1", "Bearer", "/api/ibexa", "modificationDate", "ezstring"):
        assert word not in text, word
    assert not re.search(r'"_?id": *[0-9"]', text), "an id of this server"


def test_unicode_and_reserved_words_are_names_like_others(project: ThingsProject) -> None:
    make(project, BOOK)
    assert project.run("discover", "ibexa", "--type", "bøk").returncode == 0
    found = files(project)
    assert set(found) == {"ibexa.json", "ibexa/b%C3%B8k.json"}
    document = json.loads(found["ibexa/b%C3%B8k.json"])
    Draft202012Validator.check_schema(document)
    assert document["title"] == "Bøker «alle»"
    assert list(document["properties"]) == ["properties", "$ref", "required", "type"]
    assert document["required"] == ["properties"]
    assert document["properties"]["$ref"]["description"] == "integer, a whole number; at least 1; at most 9."
    note = document["properties"]["required"]["x-field"]
    assert (note["type"], note["translatable"], note["settings"]["options"]) == ("selection", False, ["blå", "rød"])
    assert document["properties"]["type"]["x-field"]["default"] is True
    assert document["x-content-type"]["groups"] == ["Content"]
    good = {"properties": "x", "$ref": 3, "required": "blå", "type": None}
    assert list(Draft202012Validator(document).iter_errors(good)) == []
    assert [one.message for one in Draft202012Validator(document).iter_errors({"$ref": []})] != []


def test_what_changes_at_the_server_is_told_by_field_and_vanished_types_are_removed(
    project: ThingsProject, sandbox: IbexaSandbox
) -> None:
    make(project, BOOK)
    project.run("discover", "ibexa")
    note = project.root / "configs" / "types" / "ibexa" / "notes.json"
    note.write_text('{"mine": true}', "utf-8")
    make(project, {**BOOK, "fields": [*BOOK["fields"], {"identifier": "isbn", "type": "string", "name": "ISBN"}]})
    with sandbox.repository.lock:
        gone = next(one for one in sandbox.repository.types.values() if one.identifier == "image")
        del sandbox.repository.types[gone.id]
        sandbox.repository.languages.pop("pol-PL")
    before = files(project)
    checked = project.run("discover", "ibexa", "--check")
    assert (checked.returncode, files(project)) == (4, before), "--check writes nothing"
    assert "changed   configs/types/ibexa/b%C3%B8k.json  (+isbn)" in checked.stdout
    assert "changed   configs/types/ibexa.json  (languages: -pol-PL, content_types: -image)" in checked.stdout
    assert "removed   configs/types/ibexa/image.json" in checked.stdout
    assert "files: 2 changed, 1 removed, 5 unchanged" in checked.stdout
    assert project.run("discover", "ibexa").returncode == 0
    after = files(project)
    assert set(before) - set(after) == {"ibexa/image.json"}
    assert "pol-PL" not in after["ibexa.json"]
    assert after["ibexa/notes.json"] == '{"mine": true}', "not ours"


def test_a_choice_of_types_is_remembered(project: ThingsProject) -> None:
    project.run("discover", "ibexa", "--type", "folder,article")
    assert set(files(project)) == {"ibexa.json", "ibexa/article.json", "ibexa/folder.json"}
    assert project.run("discover", "ibexa", "--check").returncode == 0
    wrong = project.run("discover", "ibexa", "--type", "artikle")
    assert wrong.returncode == 2
    assert "'ibexa' has no content type 'artikle'\n  Did you mean 'article'?" in wrong.stderr
    project.run("discover", "ibexa", "--all")
    assert len(files(project)) == 7


def test_another_stage_is_written_elsewhere_and_has_the_same_files(project: ThingsProject, tmp_path: Path) -> None:
    project.run("discover", "ibexa")
    with IbexaSandbox(login_seconds=0) as other:
        project.env["IBEXA_BASE_URL"] = other.url
        stage = tmp_path / "stage"
        assert project.run("discover", "ibexa", "--out", str(stage)).returncode == 0
        assert project.run("discover", "ibexa", "--check").returncode == 0
    there = {path.relative_to(stage).as_posix(): path.read_text("utf-8") for path in stage.rglob("*.json")}
    assert there == files(project)


@pytest.mark.parametrize("state", ["refused", "empty", "down", "other type", "no such client"])
def test_what_cannot_be_asked_is_said_plainly_and_touches_no_file(
    project: ThingsProject, sandbox: IbexaSandbox, state: str
) -> None:
    project.run("discover", "ibexa")
    before = files(project)
    client, says, code = "ibexa", "", 3
    if state == "refused":
        sandbox.faults.add({"match": {"op": "content_type_group.list"}, "do": {"status": 403}})
        says = "the user admin may not do content_type_group.list"
    elif state == "empty":
        sandbox.repository.types.clear()
        says = "shows no content type\n  Does the user admin have a role in Ibexa?"
    elif state == "down":
        project.env["IBEXA_BASE_URL"] = "http://127.0.0.1:9"
        says = "127.0.0.1:9"
    elif state == "other type":
        client, says, code = "pim", "the client 'pim' is of another type", 2
        declared = {"type": "http", "base_url": "http://127.0.0.1:9"}
        (project.root / "configs/clients/pim.json").write_text(json.dumps(declared), "utf-8")
    else:
        client, says, code = "ibxa", "there is no client 'ibxa'", 2
    done = project.run("discover", client)
    assert done.returncode == code, done.stderr
    assert says in done.stderr
    assert files(project) == before


def test_a_project_that_no_longer_fits_can_still_be_discovered_again(project: ThingsProject) -> None:
    project.run("discover", "ibexa", "--type", "folder")
    path = project.root / "configs/types/ibexa/folder.json"
    path.write_text(path.read_text("utf-8").replace('"name": {\n      "title"', '"named": {\n      "title"'), "utf-8")
    assert project.run("validate").returncode == 2, "the mapping writes name, which is unknown now"
    assert project.run("run", "things").returncode == 2
    assert "(+name, -named)" in project.run("discover", "ibexa").stdout
    assert project.run("validate").returncode == 0


def test_an_editor_completes_the_fields_in_the_mapping_that_writes_them(project: ThingsProject) -> None:
    schemas = project.root / ".connector" / "schemas"
    schemas.mkdir(parents=True)
    (project.root / ".vscode").mkdir()
    settings = project.root / ".vscode" / "settings.json"
    settings.write_text('{"editor.tabSize": 2, "json.schemas": [{"fileMatch": ["x"], "url": "y"}]}', "utf-8")
    project.run("discover", "ibexa", "--type", "folder")
    schema = json.loads((schemas / "transformer-thing.schema.json").read_text("utf-8"))
    step = next(one for one in schema["items"]["allOf"] if one["if"] == {"properties": {"type": {"const": "map"}}})
    payload = step["then"]["properties"]["to"]["properties"]["payload"]["properties"]
    assert payload["fields"]["properties"]["name"]["description"].startswith("string, a line of text; required;")
    assert set(payload["fields"]["properties"]["description"]["properties"]) == {"html", "markdown", "text", "xml", "clear"}  # fmt: skip
    assert set(payload["translations"]["properties"]) == {"eng-GB", "pol-PL", "ger-DE", "nor-NO"}
    assert payload["section"]["anyOf"][0]["enum"] == ["'media'", "'standard'", "'users'"]
    assert payload["states"]["properties"]["ez_lock"]["anyOf"][0]["enum"] == ["'not_locked'", "'locked'"]
    assert "remote_id" in payload
    mapping = json.loads((project.root / "transformers/thing.json").read_text("utf-8"))
    assert list(Draft202012Validator(schema).iter_errors(mapping)) == []
    for _ in range(2):
        assert project.run("schema", "export", str(schemas), "--vscode").returncode == 0
        assert json.loads(settings.read_text("utf-8")) == {
            "editor.tabSize": 2,
            "json.schemas": [
                {"fileMatch": ["x"], "url": "y"},
                {
                    "fileMatch": ["/transformers/thing.json"],
                    "url": "./.connector/schemas/transformer-thing.schema.json",
                },
                {
                    "fileMatch": ["/transformers/*.json", "!/transformers/thing.json"],
                    "url": "./.connector/schemas/transformer.schema.json",
                },
            ],
        }
    settings.write_text('{\n  // mine\n  "editor.tabSize": 2\n}', "utf-8")
    refused = project.run("schema", "export", str(schemas), "--vscode")
    assert refused.returncode == 2
    assert "// mine" in settings.read_text("utf-8")


def offered(schema: Any, declaration: dict[str, Any], *place: str, part_of: str = "payload") -> set[str]:
    """What an editor offers at that place of the payload, or of another part: names of members, or values, of the rules that hold."""
    found: set[str] = set()

    def look(one: Any) -> None:
        if "if" in one:
            if Draft202012Validator(one["if"]).is_valid(declaration):
                look(one["then"])
            return
        for inner in one.get("allOf", ()):
            look(inner)
        part = one
        for name in (part_of, *place):
            part = part.get("properties", {}).get(name, {})
            part = part.get("items", part)
        found.update(part.get("properties", ()))
        for branch in part.get("anyOf", ()):
            found.update(branch.get("enum", ()))

    look(schema)
    return found


def test_an_editor_completes_what_an_incoming_searches_for(project: ThingsProject) -> None:
    schemas = project.root / ".connector" / "schemas"
    schemas.mkdir(parents=True)
    project.run("discover", "ibexa", "--type", "folder")
    schema = json.loads((schemas / "incoming.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    search = {"type": "ibexa", "client": "ibexa", "entity": "content", "find": {"section": "${SECTION}"}}
    assert list(Draft202012Validator(schema).iter_errors(search)) == []
    there = {
        ("section",): {"media", "standard", "users"}, ("states",): {"ez_lock"},
        ("states", "ez_lock"): {"locked", "not_locked"}, ("languages",): {"eng-GB", "ger-DE", "nor-NO", "pol-PL"},
    }  # fmt: skip
    for place, names in there.items():
        assert offered(schema, search, *place, part_of="find") == names
    assert "article" in offered(schema, search, "content_types", part_of="find")
    assert offered(schema, {**search, "client": "other"}, "section", part_of="find") == set()


def test_an_editor_completes_content_types_and_fields_in_an_outgoing(project: ThingsProject) -> None:
    schemas = project.root / ".connector" / "schemas"
    schemas.mkdir(parents=True)
    project.run("discover", "ibexa", "--type", "folder,user")
    assert project.run("schema", "export", str(schemas)).returncode == 0
    schema = json.loads((schemas / "outgoing.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    path = project.root / "configs/outgoing/things.json"
    declaration = json.loads(path.read_text("utf-8"))
    assert list(Draft202012Validator(schema).iter_errors(declaration)) == []
    assert {"folder", "user", "article"} <= offered(schema, declaration, "content_type")
    assert "nor-NO" in offered(schema, declaration, "main_language")
    assert offered(schema, declaration, "section") == {"media", "standard", "users"}
    assert offered(schema, declaration, "states") == {"ez_lock"}
    assert offered(schema, declaration, "states", "ez_lock") == {"locked", "not_locked"}
    assert {"name", "description"} <= offered(schema, declaration, "fields")
    assert {"name", "description"} <= offered(schema, declaration, "translations", "nor-NO")
    assert offered(schema, declaration, "owners", "name") == {"source", "editor", "initial"}
    assert "name" in offered(schema, declaration, "match", "field")
    assert "first_name" not in offered(schema, declaration, "fields")
    user = {**declaration, "entity": "user", "payload": {"content_type": "user"}}
    assert {"first_name", "last_name"} <= offered(schema, user, "fields")
    for changed in ({"client": "another"}, {"payload": {"content_type": "${TYPE}"}}):
        assert offered(schema, {**declaration, **changed}, "fields") == set()
    meant = {**declaration["payload"], "content_type": "${TYPE}", "fields": {"name": None, "new": 5}}
    assert Draft202012Validator(schema).is_valid({**declaration, "payload": meant}), "validate tells what is wrong"
