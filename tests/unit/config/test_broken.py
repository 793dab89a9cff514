"""One broken project a rule, each with what `validate` says of it, written by hand; and the examples of the codes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

import pytest

from connector.app import validate_project
from connector.config.codes import CODES, written
from connector.config.declaration import Declaration
from connector.config.upgrade import Step, check_version
from connector.core.jsonio import Json
from connector.core.problem import Problem

BROKEN = Path(__file__).parent / "broken"
FIXTURES = sorted(BROKEN.iterdir())
NO_FILE_CAN = {"CFG100", "CFG104", "CFG105", "CFG135"}
"""Without any file, not UTF-8, not readable, told with `--env` only: what no fixture can be. They have tests below."""
ONLY_ONLINE = {"CFG190", "CFG191", "CFG192", "CFG193", "CFG210", "CFG211", "CFG212"}
"""Told by ``validate --online``: their examples are tried in tests/integration/cli/test_validate_online.py."""
MEMBERS = ("code", "file", "line", "column", "severity", "message", "hint")


class NewYear(datetime):
    """The moment from which hints tell the next times of a schedule."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> NewYear:
        return cls(2026, 1, 1, 12, tzinfo=tz)


@pytest.fixture(autouse=True)
def new_year(monkeypatch: pytest.MonkeyPatch) -> None:
    assert NewYear.now(UTC).year == 2026
    monkeypatch.setattr("connector.config.formats.datetime", NewYear)


def flat(problem: Problem) -> dict[str, Any]:
    place = problem.place
    where = (place.file, place.line, place.column) if place else ("", 0, 0)
    values = (problem.code, *where, problem.severity, problem.message, problem.hint)
    return dict(zip(MEMBERS, values, strict=True))


def expected_of(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    return found


# -- the fixtures --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", FIXTURES, ids=lambda folder: folder.name)
def test_a_broken_project_is_told_of_exactly(folder: Path) -> None:
    assert [flat(one) for one in validate_project(folder, {})[1]] == expected_of(folder)


@pytest.mark.parametrize("folder", FIXTURES, ids=lambda folder: folder.name)
def test_a_fixture_is_named_after_the_code_that_it_is_for(folder: Path) -> None:
    expected = expected_of(folder)
    assert folder.name.partition("-")[0] in {one["code"] for one in expected}
    assert all(tuple(one) == MEMBERS for one in expected)


def test_every_code_has_a_fixture_and_no_fixture_has_another_code() -> None:
    shown = {folder.name.partition("-")[0] for folder in FIXTURES}
    assert shown == set(CODES) - NO_FILE_CAN - ONLY_ONLINE
    assert {one["code"] for folder in FIXTURES for one in expected_of(folder)} <= set(CODES)


@pytest.mark.parametrize("code", sorted(set(CODES) - NO_FILE_CAN - ONLY_ONLINE))
def test_the_severity_that_the_table_gives_is_one_that_occurs(code: str) -> None:
    found = {one["severity"] for folder in FIXTURES for one in expected_of(folder) if one["code"] == code}
    assert CODES[code].severity in found


# -- what no file of a fixture can be ------------------------------------------------------------------------------


def test_a_folder_without_configs_is_no_project(tmp_path: Path) -> None:
    (only,) = validate_project(tmp_path, {})[1]
    message = f"there is no project in {tmp_path}: it has no configs/"
    hint = "Go to a project, name one with -C, or make one with `connector init`."
    assert flat(only) == dict(zip(MEMBERS, ("CFG100", "", 0, 0, "error", message, hint), strict=True))


def test_a_file_in_another_encoding_is_told_with_the_byte(tmp_path: Path) -> None:
    (tmp_path / "configs/clients").mkdir(parents=True)
    (tmp_path / "configs/clients/pim.json").write_bytes('{"type": "http", "description": "Tromsø"}'.encode("latin-1"))
    (only,) = validate_project(tmp_path, {})[1]
    message, hint = "the file is not UTF-8 (byte 38)", "Save it as UTF-8."
    values = ("CFG104", "configs/clients/pim.json", 1, 39, "error", message, hint)
    assert flat(only) == dict(zip(MEMBERS, values, strict=True))


def test_a_link_to_nothing_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "configs/clients").mkdir(parents=True)
    (tmp_path / "configs/clients/pim.json").symlink_to(tmp_path / "gone.json")
    (only,) = validate_project(tmp_path, {})[1]
    message = "the file cannot be read: No such file or directory"
    hint = "Check that it exists and who may read it."
    values = ("CFG105", "configs/clients/pim.json", 0, 0, "error", message, hint)
    assert flat(only) == dict(zip(MEMBERS, values, strict=True))


