"""The snapshot beside a sandbox's file: a start from it is a start from the file, and nothing depends on it."""

from __future__ import annotations

import json
import os
import pickle
import random
import signal
import subprocess
import sys
import threading
import zlib
from pathlib import Path
from typing import Any

import pytest
import requests

from connector.sandbox.ibexa import IbexaSandbox, JournalError, journal, snapshot
from tests.sandbox.ibexa.client import Api

_SERVE = """
import sys, threading
from pathlib import Path
from connector.sandbox.ibexa import IbexaSandbox, journal
journal.SNAPSHOT_AFTER = 3
print(IbexaSandbox(login_seconds=0, file=Path(sys.argv[1])).start().url, flush=True)
threading.Event().wait()
"""


def _api(url: str) -> Api:
    api = Api(url, requests.Session())
    assert api.log_in().status_code == 200
    return api


def _state(sandbox: IbexaSandbox) -> dict[str, Any]:
    found = sandbox.repository.state()
    return found | {"documents": vars(found["documents"])}


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "SNAPSHOT_AFTER", 3)


@pytest.fixture
def shop(tmp_path: Path, often: None) -> Path:
    """A file with a little of everything, whose snapshot lacks the last write."""
    file = tmp_path / "shop.journal"
    with IbexaSandbox(login_seconds=0, file=file) as sandbox:
        api = _api(sandbox.url)
        one, two = api.published("one"), api.published("two")
        api.send("COPY", f"/content/objects/{one}/currentversion")
        place = api.main_location(two)
        api.send("MOVE", f"/content/locations/{place}", Destination="/api/ibexa/v2/content/trash")
        api.send("POST", "/bookmark/54")
        api.send("POST", "/cart", {"CartCreate": {"name": "x", "currencyCode": "EUR"}}, "CartCreate")
        section = {"SectionInput": {"identifier": "extra", "name": "Extra"}}
        api.send("POST", "/content/sections", section, "SectionInput")
        api.send("DELETE", f"/content/objects/{one}")
        while (file.read_bytes().count(b"\n") - 1) % 3 != 1:
            api.send("POST", "/content/objects/1/hide")
    return file


def _snapshot(file: Path) -> Path:
    return file.with_name("shop.journal.snapshot")


def _started_from(file: Path) -> tuple[dict[str, Any], bool]:
    """The state after a start, and whether it took the snapshot's."""
    read = snapshot.read(file, snapshot.key_of(["4.6", ["admin", "publish"]]), file.read_bytes())
    with IbexaSandbox(file=file) as sandbox:
        return _state(sandbox), read is not None


def test_a_start_from_the_snapshot_is_a_start_from_the_file(shop: Path) -> None:
    quick, took_it = _started_from(shop)
    assert took_it
    _snapshot(shop).unlink()
    slow, took_it = _started_from(shop)
    assert not took_it
    assert quick == slow
    assert quick["trash"]
    assert quick["documents"]["_kept"]


def test_what_comes_after_it_is_carried_out(shop: Path) -> None:
    head = json.loads(_snapshot(shop).read_bytes().partition(b"\n")[0])
    assert head["lines"] < shop.read_bytes().count(b"\n")
    with IbexaSandbox(login_seconds=0, file=shop) as sandbox:
        _api(sandbox.url).published("three")
        before = _state(sandbox)
    assert _started_from(shop) == (before, True)


def _spoilt(raw: bytes) -> dict[str, bytes]:
    head, _, body = raw.partition(b"\n")
    foreign = pickle.dumps(Path("x"))
    known = json.loads(head)
    return {
        "empty": b"",
        "breaks off": raw[: len(raw) // 2],
        "a letter": raw.replace(b"eng-GB", b"eng-GC"),
        "no object": b"[]\n" + body,
        "other code": json.dumps({**known, "key": "0" * 64}).encode() + b"\n" + body,
        "a longer journal": json.dumps({**known, "length": known["length"] + 5}).encode() + b"\n" + body,
        "what is no record": json.dumps({**known, "state": zlib.crc32(foreign)}).encode() + b"\n" + foreign,
    }


@pytest.mark.parametrize("kind", list(_spoilt(b'{"length": 0}\n')))
def test_one_that_does_not_fit_is_passed_over(shop: Path, kind: str) -> None:
    right, took_it = _started_from(shop)
    assert took_it
    _snapshot(shop).write_bytes(_spoilt(_snapshot(shop).read_bytes())[kind])
    assert _started_from(shop) == (right, False)


def test_it_hides_no_damage_in_the_file(shop: Path) -> None:
    shop.write_bytes(shop.read_bytes().replace(b"extra", b"extro", 1))
    with pytest.raises(JournalError, match="is not as a sandbox wrote it"):
        IbexaSandbox(file=shop)


def test_it_goes_with_what_it_was_made_of(shop: Path) -> None:
    with IbexaSandbox(username="boss", file=shop) as sandbox:
        assert sandbox.repository.users[14].login == "boss"
        assert _snapshot(shop).exists()
        sandbox.reset()
        assert not _snapshot(shop).exists()
    with IbexaSandbox(file=shop) as sandbox:
        assert sandbox.is_new


@pytest.mark.usefixtures("often")
def test_without_room_for_it_the_file_is_kept_all_the_same(tmp_path: Path) -> None:
    file = tmp_path / "shop.journal"
    (tmp_path / "shop.journal.snapshot.new").mkdir()  # where it would be written
    with IbexaSandbox(login_seconds=0, file=file) as sandbox:
        api = _api(sandbox.url)
        for number in range(5):
            api.published(f"item-{number}")
        before = _state(sandbox)
    assert not _snapshot(file).exists()
    assert _started_from(file) == (before, False)


def test_an_end_by_force_at_any_moment_leaves_a_file_that_starts(tmp_path: Path) -> None:
    chance, answered = random.Random(815), list[str]()
    file = tmp_path / "shop.journal"
    for cycle in range(5):
        server = subprocess.Popen([sys.executable, "-c", _SERVE, str(file)], stdout=subprocess.PIPE, text=True)
        assert server.stdout is not None
        api = _api(server.stdout.readline().strip())
        threading.Timer(chance.uniform(0.05, 0.4), os.kill, (server.pid, signal.SIGKILL)).start()
        try:
            for number in range(10_000):
                api.published(name := f"{cycle}-{number}")
                answered.append(name)
        except requests.RequestException:
            server.communicate()
    assert len(answered) > 10
    state, took_it = _started_from(file)
    assert took_it
    _snapshot(file).unlink()
    assert _started_from(file) == (state, False)
    assert {each.remote_id for each in state["contents"].values()} >= set(answered)
