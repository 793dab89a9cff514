"""Replaying recorded answers: on transcripts written by hand here, and on a folder of real ones where there is one."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tools.transcripts import __main__ as command
from tools.transcripts.likeness import Likeness
from tools.transcripts.recording import Answer, read
from tools.transcripts.replay import Outcome, Replay

Json = Any
ROOT = "/api/ibexa/v2"
DATE = "Sat, 21 Nov 2026 02:38:11 GMT"


def transcript(name: str, method: str, path: str, response: Json, body: Json = None, **headers: str) -> Json:
    asked = {"Authorization": "Bearer <jwt>", "Accept": "application/json", **headers}
    told = {"Date": DATE, "Cache-Control": "no-cache, private", "Vary": ["cookie", "authorization"]}
    response["headers"] = told | response["headers"]
    request = {"method": method, "path": ROOT + path, "headers": asked, "body": body}
    return {"name": name, "request": request, "response": response}


def section(name: str, number: int) -> Json:
    shown = {"sectionId": number, "identifier": "news", "name": name}
    media = "application/vnd.ibexa.api.Section+json"
    body = {"Section": {"_media-type": media, "_href": f"{ROOT}/content/sections/{number}", **shown}}
    headers = {
        "Content-Type": media,
        "Location": f"{ROOT}/content/sections/{number}",
        "Accept-Patch": "application/vnd.ibexa.api.SectionInput+json",
    }
    return {"status": 201, "headers": headers, "body": body}


def created(name: str = "News", shown: str = "News") -> Json:
    kind = {"Content-Type": "application/vnd.ibexa.api.SectionInput+json"}
    body = {"SectionInput": {"identifier": "news", "name": name}}
    return transcript("2-create", "POST", "/content/sections", section(shown, 17), body, **kind)


def deleted() -> Json:
    return transcript("10-delete", "DELETE", "/content/sections/17", {"status": 204, "headers": {}, "body": None})


def folder(path: Path, *transcripts: Json) -> Path:
    for each in transcripts:
        (path / f"{each['name']}.json").write_text(json.dumps(each))
    return path


def replayed(path: Path) -> dict[str, list[str]]:
    return {each.transcript.name: each.differences for each in Replay({}).run(read(path))}


def test_the_state_of_a_recording_is_built_up_in_its_order(tmp_path: Path) -> None:
    # by name, 10 comes before 2; the id that the recording speaks of is the one that is made
    assert replayed(folder(tmp_path, deleted(), created())) == {"2-create": [], "10-delete": []}


def test_each_difference_is_named(tmp_path: Path) -> None:
    found = replayed(folder(tmp_path, created(shown="Other")))
    assert found == {"2-create": ["body.Section.name: 'Other' | 'News'"]}


def test_a_header_that_matters_is_compared(tmp_path: Path) -> None:
    recorded = created()
    del recorded["response"]["headers"]["Accept-Patch"]
    [difference] = replayed(folder(tmp_path, recorded))["2-create"]
    assert difference.startswith("accept-patch: - |")


@pytest.mark.parametrize(
    ("recorded", "ours", "alike"),
    [
        ({"id": 5}, {"id": 6}, True),
        ({"number": 5}, {"number": 6}, False),
        ({"a": "2026-11-21T02:38:11+00:00"}, {"a": "2026-11-21T02:38:13+00:00"}, True),
        ({"a": "2026-11-21T02:38:11+00:00"}, {"a": "2026-11-21T02:39:11+00:00"}, False),
        ({"a": "0123456789abcdef0123456789abcdef"}, {"a": "f123456789abcdef0123456789abcdef"}, True),
        ({"a": "pim-1"}, {"a": "pim-2"}, False),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, False),
        ({"a": []}, {"a": {}}, False),
        ({"a": 1}, {"a": True}, False),
        ({"a": None}, {"a": ""}, False),
    ],
)
def test_only_what_no_two_servers_have_alike_is_set_aside(recorded: Json, ours: Json, alike: bool) -> None:
    found = Likeness().differences(Answer(200, {}, {"Thing": recorded}), Answer(200, {}, {"Thing": ours}))
    assert (found == []) is alike


def test_an_id_stands_for_one_thing_through_the_whole_replay() -> None:
    likeness = Likeness()

    def differ(theirs: int, here: int) -> bool:
        return bool(likeness.differences(Answer(200, {}, {"T": {"id": theirs}}), Answer(200, {}, {"T": {"id": here}})))

    assert [differ(5, 6), differ(5, 6), differ(5, 7), differ(8, 6)] == [False, False, True, True]


def test_the_command_tells_the_share_and_the_rules(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder(tmp_path, created(shown="Other"), deleted())
    assert command.main([str(path)]) == 1
    told = capsys.readouterr().out
    assert "1 of 2 match: 50.0 %" in told
    assert "Set aside:" in told
    assert "2-create" in told
    assert command.main([str(path), "--json", "--least", "50"]) == 0
    assert json.loads(capsys.readouterr().out)["mismatches"].keys() == {"2-create"}


def test_an_empty_folder_is_no_success(tmp_path: Path) -> None:
    assert command.main([str(tmp_path)]) == 2


@pytest.fixture(scope="module")
def real() -> list[Outcome]:
    given = os.environ.get("CONNECTOR_TRANSCRIPTS")
    if not given:
        pytest.skip("CONNECTOR_TRANSCRIPTS names no folder with transcripts of a real server")
    return list(Replay().run(read(Path(given))))


def test_the_sandbox_answers_like_the_real_server(real: list[Outcome]) -> None:
    wrong = {each.transcript.name: each.differences for each in real if each.differences}
    assert len(wrong) <= 0.05 * len(real), wrong
