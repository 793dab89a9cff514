"""Whatever stands in a file of configs/types/, and whatever a mapping says, is judged without an exception."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from connector.app import editor_schemas, validate_project
from tests.integration.config.test_shipped_project import WRONG, bent, places

BROKEN = Path(__file__).parent / "broken"
FILES = ("configs/types/shop.json", "configs/types/shop/product.json", "configs/outgoing/shop.json", "transformers/thing.json")  # fmt: skip


@pytest.mark.parametrize("fixture", ["CFG195-criteria", "CFG183-criteria", "CFG196-find", "CFG130-cursor"])
def test_a_bent_search_raises_nothing(tmp_path: Path, fixture: str) -> None:
    shutil.copytree(BROKEN / fixture, tmp_path / "project")
    (path,) = (tmp_path / "project" / "configs" / "incoming").iterdir()
    data = json.loads(path.read_text("utf-8"))
    for place in places(data):
        for wrong in WRONG:
            path.write_text(json.dumps(bent(data, place, wrong)), "utf-8")
            assert all(one.message for one in validate_project(tmp_path / "project", {})[1]), (place, wrong)


@pytest.mark.parametrize("name", FILES)
def test_a_bent_place_raises_nothing(tmp_path: Path, name: str) -> None:
    shutil.copytree(BROKEN / "CFG184-option", tmp_path / "project")
    path = tmp_path / "project" / name
    data = json.loads(path.read_text("utf-8"))
    for place in places(data):
        for wrong in WRONG:
            path.write_text(json.dumps(bent(data, place, wrong)), "utf-8")
            assert all(one.message for one in validate_project(tmp_path / "project", {})[1]), (place, wrong)
            if name.endswith("product.json"):
                assert editor_schemas(tmp_path / "project")
