"""Cron lines: what is wrong with a field, and the forms that are right although they are rare."""

from __future__ import annotations

import pytest

from connector.config.cron_steps import why
from connector.config.formats import cron, encoding, span


@pytest.mark.parametrize(
    ("field", "written", "said"),
    [
        ("minute", "*/0", "A step is 1 at least"),
        ("hour", "22-5", "write 22-23,0-5"),
        ("weekday", "MON-SUN", "write MON-SAT,SUN."),
        ("weekday", "SAT-MON", "write SAT,SUN-MON."),
        ("month", "NOV-FEB", "write NOV-12,1-FEB."),
        ("weekday", "MONDAY", "The names are SUN, MON"),
        ("minute", "60", "The minute is 0 to 59."),
    ],
)
def test_what_is_wrong_with_a_field_is_said(field: str, written: str, said: str) -> None:
    assert said in why(field, written)
    line = ["*"] * 5
    line[["minute", "hour", "day", "month", "weekday"].index(field)] = written
    fault = cron(" ".join(line))
    assert fault is not None
    assert said in fault.hint


@pytest.mark.parametrize(
    "line", ["0 22-23,0-5 * * *", "0 9 * * MON-SAT,SUN", "0 9 * * SAT,SUN-MON", "0 9 * NOV-12,1-FEB *"]
)
def test_what_is_advised_is_right(line: str) -> None:
    assert cron(line) is None


@pytest.mark.parametrize(
    "line", ["0 0 L * *", "0 9 * * MON#1", "0 9 * * 5L", "0 9 * * mon-fri", "0 9 */2 * MON", " 0 9 * * MON "]
)
def test_rare_forms_are_right(line: str) -> None:
    assert cron(line) is None


@pytest.mark.parametrize("line", ["0 0 1 * MON", "0 9 13 * FRI", "0 9 1,15 * MON-FRI"])
def test_a_day_and_a_weekday_are_told(line: str) -> None:
    fault = cron(line)
    assert fault is not None
    assert (fault.code, fault.severity) == ("CFG134", "warning")


def test_a_length_of_nothing_and_an_encoding_of_nothing() -> None:
    assert span("0.0s") is not None
    assert span("1ms") is None
    assert [name for name in ("utf-8", "UTF8", "latin-1", "cp1252", "utf-16-le", "utf-8-sig") if encoding(name)] == []
    assert [name for name in ("base64", "rot13", "hex", "utf8mb4", "", "\0") if encoding(name) is None] == []