def test_files_of_an_older_form_are_a_warning_once_there_is_one(tmp_path: Path) -> None:
    """This release has one form only; so here with the first step of a later one."""
    path = tmp_path / "configs" / "project.json"
    settings = Declaration("project", (path, "configs/project.json", '{"version": 1}'), {"version": 1})
    step = Step("`interval` is called `every` now", lambda _family, data: data)
    (only,) = check_version(settings, [step])
    assert (only.pointer, only.code, only.severity) == ("/version", "CFG170", "warning")
    assert only.hint.endswith("`interval` is called `every` now. Change that, and write 2 here.")


# -- the examples of the codes -------------------------------------------------------------------------------------

AROUND: Mapping[str, Json] = {
    "configs/clients/pim.json": {"type": "http", "base_url": "https://pim.example.com"},
    "configs/clients/ibexa.json": {"type": "ibexa", "base_url": "https://shop.example.com", "auth": {"type": "none"}},
    "configs/clients/source.json": {
        "type": "ibexa",
        "base_url": "https://source.example.com",
        "auth": {"type": "none"},
    },
    "configs/incoming/products.json": {"type": "http", "client": "pim", "endpoint": "/products", "key": "sku"},
    "configs/outgoing/shop.json": {
        "type": "ibexa",
        "client": "ibexa",
        "entity": "content",
        "action": "upsert",
        "payload": {"content_type": "product", "parent": {"id": 2}, "main_language": "eng-GB"},
    },
    "configs/routes/products.json": {"incoming": "products", "transformers": ["product"], "outgoing": "shop"},
    "transformers/product.json": [{"type": "map", "to": {"payload": "@"}}],
}
"""The project that the examples are of; `source` is used by some of them only."""


def project(root: Path, files: Mapping[str, Json]) -> Path:
    for name, content in {**AROUND, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            continue
        if str(content).startswith("(a link"):
            path.symlink_to(root / "gone.json")
        else:  # an editor shows what is not UTF-8 as that character, and so does the example
            path.write_bytes(written(content).encode().replace("\ufffd".encode(), b"\xf8"))
    return root


@pytest.mark.parametrize("code", sorted(set(CODES) - ONLY_ONLINE))
def test_the_example_of_a_code_causes_it_and_mended_causes_nothing(code: str, tmp_path: Path) -> None:
    one = CODES[code]
    wrong = project(tmp_path / "wrong", one.wrong) if one.wrong else tmp_path
    problems = validate_project(wrong, {}, require_env=code == "CFG135")[1]
    assert code in {found.code for found in problems}, problems
    right = project(tmp_path / "right", one.right)
    mended = validate_project(right, {"PIM_TOKEN": "x"}, require_env=code == "CFG135")[1]
    unused = {f"nothing uses the client '{name}'" for name in ("source", "pim")}
    unused |= {"nothing uses the incoming 'my-products'"}
    assert [found for found in mended if found.message not in unused] == []


def test_codes_stand_in_the_order_of_their_numbers() -> None:
    assert list(CODES) == sorted(CODES)


def test_transformers_can_be_broken_too() -> None:
    """At least one fixture each for `.json` and `.jmespath`: they are placed by other means than declarations."""
    files = {one["file"] for folder in FIXTURES for one in expected_of(folder)}
    assert {Path(file).suffix for file in files if file.startswith("transformers/")} == {".json", ".jmespath"}
