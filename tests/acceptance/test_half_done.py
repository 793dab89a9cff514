"""A task that fails after a part of it took effect: it says so, and what is there is put away like all the rest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from connector.sandbox.ibexa import IbexaSandbox
from tests.faults.project import ThingsProject

AWAY: dict[str, Any] = {"when_dropped": "trash", "when_missing": "trash", "max_deletes": {"count": 9, "percent": 100}}
ONCE = {"max_attempts": 1, "first_wait": "10ms", "max_wait": "10ms"}
REFUSED = {"status": 403, "body": {"ErrorMessage": {"errorCode": 403, "errorDescription": "You may not"}}}
TWO_PLACES = {"parent": "[{path: '/1/2'}, {path: '/1/43'}]"}


def told(project: ThingsProject, *command: str) -> Any:
    done = project.run(*command, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def of(sandbox: IbexaSandbox) -> dict[str, str]:
    """Our items there, by remote id, with their state."""
    every = sandbox.repository.contents.values()
    return {one.remote_id: one.status for one in every if one.remote_id.startswith("t-")}


@pytest.mark.parametrize(
    ("refuses", "state", "done"),
    [
        ("content_version.publish", "DRAFT", "content item {id} has a draft of ours that is not published"),
        ("location.create", "PUBLISHED", "content item {id} created"),
    ],
)
def test_a_new_item_that_is_half_made_is_told_and_put_away(
    tmp_path: Path, sandbox: IbexaSandbox, refuses: str, state: str, done: str
) -> None:
    project = ThingsProject(tmp_path, sandbox.url, TWO_PLACES, **AWAY)
    project.things({"a": "one", "b": "two"})
    sandbox.faults.add({"match": {"op": refuses}, "when": {"times": 99}, "do": REFUSED})
    assert project.run("run", "things", "--yes").returncode == 1
    assert of(sandbox) == {"t-a": state, "t-b": state}
    [item] = told(project, "items", "show", "t-a")
    assert item["tasks"][0]["detail"]["done"] == [done.format(id=item["target_id"])]
    assert item["tasks"][0]["state"] == "failed"
    text = project.run("items", "show", "t-a").stdout
    assert "begun, not ended" in text
    assert done.format(id=item["target_id"]) in text
    assert done.format(id=item["target_id"]) in project.run("tasks", "show", str(item["tasks"][0]["id"])).stdout
    sandbox.faults.clear()
    project.things({"a": "", "c": "three"})  # one is mapped to nothing, one is gone
    assert project.run("run", "things", "--yes").returncode == 0
    assert of(sandbox) == ({"t-c": "PUBLISHED"} | ({} if state == "DRAFT" else {"t-a": "TRASHED", "t-b": "TRASHED"}))
    assert told(project, "tasks", "failures") == []


def test_a_half_made_item_is_ended_by_the_next_attempt(tmp_path: Path, sandbox: IbexaSandbox) -> None:
    project = ThingsProject(tmp_path, sandbox.url, TWO_PLACES)
    project.things({"a": "one"})
    sandbox.faults.add({"match": {"op": "content_version.publish"}, "when": {"times": 1}, "do": REFUSED})
    assert project.run("run", "things", "--yes").returncode == 1
    assert project.run("run", "things", "--retry").returncode == 0
    assert of(sandbox) == {"t-a": "PUBLISHED"}
    [item] = told(project, "items", "show", "t-a")
    assert (item["last_change"], [one["state"] for one in item["tasks"]]) == ("created", ["finished"])


def test_an_update_that_fails_after_a_version_was_published_says_so(tmp_path: Path, sandbox: IbexaSandbox) -> None:
    project = ThingsProject(tmp_path, sandbox.url)
    project.things({"a": "one"})
    assert project.run("run", "things", "--yes").returncode == 0
    mapping = json.loads((tmp_path / "transformers/thing.json").read_text())
    mapping[1]["to"]["payload"] |= TWO_PLACES
    (tmp_path / "transformers/thing.json").write_text(json.dumps(mapping))
    project.things({"a": "two"})
    sandbox.faults.add({"match": {"op": "location.create"}, "when": {"times": 1}, "do": REFUSED})
    assert project.run("run", "things").returncode == 1
    [item] = told(project, "items", "show", "t-a")
    assert item["tasks"][0]["detail"]["done"] == ["name (eng-GB) written"]


@pytest.mark.parametrize("lost", ["content.create", "content_version.publish"])
def test_what_an_attempt_may_have_made_is_put_away_too(tmp_path: Path, sandbox: IbexaSandbox, lost: str) -> None:
    project = ThingsProject(tmp_path, sandbox.url, **AWAY, retry=ONCE)
    project.things({"a": "one", "b": "two"})
    sandbox.faults.add({"match": {"op": lost}, "when": {"times": 2}, "do": {"cut": "after"}})
    for look in ("content.find", "content_version.get"):
        sandbox.faults.add({"match": {"op": look}, "when": {"times": 6}, "do": {"status": 500}})
    assert project.run("run", "things", "--yes").returncode == 1
    assert set(of(sandbox)) == {"t-a", "t-b"}
    sandbox.faults.clear()
    project.things({"a": "", "c": "three"})
    assert project.run("run", "things", "--yes").returncode == 0
    assert {one: state for one, state in of(sandbox).items() if state != "TRASHED"} == {"t-c": "PUBLISHED"}
    assert project.run("run", "things", "--retry").returncode == 0
    assert {one: state for one, state in of(sandbox).items() if state != "TRASHED"} == {"t-c": "PUBLISHED"}


def test_a_draft_that_could_not_be_removed_is_told_and_taken_up(tmp_path: Path, sandbox: IbexaSandbox) -> None:
    project = ThingsProject(tmp_path, sandbox.url)
    project.things({"a": "one"})
    assert project.run("run", "things", "--yes").returncode == 0
    [content] = [one for one in sandbox.repository.contents.values() if one.remote_id == "t-a"]
    for night in ("two", "three"):
        sandbox.faults.add({"match": {"op": "content_version.update"}, "when": {"times": 1}, "do": REFUSED})
        sandbox.faults.add({"match": {"op": "content_version.delete"}, "when": {"times": 1}, "do": {"status": 500}})
        project.things({"a": night})
        assert project.run("run", "things").returncode == 1
        assert [one.status for one in content.versions.values()] == ["PUBLISHED", "DRAFT"]
        [item] = told(project, "items", "show", "t-a")
        done = [f"content item {content.id} has a draft of ours that is not published"]
        assert item["tasks"][0]["detail"]["done"] == done
    sandbox.faults.clear()
    project.things({"a": "four"})
    assert project.run("run", "things").returncode == 0
    assert sorted(one.status for one in content.versions.values()) == ["ARCHIVED", "PUBLISHED"]


def test_a_refused_update_whose_draft_is_gone_claims_nothing(tmp_path: Path, sandbox: IbexaSandbox) -> None:
    project = ThingsProject(tmp_path, sandbox.url)
    project.things({"a": "one"})
    assert project.run("run", "things", "--yes").returncode == 0
    sandbox.faults.add({"match": {"op": "content_version.update"}, "when": {"times": 1}, "do": REFUSED})
    project.things({"a": "two"})
    assert project.run("run", "things").returncode == 1
    [item] = told(project, "items", "show", "t-a")
    assert (item["tasks"][0]["state"], item["tasks"][0]["detail"]) == ("failed", None)
