"""Reading files: as streams, whatever their form; what is damaged is said with its place and loses nothing before it."""

from __future__ import annotations

import json
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from connector.core.clock import StopEvent, SystemClock
from connector.core.errors import SourceError
from connector.core.model import Batch, Position
from connector.core.services import Services
from connector.incoming.encodings import is_utf8
from connector.incoming.file import FileIncoming

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def source(root: Path, name: str, body: bytes | str, **config: Any) -> FileIncoming:
    (root / name).write_bytes(body.encode() if isinstance(body, str) else body)
    services = Services(root, lambda client: None, SystemClock(), StopEvent())
    return FileIncoming.build("things", {"path": name, "key": "sku", **config}, services)


def read(incoming: FileIncoming, position: Position | None = None) -> list[Batch]:
    [reading] = incoming.readings({"": position} if position else {}, NOW)
    return list(reading.batches(StopEvent()))


def records(batches: list[Batch]) -> list[Any]:
    return [record.data for batch in batches for record in batch.records]


ROWS = [{"sku": f"00{n}", "name": f"æ 🌲 {n}"} for n in range(7)]
CSV = "sku;name\n" + "".join(f'{row["sku"]};"{row["name"]}"\n' for row in ROWS)


@pytest.mark.parametrize(
    ("name", "body", "config"),
    [
        ("a.json", json.dumps(ROWS), {}),
        ("a.json", "\ufeff" + json.dumps(ROWS, ensure_ascii=False), {}),
        ("a.json", json.dumps({"data": {"items": ROWS}}), {"records": "data.items"}),
        ("a.ndjson", "\n".join(map(json.dumps, ROWS)), {}),
        ("a.jsonl", "\n\n".join(map(json.dumps, ROWS)) + "\n", {}),
        ("a.csv", CSV, {"delimiter": ";"}),
        ("a.csv", "\ufeff" + CSV.replace("\n", "\r\n"), {"delimiter": ";"}),
        ("a.txt", CSV, {"delimiter": ";", "format": "csv"}),
    ],
)
@pytest.mark.parametrize("batch", [1, 3, 7, 500])
def test_every_record_is_read_once_in_batches(tmp_path: Path, name: str, body: str, config: Any, batch: int) -> None:
    batches = read(source(tmp_path, name, body, batch=batch, **config))
    assert records(batches) == ROWS
    assert [one.last for one in batches] == [False] * (len(batches) - 1) + [True]


def test_a_read_goes_on_in_the_middle_while_the_file_is_the_same(tmp_path: Path) -> None:
    incoming = source(tmp_path, "a.json", json.dumps(ROWS), batch=2)
    whole = read(incoming)
    for at, batch in enumerate(whole[:-1]):
        assert records(read(incoming, batch.position)) == records(whole[at + 1 :])
    (tmp_path / "a.json").write_text(json.dumps(ROWS[:3]))
    assert records(read(incoming, whole[0].position)) == ROWS[:3]


def test_cp1252_is_read_when_declared_and_noticed_when_not(tmp_path: Path) -> None:
    body = "sku,name\n1,Bjørn – €\n".encode("cp1252")
    assert records(read(source(tmp_path, "a.csv", body, encoding="cp1252"))) == [{"sku": "1", "name": "Bjørn – €"}]
    with pytest.raises(SourceError, match="not utf-8 at byte"):
        read(source(tmp_path, "a.csv", body))


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("a.json", "", "damaged or cut off"),
        ("a.json", json.dumps(ROWS)[:-30], "damaged or cut off after 6"),
        ("a.json", '{"a": 1}', "has no array at its top"),
        ("a.json", "[" * 5000, "nested deeper"),
        ("a.json", "<html>", "is no JSON: it begins with <html>"),
        (
            "a.json",
            '[{"sku": "1", "name": "\\ud83c\\udf32 \\\\ud800"}, {"sku": "\\ud800"}]',
            "lone surrogate at byte 56",
        ),
        ("a.json", '[{"sku": "\\udc00"}]', "lone surrogate at byte 10"),
        ("a.csv", "", "is empty"),
        ("a.csv", 'sku,name\n1,"never closed\n2,x\n', "line 2"),
        ("a.csv", "sku,sku\n1,2\n", "column 'sku' twice"),
        ("a.xyz", "x", "form of a.xyz is not known"),
    ],
)
def test_a_damaged_file_is_an_error_with_its_place(tmp_path: Path, name: str, body: str, words: str) -> None:
    with pytest.raises(SourceError, match=words):
        read(source(tmp_path, name, body))


def test_what_came_before_the_damage_is_kept(tmp_path: Path) -> None:
    incoming = source(tmp_path, "a.json", json.dumps(ROWS)[:-30], batch=2)
    [reading] = incoming.readings({}, NOW)
    got: list[Batch] = []
    with pytest.raises(SourceError):
        for batch in reading.batches(StopEvent()):
            got.append(batch)
    assert records(got) == ROWS[:6]
    assert not any(batch.last for batch in got)


def test_one_bad_line_is_one_failed_record(tmp_path: Path) -> None:
    body = '{"sku": "1"}\nnot json\n{"sku": "2", "sku": "3"}\n{"sku": NaN}\n{"name": "no key"}\n{"sku": "4"}\n'
    [batch] = read(source(tmp_path, "a.ndjson", body))
    assert [(one.key, one.problem.code if one.problem else "", one.origin) for one in batch.records] == [
        ("1", "", "a.ndjson line 1"),
        ("", "REC114", "a.ndjson line 2"),
        ("", "REC114", "a.ndjson line 3"),
        ("", "REC114", "a.ndjson line 4"),
        ("", "REC111", "a.ndjson line 5"),
        ("4", "", "a.ndjson line 6"),
    ]


