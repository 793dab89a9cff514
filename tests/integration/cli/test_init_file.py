"""`connector init --file`: a project for a file that is there, as that file is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from connector.core.jsonio import Json

PRICES = "Artikelnr;Bezeichnung;Preis\nA-1;Schränk;1.299,00\nA-2;Stühle;49,90\n"


def init(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-m", "connector", "init", ".", *arguments]
    return subprocess.run(program, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def made(folder: Path, path: str) -> Json:
    found: Json = json.loads((folder / path).read_text())
    return found


@pytest.mark.parametrize(
    ("name", "data", "incoming", "title"),
    [
        ("p.csv", PRICES.encode("cp1252"), {"encoding": "cp1252", "delimiter": ";", "key": "Artikelnr"}, "Bezeichnung"),
        ("p.csv", b"no,id,name\n1,7,a\n1,8,b\n", {"key": "id"}, "name"),
        ("p.csv", b"Item number\tWhat\n1\ta\n", {"delimiter": "\t", "key": '"Item number"'}, "What"),
        (
            "p.json",
            b'{"data": {"items": [{"sku": 1, "label": "x"}]}}',
            {"records": "data.items", "key": "sku"},
            "label",
        ),
        ("p.json", b'[{"a": {}, "code": "x", "b": "y"}]', {"key": "code"}, "b"),
        ("p.ndjson", b'{"n": "x"}\n{"n": "y"}\n', {"key": "n"}, "n"),
    ],
)
def test_form_key_and_name_come_from_the_file(
    tmp_path: Path, name: str, data: bytes, incoming: dict[str, str], title: str
) -> None:
    (tmp_path / name).write_bytes(data)
    done = init(tmp_path, "--file", name, "--source", "erp")
    assert done.returncode == 0, done.stderr
    found = made(tmp_path, "configs/incoming/erp.json")
    found.pop("$schema")
    assert found == {"type": "file", "path": name, **incoming}
    [step] = made(tmp_path, "transformers/erp.json")
    assert step["to"]["payload"] == {
        "remote_id": f"concat('erp-', {incoming['key']})",
        "fields": {"title": f"required({title}, 'a record needs a name')"},
    }
    assert not (tmp_path / "configs/clients/erp.json").exists()
    assert "ERP" not in (tmp_path / ".env.example").read_text()


def test_a_key_that_is_said_is_kept(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("id,ean,name\n1,2,a\n")
    assert init(tmp_path, "--file", "p.csv", "--key", "ean").returncode == 0
    assert made(tmp_path, "configs/incoming/p.json")["key"] == "ean"


@pytest.mark.parametrize(
    ("file", "source"),
    [("data/Varer 2024.csv", "varer-2024"), ("ibexa.csv", "source"), ("2024.csv", "source")],
)
def test_everything_is_named_after_the_file(tmp_path: Path, file: str, source: str) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / file).write_text("id,name\n1,a\n")
    done = init(tmp_path, "--file", file)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / f"configs/routes/{source}.json").exists()
    assert f"run {source}" in done.stdout
    assert "Not mapped yet" not in done.stdout + (tmp_path / "README.md").read_text()


def test_columns_that_nothing_maps_are_named_with_how_to_map_one(tmp_path: Path) -> None:
    (tmp_path / "varer.csv").write_text("id,name,Pris kr,lager\n1,a,9,4\n")
    done = init(tmp_path, "--file", "varer.csv")
    assert done.returncode == 0, done.stderr
    assert 'Not mapped yet: "Pris kr", lager' in done.stdout
    told = (tmp_path / "README.md").read_text()
    assert '- `"Pris kr"`\n- `lager`\n' in told
    line = next(one for one in told.splitlines() if one.startswith('"my_field"'))
    path = tmp_path / "transformers/varer.json"
    [step] = json.loads(path.read_text())
    step["to"]["payload"]["fields"].update(json.loads("{" + line + "}"))
    path.write_text(json.dumps([step]))
    program = [sys.executable, "-m", "connector", "transform", "varer"]
    record = '{"id": "1", "name": "a", "Pris kr": "9", "lager": "4"}'
    shown = subprocess.run(program, cwd=tmp_path, input=record, capture_output=True, text=True, check=False)
    assert json.loads(shown.stdout)["payload"]["fields"]["my_field"] == "9"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--file", "none.csv"), "there is no file"),
        (("--file", "../p.csv"), "outside of the project: copy it"),
        (("--file", "empty.csv"), "is empty"),
        (("--file", "texts.json"), "no objects"),
        (("--file", "broken.json"), "broken.json"),
        (("--file", "p.csv", "--endpoint", "/x"), "--endpoint is for an API"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_made(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    for name, text in {"empty.csv": "", "texts.json": '["a"]', "broken.json": "{", "p.csv": "id\n1\n"}.items():
        (folder / name).write_text(text)
    done = init(folder, *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert not (folder / "configs").exists()
