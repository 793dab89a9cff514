"""A sandbox with a file: what was answered is there after kill -9, and a file that is not as it was is refused."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
import requests

from connector.sandbox.ibexa import IbexaSandbox, JournalError
from tests.sandbox.ibexa.client import Api


def _api(url: str) -> Api:
    api = Api(url, requests.Session())
    assert api.log_in().status_code == 200
    return api


def _all(sandbox: IbexaSandbox) -> list[Any]:
    store = sandbox.repository
    return [store.contents, store.locations, store.trash, store.users, store.sections, store._next]


def test_what_was_written_is_there_again_ids_dates_and_made_up_names_included(tmp_path: Path) -> None:
    file = tmp_path / "shop.journal"
    with IbexaSandbox(login_seconds=0, file=file) as first:
        assert first.is_new
        api = _api(first.url)
        one = api.published("one")
        api.send("POST", "/content/objects", None)  # refused, and kept all the same
        api.send("COPY", f"/content/objects/{one}", Destination="/api/ibexa/v2/content/locations/1/2")
        api.send("COPY", f"/content/objects/{one}/currentversion")
        two = api.published("two")
        api.send("DELETE", f"/content/objects/{two}")
        before = _all(first)
    with IbexaSandbox(login_seconds=0, file=file) as second:
        assert not second.is_new
        assert _all(second) == before
        assert second.book.snapshot()["events"] == []
        _api(second.url).published("three")
    with IbexaSandbox(login_seconds=0, file=file) as third:
        assert third.repository.content_by_remote_id("three")
        third.reset()
    with IbexaSandbox(login_seconds=0, file=file) as fourth:
        assert fourth.is_new
        assert fourth.repository.content_by_remote_id("one") is None


def test_a_kill_loses_no_write_that_was_answered(tmp_path: Path) -> None:
    chance, answered = random.Random(4711), list[str]()
    for cycle in range(4):
        server = _started(tmp_path / "shop.journal")
        assert server.stdout is not None
        api = _api(server.stdout.readline().partition("=")[2].strip())
        threading.Timer(chance.uniform(0.1, 0.5), os.kill, (server.pid, signal.SIGKILL)).start()
        try:
            for number in range(10_000):
                name = f"{cycle}-{number}"
                api.published(name)
                answered.append(name)
        except requests.RequestException:
            server.communicate()
    assert len(answered) > 20
    with IbexaSandbox(login_seconds=0, file=tmp_path / "shop.journal") as last:
        found = [last.repository.content_by_remote_id(name) for name in answered]
        assert all(one and one.status == "PUBLISHED" for one in found)


def _started(file: Path) -> subprocess.Popen[str]:
    program = [sys.executable, "-m", "connector", "sandbox", "--port", "0", "--login-seconds", "0", "--file", str(file)]
    return subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def _damage(raw: bytes) -> dict[str, tuple[bytes, str]]:
    lines = raw.split(b"\n")
    return {
        "a letter": (raw.replace(b"one", b"own", 1), "is not as a sandbox wrote it"),
        "a line": (b"\n".join([*lines[:1], *lines[2:]]), "was answered with 204, and is now with 404"),
        "no file of ours": (b"SQLite format 3\0", "line 1 is none that a sandbox wrote"),
        "not ours, with lines": (b"{}\n{}\n", "line 1 is not as a sandbox wrote it"),
        "an older one": (b'd3b7b9f5 {"sandbox":0}\n', "line 1 "),
    }


@pytest.mark.parametrize("kind", list(_damage(b"")))
def test_a_file_that_is_not_as_it_was_is_refused_and_left_as_it_is(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "shop.journal"
    with IbexaSandbox(login_seconds=0, file=file) as sandbox:
        _api(sandbox.url).published("one")
    raw, told = _damage(file.read_bytes())[kind]
    file.write_bytes(raw)
    with pytest.raises(JournalError, match=told) as refusal:
        IbexaSandbox(file=file)
    assert str(file) in str(refusal.value)
    assert "begin a new file" in str(refusal.value)
    assert file.read_bytes() == raw


def test_a_line_without_its_end_was_never_answered(tmp_path: Path) -> None:
    file = tmp_path / "shop.journal"
    with IbexaSandbox(login_seconds=0, file=file) as sandbox:
        _api(sandbox.url).published("one")
    raw = file.read_bytes()
    file.write_bytes(raw[:-20])
    with IbexaSandbox(login_seconds=0, file=file) as sandbox:
        item = sandbox.repository.content_by_remote_id("one")
        assert item is not None
        assert item.status == "DRAFT"
        _api(sandbox.url).publish(item.id)
    with IbexaSandbox(file=file) as sandbox:
        item = sandbox.repository.content_by_remote_id("one")
        assert item is not None
        assert item.status == "PUBLISHED"


def test_two_sandboxes_do_not_share_a_file(tmp_path: Path) -> None:
    file = tmp_path / "shop.journal"
    with IbexaSandbox(file=file), pytest.raises(JournalError, match="in use by another sandbox"):
        IbexaSandbox(file=file)


def test_the_command_line_says_what_is_wrong_with_a_file(tmp_path: Path) -> None:
    file = tmp_path / "shop.journal"
    file.write_text("something else\n", encoding="utf-8")
    done = _started(file)
    done.communicate(timeout=30)
    assert done.returncode == 2
