"""Tomorrow's release reads today's files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from connector.config.project import load
from connector.config.upgrade import STEPS, Step, check_version, newest, upgrade


def renamed(family: str, data: Any) -> Any:
    if family == "route" and isinstance(data, dict) and "interval" in data:
        return {"every" if key == "interval" else key: value for key, value in data.items()}
    if family == "transformer":
        return [{**step, "type": "map"} if step["type"] == "build" else step for step in data]
    return data


LATER = [Step("`interval` is `every`", renamed), Step("nothing else", lambda family, data: data)]


def project(root: Path, version: Any) -> Path:
    files: dict[str, Any] = {
        "configs/routes/r.json": {"incoming": "a", "interval": "5m"},
        "configs/clients/c.json": {"type": "http"},
        "transformers/t.json": [{"type": "build", "to": {"a": "b"}}],
        "transformers/u.jmespath": "a.b",
    }
    if version is not None:
        files["configs/project.json"] = {"version": version}
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(data if isinstance(data, str) else json.dumps(data))
    return root


def test_an_older_form_is_read_as_it_was_meant_and_the_files_stay_as_they_are(tmp_path: Path) -> None:
    found = load(project(tmp_path, 1))
    upgrade(found.settings, found.sources(), LATER)
    assert found.routes["r"].data == {"incoming": "a", "every": "5m"}
    assert found.clients["c"].data == {"type": "http"}
    assert json.loads(found.transformers["t"].current) == [{"type": "map", "to": {"a": "b"}}]
    assert found.transformers["u"].current == "a.b"
    assert "interval" in (tmp_path / "configs/routes/r.json").read_text()
    assert found.settings is not None
    (finding,) = check_version(found.settings, LATER)
    assert (finding.code, finding.severity) == ("CFG170", "warning")
    assert "`interval` is `every`; nothing else. Change that, and write 3 here" in finding.hint


@pytest.mark.parametrize("version", [None, 3])
def test_the_newest_form_is_left_alone(tmp_path: Path, version: Any) -> None:
    found = load(project(tmp_path, version))
    upgrade(found.settings, found.sources(), LATER)
    assert "interval" in found.routes["r"].data or version is None
    assert list(check_version(found.settings, LATER)) == []


@pytest.mark.parametrize("version", [0, -1, 4, 99])
def test_an_unknown_version_is_an_error_and_changes_nothing(tmp_path: Path, version: int) -> None:
    found = load(project(tmp_path, version))
    upgrade(found.settings, found.sources(), LATER)
    assert "interval" in found.routes["r"].data
    (finding,) = check_version(found.settings, LATER)
    assert (finding.code, finding.severity) == ("CFG170", "error")
    assert "versions 1 to 3" in finding.hint


def test_this_release_says_which_version_it_reads(tmp_path: Path) -> None:
    assert newest() == 1 + len(STEPS)
    (finding,) = check_version(load(project(tmp_path, 7)).settings)
    assert "This release reads version 1:" in finding.hint
