"""The real kinds under the real configuration: bent in every place, pleasing to an editor, light to check."""

from __future__ import annotations

import copy
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connector.app import Application, editor_schemas, validate_project
from connector.checks.samples import Samples
from connector.config.schema import export

ROOT = Path(__file__).parents[3]
ENV = dict.fromkeys(
    ("IBEXA_BASE_URL", "PIM_BASE_URL", "IBEXA_USERNAME", "IBEXA_PASSWORD", "PIM_TOKEN"), "https://x"
) | {"PIM_BASE_URL": "https://pim"}
WRONG: tuple[Any, ...] = (None, 5, "zz", [], {"a": 1}, "${X}")
FILES = sorted(
    path.relative_to(ROOT).as_posix()
    for pattern in ("configs/clients/*.json", "configs/incoming/*.json", "configs/outgoing/*.json",
                    "configs/routes/*.json", "transformers/*.json")
    for path in ROOT.glob(pattern)
)  # fmt: skip


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    for folder in ("configs", "transformers"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in members:
        yield from places(one, (*path, key))


def bent(value: Any, path: tuple[Any, ...], wrong: Any) -> Any:
    if not path:
        return wrong
    found = copy.deepcopy(value)
    at = found
    for part in path[:-1]:
        at = at[part]
    at[path[-1]] = wrong
    return found


@pytest.mark.parametrize("name", FILES)
def test_whatever_stands_in_whatever_place_is_judged_without_an_exception(shipped: Path, name: str) -> None:
    data = json.loads((shipped / name).read_text("utf-8"))
    for place in places(data):
        for wrong in WRONG:
            (shipped / name).write_text(json.dumps(bent(data, place, wrong)), "utf-8")
            _, problems = validate_project(shipped, ENV)
            assert all(one.message for one in problems), (place, wrong)


def test_the_shipped_declarations_please_an_editor(tmp_path: Path) -> None:
    from jsonschema import Draft202012Validator

    exported = {
        path.name.split(".")[0]: json.loads(path.read_text("utf-8")) for path in export(editor_schemas(ROOT), tmp_path)
    }
    for name in FILES:
        folder = Path(name).parts[-2]
        family = {"clients": "client", "routes": "route", "transformers": "transformer"}.get(folder, folder)
        found = Draft202012Validator(exported[family]).iter_errors(json.loads((ROOT / name).read_text("utf-8")))
        assert [error.json_path for error in found] == [], name


def test_checking_a_sound_project_loads_no_client_no_store_and_no_parser_of_places() -> None:
    code = (
        "import sys, pathlib\nfrom connector.app import validate_project\n"
        f"problems = validate_project(pathlib.Path('.'), {ENV!r})[1]\n"
        "print(problems, [m for m in ('requests', 'sqlalchemy', 'apscheduler', 'tree_sitter') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[] []"


def test_checking_touches_no_network() -> None:
    code = (
        "import sys, pathlib\n"
        "def hook(event, arguments):\n"
        "    if event.startswith('socket.') and event not in ('socket.gethostname', 'socket.__new__'):\n"
        "        print('network:', event, arguments)\n"
        "sys.addaudithook(hook)\n"
        "from connector.app import editor_schemas, validate_project\n"
        f"print(validate_project(pathlib.Path('.'), {ENV!r})[1], len(editor_schemas(pathlib.Path('.'))))\n"
        "import socket\n"
        "try:\n    socket.create_connection(('127.0.0.1', 9), 1)\nexcept OSError:\n    pass\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    before, _, after = ran.stdout.partition("[] 10\n")
    assert before == "", "something asked the network"
    assert "network: socket.connect" in after, "the hook itself works"


def test_a_run_does_not_look_into_source_files_for_warnings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each start would read the beginning of every file of the project, and tell nobody."""
    looked: list[object] = []

    def look(project: object, _env: object) -> Samples:
        looked.append(project)
        return Samples()

    monkeypatch.setattr("connector.app.samples_of", look)
    shutil.copytree(ROOT / "configs", tmp_path / "configs")
    shutil.copytree(ROOT / "transformers", tmp_path / "transformers")
    Application.open(tmp_path, ENV).close()
    assert looked == []
    validate_project(tmp_path, ENV)
    assert len(looked) == 1
