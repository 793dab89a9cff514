"""Progress: a line that is true, now and then, and none after the end."""

from __future__ import annotations

import io
import sys
from typing import Any

import pytest
from msgspec.structs import replace

from connector.cli import progress
from connector.cli.progress import Progress, words
from connector.routes.counts import NAMES
from connector.routes.run import RunView


def view(
    *, phase: str = "reading", route: str = "r", total: int | None = None, seconds: float = 10, **counts: int
) -> RunView:
    return RunView(route, phase, {**dict.fromkeys(NAMES, 0), **counts}, total, seconds)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_what_is_said_about_a_run() -> None:
    shown = words(view(total=500, read=120, new=100, finished=50, skipped=10, failed=1, unchanged=5))
    assert shown == "120/500 read, 39 to do, 50 finished, 15 unchanged, 1 failed, 6/s"
    assert words(view(read=3)) == "3 read, nothing sent yet"
    held = replace(view(read=3), paused="paused by ann@host since 12:00:03 UTC")
    assert words(held) == "3 read, nothing sent yet; paused by ann@host since 12:00:03 UTC"


def test_without_a_terminal_a_line_comes_only_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "EVERY_SECONDS", 1000.0)
    with Progress(silent=False) as shown:
        shown.show(view(read=1))
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(progress, "EVERY_SECONDS", 0.0)
    with Progress(silent=False) as shown:
        shown.show(view(read=2))
    assert capsys.readouterr().err == "r: 2 read, nothing sent yet\n"


def test_silent_is_silent(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(progress, "EVERY_SECONDS", 0.0)
    with Progress(silent=True) as shown:
        shown.show(view(read=2))
        shown.show(view(phase="done"))
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("terminal", [False, True])
def test_a_view_that_comes_after_the_end_is_not_shown(terminal: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The heartbeat's thread may still hold one when the run has ended."""
    err = Terminal() if terminal else io.StringIO()
    monkeypatch.setattr(sys, "stderr", err)
    monkeypatch.setattr(progress, "EVERY_SECONDS", 0.0)
    with Progress(silent=False) as shown:
        shown.show(view(read=1))
        shown.show(view(phase="done"))
        until_then = err.getvalue()
        shown.show(view(read=2, phase="sending"))
        assert err.getvalue() == until_then
        shown.show(view(read=7, route="other"))
        assert "other" in err.getvalue()
    until_then = err.getvalue()
    shown.show(view(route="third"))
    assert err.getvalue() == until_then


def test_a_name_is_no_markup(monkeypatch: pytest.MonkeyPatch) -> None:
    err: Any = Terminal()
    monkeypatch.setattr(sys, "stderr", err)
    with Progress(silent=False) as shown:
        shown.show(view(route="[bold]r[/nonsense]", read=1))
    assert "[bold]r[/nonsense]" in err.getvalue()
