"""init asks three questions on a terminal, and none when an option answers one."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest


def init(folder: Path, typed: bytes, *options: str) -> tuple[int, str]:
    """Run init on a terminal; exit code and what it printed."""
    ours, theirs = pty.openpty()
    program = [sys.executable, "-m", "connector", "init", str(folder), *options]
    with subprocess.Popen(program, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        os.close(theirs)
        os.write(ours, typed)
        printed, _ = process.communicate(timeout=60)
    os.close(ours)
    return process.returncode, printed.decode()


def test_the_answers_are_in_the_project(tmp_path: Path) -> None:
    code, printed = init(tmp_path / "shop", b"https://pim.example.com\n/articles\nhttps://shop.example.com\n")
    assert code == 0, printed
    assert printed.count("Base URL") == 2
    env = (tmp_path / "shop/.env.example").read_text()
    assert "SOURCE_BASE_URL=https://pim.example.com" in env
    assert "IBEXA_BASE_URL=https://shop.example.com" in env
    assert json.loads((tmp_path / "shop/configs/incoming/source.json").read_text())["endpoint"] == "/articles"


def test_enter_takes_what_is_proposed(tmp_path: Path) -> None:
    code, printed = init(tmp_path / "shop", b"\n\n\n")
    assert code == 0, printed
    assert json.loads((tmp_path / "shop/configs/incoming/source.json").read_text())["endpoint"] == "/products"


@pytest.mark.parametrize("options", [("--defaults",), ("--endpoint", "/x"), ("--ibexa-url", "https://a.example.com")])
def test_nothing_is_asked_when_an_option_says_it(tmp_path: Path, options: tuple[str, ...]) -> None:
    code, printed = init(tmp_path / "shop", b"", *options)
    assert (code, "Base URL of" in printed) == (0, False)
