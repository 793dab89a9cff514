from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from connector.config.route_spec import RouteSettings

LEAST = {"incoming": "a", "outgoing": "b"}
ROUTE = "configs/routes/products.json"


def scheduled(**schedule: Any) -> dict[str, Any]:
    return {ROUTE: {"incoming": "products", "transformers": ["product"], "outgoing": "shop", "schedule": schedule}}


def test_what_holds_when_nothing_is_said() -> None:
    found = RouteSettings.from_config(LEAST)
    assert (found.concurrency, found.when_dropped, found.max_attempts) == (4, "keep", 10)
    assert (found.first_wait, found.max_wait) == (timedelta(seconds=30), timedelta(hours=6))
    assert (found.stop_after_count, found.stop_after_percent) == (0, 0)
    assert not found.is_scheduled
    assert found.timezone == "UTC"


def test_what_is_said_holds() -> None:
    found = RouteSettings.from_config(
        {
            **LEAST,
            "concurrency": 1,
            "when_dropped": "trash",
            "schedule": {"every": "1.5h", "timezone": "Europe/Oslo"},
            "retry": {"max_attempts": 3, "max_wait": "1h"},
            "stop_after_failures": {"percent": 2.5},
        }
    )
    assert (found.concurrency, found.when_dropped, found.max_attempts) == (1, "trash", 3)
    assert (found.every, found.cron, found.timezone) == (timedelta(minutes=90), None, "Europe/Oslo")
    assert (found.first_wait, found.max_wait) == (timedelta(seconds=30), timedelta(hours=1))
    assert (found.stop_after_count, found.stop_after_percent) == (0, 2.5)
    assert found.is_scheduled


@pytest.mark.parametrize("cron", ["*/15 * * * *", "0 0 L * *", "0 7 * * MON-FRI", "0 0 * * MON#2", "0 0 1 1 *"])
def test_cron_lines_that_come_due(check: Any, cron: str) -> None:
    assert check(scheduled(cron=cron)) == []


@pytest.mark.parametrize(
    ("cron", "column", "message", "meaning"),
    [
        ("0 0 29 2 *", 13, "more than a year", "At 00:00 on February 29; next: "),
        ("0 5 * * 1-5", 22, "0 and 7 are Sunday", "Monday through Friday; next: "),
        ("0 5 * * 0", 22, "0 and 7 are Sunday", "on Sunday; next: Sun 20"),
    ],
)
def test_a_cron_line_that_may_be_meant_otherwise_is_said_in_words(
    check: Any, cron: str, column: int, message: str, meaning: str
) -> None:
    (problem,) = check(scheduled(cron=cron))
    assert (problem.code, problem.severity, problem.place.column) == ("CFG134", "warning", column)
    assert message in problem.message
    assert meaning in problem.hint


@pytest.mark.parametrize(
    ("cron", "column", "words"),
    [
        ("61 * * * *", 13, "wrong minute"),
        ("0 99 * * *", 16, "wrong hour"),
        ("0 0 0 * *", 18, "wrong day"),
        ("0 0 * 13 *", 20, "wrong month"),
        ("0 0 * * 9", 22, "wrong weekday"),
        ("0 0 30 2 *", 13, "never comes due"),
        ("* * * * * *", 13, "has 6 fields"),
        ("daily", 13, "it has 1 field"),
        ("@daily", 13, "is no cron line of five fields"),
        ("", 13, "has 0 fields"),
    ],
)
def test_cron_lines_that_do_not(check: Any, cron: str, column: int, words: str) -> None:
    (found,) = check(scheduled(cron=cron))
    assert (found.code, found.place.line, found.place.column) == ("CFG131", 8, column)
    assert words in found.message
    assert found.hint


@pytest.mark.parametrize(
    ("cron", "hint"),
    [
        ("@daily", 'Write "0 0 * * *".'),
        ("@Weekly", 'Write "0 0 * * SUN".'),
        ("@every 15m", 'Write "every": "15m" in place of cron.'),
        ("0 0 6 * * *", 'There are no seconds here: "0 6 * * *"'),
        ("0 24 * * *", "The hour is 0 to 23."),
        ("60 * * * *", "The minute is 0 to 59."),
        ("0 0 * 13 *", "The month is 1 to 12."),
        ("0 0 * * 9", "The weekday is 0 to 7, or SUN to SAT."),
    ],
)
def test_what_others_write_for_a_cron_line_is_told_with_ours(check: Any, cron: str, hint: str) -> None:
    (found,) = check(scheduled(cron=cron))
    assert (found.code, found.hint.startswith(hint)) == ("CFG131", True), found.hint


@pytest.mark.parametrize("zone", ["Europe/Olso", "europe/oslo?", "Mars", "", "../etc/passwd", "Europe", "CEST+1\x00"])
def test_time_zones_that_do_not_exist(check: Any, zone: str) -> None:
    assert [one.code for one in check(scheduled(cron="0 0 * * *", timezone=zone))] == ["CFG132"]


@pytest.mark.parametrize(
    ("every", "code"), [("0s", "CFG115"), ("999ms", "CFG115"), ("9" * 30 + "d", "CFG115"), ("5", "CFG114")]
)
def test_an_interval_that_nothing_can_be_repeated_at(check: Any, every: str, code: str) -> None:
    assert [one.code for one in check(scheduled(every=every))] == [code]


def test_a_schedule_is_a_cron_line_or_an_interval(check: Any) -> None:
    (neither,), (both,) = check(scheduled()), check(scheduled(cron="0 0 * * *", every="1h"))
    assert neither.code == both.code == "CFG117"
    assert neither.hint == "Add one of them."
    assert both.hint == "Keep one of them."
