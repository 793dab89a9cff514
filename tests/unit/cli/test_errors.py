"""Whatever goes wrong: a sentence on stderr, an exit code that says what kind, no traceback unless asked for."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable

import click
import pytest

from connector.cli.guard import guarded
from connector.core.errors import ConfigError, ConnectorError, RouteBusy, Stopped, StoreError, Unreachable
from connector.core.secrets import Secret


def ended(action: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> int:
    @click.group(invoke_without_command=True)
    def cli() -> None:
        action()

    monkeypatch.setattr("sys.argv", ["connector"])
    monkeypatch.setattr("os._exit", sys.exit)  # with these codes the process leaves without waiting for threads
    with pytest.raises(SystemExit) as found:
        guarded(cli)
    assert isinstance(found.value.code, int)
    return found.value.code


def raising(error: BaseException) -> Callable[[], object]:
    def action() -> None:
        raise error

    return action


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (ConfigError("wrong", hint="do this"), 2, "error: wrong\n  do this\n"),
        (Unreachable("no connection"), 3, "error: no connection\n"),
        (StoreError("the disk is full"), 3, "error: the disk is full\n"),
        (RouteBusy("being run"), 5, "error: being run\n"),
        (Stopped("asked to stop"), 130, "error: asked to stop\n"),
        (ConnectorError("something"), 1, "error: something\n"),
        (KeyboardInterrupt(), 130, "stopped\n"),
        (FileNotFoundError(2, "No such file or directory", "x.json"), 2, "error: x.json: No such file or directory\n"),
        (OSError("odd"), 2, "error: OSError\n"),
        (click.exceptions.Exit(4), 4, ""),
        (click.BadParameter("7 is odd", param_hint="--even"), 2, "7 is odd"),
    ],
)
def test_the_exit_code_says_what_kind_it_was(
    error: BaseException, code: int, words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(raising(error), monkeypatch) == code
    said = capsys.readouterr().err
    assert words in said
    assert "Traceback" not in said


@pytest.mark.parametrize("verbose", [False, True])
def test_an_unexpected_error_shows_its_traceback_only_when_asked_and_never_a_secret(
    verbose: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Secret("canary-0815")
    before = logging.getLogger().level
    logging.getLogger().setLevel(logging.INFO if verbose else logging.WARNING)
    try:
        assert ended(raising(RuntimeError("canary-0815")), monkeypatch) == 70
    finally:
        logging.getLogger().setLevel(before)
    said = capsys.readouterr().err
    assert ("Traceback" in said) is verbose
    assert "an unexpected RuntimeError in the connector itself; run with -v" in said
    assert "canary" not in said


def test_nothing_wrong_is_0(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ended(lambda: None, monkeypatch) == 0