def test_a_ragged_row_is_one_failed_record_with_its_line(tmp_path: Path) -> None:
    [batch] = read(source(tmp_path, "a.csv", 'sku,name\n1,"two\nlines"\n2\n3,a,b\n4,x\n'))
    assert [(one.key, one.origin) for one in batch.records if one.problem is None] == [
        ("1", "a.csv line 2"),
        ("4", "a.csv line 6"),
    ]
    assert [one.origin for one in batch.records if one.problem] == ["a.csv line 4", "a.csv line 5"]


def test_headers_are_trimmed_and_normalised(tmp_path: Path) -> None:
    [batch] = read(source(tmp_path, "a.csv", "\ufeff sku\xa0, na\u0301vn \n1,x\n"))
    assert batch.records[0].data == {"sku": "1", "n\u00e1vn": "x"}


def test_numbers_are_kept_as_they_are(tmp_path: Path) -> None:
    body = '[{"sku": "1", "big": 123456789012345678901234567890, "dec": 12.50, "exp": 1e3, "neg": -7}]'
    [data] = records(read(source(tmp_path, "a.json", body)))
    assert data == {"sku": "1", "big": 123456789012345678901234567890, "dec": 12.5, "exp": 1000.0, "neg": -7}
    assert isinstance(data["neg"], int)


@pytest.mark.parametrize("path", ["../outside.json", "/etc/hostname"])
def test_a_file_outside_the_project_is_refused(tmp_path: Path, path: str) -> None:
    services = Services(tmp_path, lambda client: None, SystemClock(), StopEvent())
    incoming = FileIncoming.build("things", {"path": path, "key": "sku"}, services)
    with pytest.raises(SourceError, match="outside the project"):
        incoming.readings({}, NOW)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    services = Services(tmp_path, lambda client: None, SystemClock(), StopEvent())
    with pytest.raises(SourceError, match="there is no file"):
        FileIncoming.build("things", {"path": "a.json", "key": "sku"}, services).readings({}, NOW)


@pytest.mark.parametrize("name", ["a.json", "a.ndjson", "a.csv"])
def test_memory_stays_flat_as_the_file_grows(tmp_path: Path, name: str) -> None:
    peaks = []
    for count in (2_000, 20_000):
        rows = [{"sku": str(n), "text": "x" * 100} for n in range(count)]
        if name.endswith("json") and not name.endswith("ndjson"):
            body = json.dumps(rows)
        elif name.endswith("ndjson"):
            body = "\n".join(map(json.dumps, rows))
        else:
            body = "sku,text\n" + "".join(f"{row['sku']},{row['text']}\n" for row in rows)
        incoming = source(tmp_path, name, body, batch=100)
        del rows, body
        [reading] = incoming.readings({}, NOW)
        tracemalloc.start()
        for _ in reading.batches(StopEvent()):
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 500_000


@pytest.mark.parametrize("name", ["a.csv", "a.ndjson"])
def test_a_file_with_the_mark_of_utf_8_is_not_read_as_cp1252(tmp_path: Path, name: str) -> None:
    """Its first column would have another name, and its letters would be two each."""
    body = "\ufeffsku,name\n1,Blå\n" if name == "a.csv" else '\ufeff{"sku": "1", "name": "Blå"}\n'
    with pytest.raises(SourceError, match="begins with the mark of UTF-8, and cp1252 is declared") as caught:
        read(source(tmp_path, name, body, encoding="cp1252"))
    assert "leave `encoding` out" in caught.value.hint
    assert records(read(source(tmp_path, name, body))) == [{"sku": "1", "name": "Blå"}]


def test_utf_16_without_its_mark_is_told_with_the_file_and_what_to_declare(tmp_path: Path) -> None:
    body = "sku,name\n1,Blå\n".encode("utf-16-le")
    with pytest.raises(SourceError, match=r"a\.csv cannot be read as utf-16") as caught:
        read(source(tmp_path, "a.csv", body, encoding="utf-16"))
    assert "utf-16-le" in caught.value.hint
    assert records(read(source(tmp_path, "a.csv", body, encoding="utf-16-le"))) == [{"sku": "1", "name": "Blå"}]


@pytest.mark.parametrize(("delimiter", "written"), [(";", ";"), ("\t", "\\t"), ("|", "|")])
def test_a_header_of_one_column_is_told_with_the_delimiter_that_it_seems_to_have(
    tmp_path: Path, delimiter: str, written: str
) -> None:
    body = f"sku{delimiter}price\n1{delimiter}12,50\n"
    [batch] = read(source(tmp_path, "a.csv", body))
    problem = batch.records[0].problem
    assert problem is not None
    assert f'declare "delimiter": "{written}".' in problem.hint


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "cp850", "koi8-r", "mac-roman"])
def test_letters_of_another_encoding_are_hardly_utf_8(encoding: str) -> None:
    assert is_utf8("id;Blå".encode(), encoding)
    assert is_utf8("id;Blå".encode()[:-1], encoding), "the beginning of a file may end within a letter"
    assert not is_utf8(b"id;plain", encoding)
    assert not is_utf8("id;Bl\xe5 r\xf8d".encode("latin-1"), encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gbk", "shift_jis", "ascii", "hex"])
def test_only_encodings_that_take_any_byte_are_doubted(encoding: str) -> None:
    assert not is_utf8("id;Blå".encode(), encoding)
