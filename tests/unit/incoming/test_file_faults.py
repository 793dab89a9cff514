"""What is said of files that are not what they are declared as: by a run, and by validation that looks at them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from connector.checks.files import check_files
from connector.checks.samples import samples_of
from connector.config.project import load
from connector.core.clock import StopEvent
from connector.core.errors import SourceError
from connector.core.problem import Finding
from connector.incoming.file import FileIncoming
from tests.faults.rig import NOW, services

TABLE = "sku;navn;pris\n1;Blå stol;12\n2;Grønt bord;30\n"
OBJECTS = '{"sku": "1"}\n{"sku": "2"}\n'
LIST = '[\n  {"sku": "1"},\n  {"sku": "2"},\n]\n'


def config(path: str, **more: Any) -> dict[str, Any]:
    return {"type": "file", "path": path, "key": "sku", **more}


def fault(root: Path, content: bytes, **declared: Any) -> SourceError:
    """What a run says."""
    path = root / str(declared["path"])
    path.write_bytes(content)
    [reading] = FileIncoming.build("things", config(**declared), services(root=root)).readings({}, NOW)
    with pytest.raises(SourceError) as told:
        list(reading.batches(StopEvent()))
    return told.value


def looked_at(root: Path, content: bytes, **declared: Any) -> list[Finding]:
    """What validation says of the file."""
    (root / "configs/incoming").mkdir(parents=True)
    (root / "configs/incoming/things.json").write_text(json.dumps(config(**declared)))
    (root / str(declared["path"])).write_bytes(content)
    return [finding for _, finding in samples_of(load(root), {}).found]


@pytest.mark.parametrize(
    ("content", "message", "hint"),
    [
        ('[{"sku": "Blå"}]'.encode("cp1252"), "a.json is not UTF-8 at byte 12", "Save it as UTF-8"),
        ('[{"sku": "1"}]'.encode("utf-16"), "a.json is not UTF-8, but UTF-16", "Save it as UTF-8"),
        (OBJECTS.encode(), "a.json is no list, but many objects", '"format": "ndjson"'),
        (TABLE.encode(), "a.json is no JSON: it begins with sku;navn;pris", '"format": "csv"'),
        (LIST.encode(), "after 2 records: there is a comma too many before line 4, column 1", "written completely"),
        (b'[{"sku": "1"}, {"sku": ', "after 1 records: it ends at line 1, column 24, in the middle", "completely"),
        (b'[{"sku": "1"}, {sku: "2"}]', "property name enclosed in double quotes at line 1, column 17", "completely"),
        (b"", "after 0 records: it is empty", "completely"),
    ],
    ids=["cp1252", "utf-16", "ndjson", "csv", "comma", "cut", "quotes", "empty"],
)
def test_a_json_file_that_cannot_be_read_is_told_with_its_place(
    tmp_path: Path, content: bytes, message: str, hint: str
) -> None:
    error = fault(tmp_path, content, path="a.json")
    assert message in error.message
    assert hint in error.hint
    (tmp_path / "a.json").unlink()
    [finding] = looked_at(tmp_path, content, path="a.json")
    assert message.removeprefix("after 2").removeprefix("after 1") in finding.message


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("declared", [{}, {"encoding": "cp1252"}])
def test_a_table_of_two_bytes_a_letter_is_told_once(tmp_path: Path, encoding: str, declared: dict[str, str]) -> None:
    content = TABLE.encode(encoding)
    more = {"path": "a.csv", "delimiter": ";", **declared}
    error = fault(tmp_path, content, **more)
    assert "two bytes a letter" in error.message
    assert f'"encoding": "{encoding}"' in error.hint
    [finding] = looked_at(tmp_path, content, **more)
    assert (finding.code, "two bytes a letter" in finding.message) == ("CFG148", True)
    [reading] = FileIncoming.build(
        "things", config(**{**more, "encoding": encoding}), services(root=tmp_path)
    ).readings({}, NOW)
    assert [one.key for batch in reading.batches(StopEvent()) for one in batch.records] == ["1", "2"]


@pytest.mark.parametrize("delimiter", [";", ","])
def test_the_line_that_excel_writes_for_itself_is_named(tmp_path: Path, delimiter: str) -> None:
    error = fault(tmp_path, b"sep=;\n" + TABLE.encode(), path="a.csv", delimiter=delimiter)
    assert error.message == "a.csv line 1 is no heading, but Excel's 'sep=;'"


def test_a_table_without_a_heading_is_told_once(tmp_path: Path) -> None:
    [finding] = looked_at(tmp_path, b"4711;Chair;12,50\n4712;Table;30\n", path="a.csv", delimiter=";")
    assert finding.message == "the first line of a.csv is a record and no heading: 4711, Chair, 12,50"


def test_a_column_may_be_called_like_a_year(tmp_path: Path) -> None:
    assert not looked_at(tmp_path, b"sku;2024;2025\n1;2;3\n2;4;5\n", path="a.csv", delimiter=";")


def test_letters_of_another_code_page_are_told(tmp_path: Path) -> None:
    more = {"path": "a.csv", "delimiter": ";", "encoding": "cp850"}
    [finding] = looked_at(tmp_path / "wrong", TABLE.encode("cp1252"), **more)
    assert (finding.code, finding.hint) == ("CFG148", 'Declare "encoding": "cp1252".')
    assert "its letters look like cp1252, not like cp850" in finding.message
    assert not looked_at(tmp_path / "right", TABLE.replace("12", "12°").encode("cp850"), **more)


def test_a_record_without_a_key_among_others_is_told(tmp_path: Path) -> None:
    [finding] = looked_at(tmp_path, b"sku,name\n1,Chair\n,Table\n ,Lamp\n4,Bed\n", path="a.csv")
    assert (finding.pointer, finding.code, finding.severity) == ("/key", "CFG149", "warning")
    assert finding.message == "2 of the 4 records looked at in a.csv have no key, the first at line 3"


@pytest.mark.parametrize(("name", "words"), [("a.xlsx", "Excel's own form cannot be read"), ("a.xml", "This form")])
def test_a_form_that_cannot_be_read_says_what_to_do(tmp_path: Path, name: str, words: str) -> None:
    assert words in fault(tmp_path, b"x", path=name).hint
    [finding] = looked_at(tmp_path, b"x", path=name)
    assert words in finding.hint
    assert "save it as CSV" in finding.hint


@pytest.mark.parametrize(
    ("path", "message", "hint"),
    [
        ("../data/a.csv", "lies outside of it", 'write "data/a.csv"'),
        ("../../data/a.csv", "lies outside of it", 'write "data/a.csv"'),
        ("../data/b.csv", "lies outside the project", "Put it, or a copy of it"),
        ("https://example.com/a.csv", "is an address, and no file of the project", 'Read it with "type": "http"'),
    ],
)
def test_a_path_that_is_seen_from_elsewhere_says_where_it_begins(
    tmp_path: Path, path: str, message: str, hint: str
) -> None:
    for name, content in {"configs/incoming/things.json": json.dumps(config(path)), "data/a.csv": "sku\n1\n"}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    [(_, finding)] = check_files(load(tmp_path), {})
    assert (finding.code, finding.severity, message in finding.message) == ("CFG147", "error", True)
    assert hint in finding.hint


@pytest.mark.parametrize("declared", [{}, {"encoding": "utf-8"}, {"encoding": "UTF8"}, {"encoding": "utf-8-sig"}])
@pytest.mark.parametrize("heading", ["sku,navn", '"sku","navn"'])
def test_the_mark_of_utf_8_is_no_part_of_the_first_heading(
    declared: dict[str, str], heading: str, tmp_path: Path
) -> None:
    content = b"\xef\xbb\xbf" + f"{heading}\n1,Stol\n".encode()
    (tmp_path / "t.csv").write_bytes(content)
    [reading] = FileIncoming.build("things", config("t.csv", **declared), services(root=tmp_path)).readings({}, NOW)
    records = [record for batch in reading.batches(StopEvent()) for record in batch.records]
    assert [(one.key, one.data, one.problem) for one in records] == [("1", {"sku": "1", "navn": "Stol"}, None)]
    assert looked_at(tmp_path, content, path="t.csv", **declared) == []
