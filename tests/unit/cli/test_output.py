"""Text from outside never controls the terminal, and nothing is lost in JSON."""

from __future__ import annotations

import json

import pytest

from connector.cli.errors import line, say
from connector.cli.output import counted, plain, print_json, print_table
from connector.core.errors import ConfigError
from connector.core.problem import Place, Problem
from connector.core.secrets import Secret

ESCAPES = "\x1b[2J\x9b31m\x07\u202egnp.exe\u2066\x7f\r"


def test_plain_text_holds_no_control_character() -> None:
    shown = plain(f"a{ESCAPES}\nb")
    assert not [char for char in ESCAPES if char in shown and not char.isprintable()]
    assert shown.startswith("a")
    assert shown.endswith(" b")


def test_plain_text_is_cut_at_the_limit_and_no_earlier() -> None:
    assert plain("x" * 10, 10) == "x" * 10
    assert plain("x" * 11, 10) == "x" * 9 + "…"


@pytest.mark.parametrize("value", [ESCAPES, "lone \ud83d half", "Æøå 🌲", {"k" + ESCAPES: ["\u200f"]}, "line\nbreak"])
def test_json_is_safe_to_look_at_and_says_everything(value: object, capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"value": value})
    printed = capsys.readouterr().out
    assert json.loads(printed) == {"value": value}
    assert not [char for char in printed if char != "\n" and not char.isprintable()]


def test_no_way_of_printing_shows_a_secret(capsys: pytest.CaptureFixture[str]) -> None:
    Secret("canary-4711")
    print_json({"text": "token canary-4711"})
    print_table([{"a": "canary-4711"}], {"a": "A"})
    say(ConfigError("refused canary-4711", hint="canary-4711", problems=(Problem("X", "canary-4711"),)))
    captured = capsys.readouterr()
    assert "canary" not in captured.out + captured.err
    assert "***" in captured.out


def test_a_table_that_no_terminal_shows_is_aligned(capsys: pytest.CaptureFixture[str]) -> None:
    print_table([{"a": "long value", "b": None}, {"a": "x", "b": 7}], {"a": "A", "b": "B"})
    assert capsys.readouterr().out == "A           B\nlong value\nx           7\n"


def test_a_problem_is_one_line_with_its_place_and_its_hint_below() -> None:
    problem = Problem("CFG000", "wrong\x1b[2J", hint="mend it", place=Place("configs/routes/x.json", 4, 17))
    assert line(problem) == "configs/routes/x.json:4:17: error CFG000: wrong�[2J\n    mend it"


def test_one_is_not_many() -> None:
    assert (counted(1, "error"), counted(0, "error"), counted(2, "error")) == ("1 error", "0 errors", "2 errors")
