"""What is wrong in a message is told with the file and line that it comes from, wherever a person or a script looks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from connector.store.causes import id_of_cause
from tests.faults.project import ThingsProject

TRANSFORMER, OUTGOING = "transformers/thing.jmespath", "configs/outgoing/things.json"
ARTICLE = "title: value, intro: { html: value }"


def mapping(project: ThingsProject, fields: str, more: str = "") -> None:
    """One expression over several lines: the payload on line 2, its remote id on 3, its fields on 4."""
    (project.root / "transformers/thing.json").unlink(missing_ok=True)
    text = f"{{\n  payload: {{\n    remote_id: concat('t-', key),\n    fields: {{ {fields} }}{more}\n  }}\n}}\n"
    (project.root / TRANSFORMER).write_text(text, encoding="utf-8")


def declare(project: ThingsProject, content_type: str) -> Path:
    """The content type of all messages."""
    place = project.root / OUTGOING
    declared = json.loads(place.read_text(encoding="utf-8"))
    declared["payload"]["content_type"] = content_type
    place.write_text(json.dumps(declared, indent=2), encoding="utf-8")
    return place


def failures(project: ThingsProject) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(project.run("tasks", "failures", "--json").stdout)
    return found


@pytest.mark.parametrize(
    ("fields", "more", "line", "words"),
    [
        ("name: value", ",\n    owners: value", 5, "owners must be an object"),
        ("name: value", ",\n    main_language: missing", 5, "needs main_language"),
        ("name: value", ",\n    always_available: value", 5, "must be true or false"),
    ],
)
def test_before_anything_is_sent(project: ThingsProject, fields: str, more: str, line: int, words: str) -> None:
    mapping(project, fields, more)
    row, *_ = json.loads(project.run("preview", "things", "--json").stdout)
    assert (row["problem"]["place"]["file"], row["problem"]["place"]["line"]) == (TRANSFORMER, line)
    shown = project.run("preview", "things").stdout
    assert words in shown
    assert f", {TRANSFORMER}:{line}:5)" in shown
    assert project.run("run", "things").returncode != 0
    (group,) = failures(project)
    assert (group["count"], group["place"]) == (5, row["problem"]["place"])
    assert f"    {TRANSFORMER}:{line}:5\n" in project.run("tasks", "failures").stdout
    number = str(group["task_ids"][0])
    assert f" place     {TRANSFORMER}:{line}:5\n" in project.run("tasks", "show", number).stdout
    task = json.loads(project.run("tasks", "show", number, "--json").stdout)
    assert task["problem"]["place"]["line"] == line


@pytest.mark.parametrize(
    ("fields", "more", "place", "words"),
    [
        (f"{ARTICLE}, ttile: value", "", (4, 53), "'ttile' is not known in the fields of article"),
        (f"{ARTICLE}, enable_comments: value", "", (4, 53), "article.enable_comments (boolean) cannot take"),
        ("title: value, intro: missing", "", (4, 29), "article requires intro (eng-GB), of which"),
        ("title: value", "", (4, 5), "article requires intro (eng-GB), of which"),
        (ARTICLE, ",\n    section: value", (5, 5), "there is no section"),
        (ARTICLE, f",\n    translations: {{\n      \"eng-US\": {{ {ARTICLE}, image: value }} }}", (6, 7), "Ibexa has no language 'eng-US'"),
    ],
)  # fmt: skip
def test_when_it_is_sent(project: ThingsProject, fields: str, more: str, place: tuple[int, int], words: str) -> None:
    mapping(project, fields, more)
    declare(project, "article")
    assert project.run("run", "things").returncode != 0
    (group,) = failures(project)
    assert words in group["message"]
    assert group["count"] == 5
    assert (group["place"]["file"], group["place"]["line"], group["place"]["column"]) == (TRANSFORMER, *place)


def test_what_the_outgoing_says_for_all_is_told_of_the_outgoing(project: ThingsProject) -> None:
    place = declare(project, "gone")
    assert project.run("run", "things").returncode != 0
    (group,) = failures(project)
    line = 1 + next(at for at, text in enumerate(place.read_text().splitlines()) if "content_type" in text)
    assert (group["place"]["file"], group["place"]["line"]) == (OUTGOING, line)


def test_a_place_divides_no_group_and_a_cause_keeps_its_id(project: ThingsProject) -> None:
    mapping(project, "name: value", ",\n    owners: value")
    project.run("run", "things")
    (before,) = failures(project)
    mapping(project, "name: value", ",\n\n\n    owners: value")
    project.things({str(n): f"thing {n} again" for n in range(3)})
    project.run("run", "things")
    (after,) = failures(project)
    assert (after["cause"], after["count"]) == (before["cause"], before["count"])
    reason = {"code": "REC000", "message": "m", "where": "payload.owners"}
    assert id_of_cause({**reason, "place": before["place"]}, "k") == id_of_cause(reason, "k")


def test_a_password_that_is_a_word_garbles_no_name_and_is_told_nowhere(project: ThingsProject, sandbox: Any) -> None:
    """The sandbox's own password is ``publish``, and a server may say it back."""
    said = {"ErrorMessage": {"errorCode": 406, "errorDescription": "no: password=publish, 'publish', admin:publish"}}
    media = "application/vnd.ibexa.api.ErrorMessage+json"
    fault = {"status": 406, "body": json.dumps(said), "content_type": media}
    sandbox.faults.add({"match": {"op": "content_version.publish"}, "do": fault})
    done = project.run("run", "things", "--json")
    told = (
        done.stdout + done.stderr + project.run("tasks", "failures").stdout + project.run("requests", "--json").stdout
    )
    (group,) = failures(project)
    assert group["message"].startswith("content_version.publish answered 406: no: password=***, '***', admin:***")
    assert "content_version.publish" in told
    assert "publish" not in told.replace("content_version.publish", "")


def test_a_preview_tells_what_the_discovered_fields_cannot_take_of_each_record(project: ThingsProject) -> None:
    """As a run would, and before it: nothing was asked of Ibexa for that but what `discover` asked."""
    declare(project, "article")
    mapping(project, "title: value, intro: { html: 'x' }, enable_comments: value, image: value")
    assert project.run("discover", "ibexa").returncode == 0
    project.things({"1": "yes, please", "2": " "})
    done = project.run("preview", "things", "--json")
    first, second = json.loads(done.stdout)
    assert done.returncode == 1
    assert first["problem"]["message"].startswith("article.enable_comments (boolean) cannot take yes, please")
    assert (first["problem"]["place"]["file"], first["problem"]["place"]["line"]) == (TRANSFORMER, 4)
    assert first["messages"], "what it would be is shown all the same"
    (also,) = first["notes"]
    assert also.startswith("would fail: article.image (relation) cannot take yes, please")
    assert TRANSFORMER in also
    assert second["problem"]["code"] == "IBX411"
    assert second["problem"]["message"] == "article.title is required: it cannot be emptied"
    assert "cannot take yes, please" in project.run("preview", "things").stdout
    told = project.run("validate").stdout
    assert f"{TRANSFORMER}:4:15: warning CFG221: [1] of things.json: article.title is required" in told
    assert f"{TRANSFORMER}:4:75: warning CFG220: 2 of the 2 records of things.json, first [0]: article.image" in told
