"""The values everything stands on: strict JSON, templates, secrets, units, outcomes of a policy."""

from __future__ import annotations

import base64
import json
import logging
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from connector.core import jsonio, units
from connector.core.errors import RecordError
from connector.core.outcome import Done, NotSent, Refused, Skipped, Unknown, Waits
from connector.core.problem import Problem
from connector.core.secrets import RedactingFilter, Redactor, Secret, redactor
from connector.core.template import fill_path
from connector.routes.live import Settings
from connector.routes.policy import Policy
from connector.store.claims import Claimed


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"a": 1, "a": 2}', "twice"),
        ("NaN", "not a JSON value"),
        ("[Infinity]", "not a JSON value"),
        ("1e9999", "too large"),
        ("1e99999999999999999999", "too large"),
        ("1e-9999", "too small"),
        ("0." + "1" * 5000, "too long"),
        ('"\\ud800"', "surrogate"),
        ("[" * 100_000, "nested|not JSON"),
        ("[" * 300 + "]" * 300, "nested deeper"),
        ('{"a": }', "line 1, column 7"),
        ("", "not JSON"),
        ("9" * 5000, "too long"),
        (b"\xff", "not UTF-8"),
    ],
)
def test_what_is_no_strict_json_is_refused(text: Any, words: str) -> None:
    with pytest.raises(jsonio.JsonError, match=words):
        jsonio.parse(text)


def test_honest_json_survives_unchanged() -> None:
    body = {"n": 10**30, "f": 0.1, "t": "æ 🌲 \u0000", "l": [None, True, {}]}
    assert jsonio.parse(jsonio.canonical(body)) == body
    assert jsonio.parse(b"\xef\xbb\xbf{}") == {}


def test_the_fingerprint_knows_no_order_of_keys_but_every_other_difference() -> None:
    assert jsonio.fingerprint({"a": 1, "b": 2}) == jsonio.fingerprint({"b": 2, "a": 1})
    different = [{"a": 1}, {"a": 1.0}, {"a": "1"}, {"a": True}, {"a": None}, {}, [], [{}]]
    assert len({jsonio.fingerprint(one) for one in different}) == len(different)
    assert jsonio.fingerprint("ab", "c") != jsonio.fingerprint("a", "bc")


def test_merge_goes_deep_into_objects_and_replaces_the_rest() -> None:
    base = {"a": {"b": 1, "c": [1]}, "d": 1}
    assert jsonio.merge(base, {"a": {"c": [2], "e": None}}) == {"a": {"b": 1, "c": [2], "e": None}, "d": 1}
    assert base == {"a": {"b": 1, "c": [1]}, "d": 1}


@pytest.mark.parametrize("value", ["..", ".", "", "%2e%2e", "%2E", None, True, 1.5, [], "a\x00b", "a\nb", "\ud800"])
def test_path_values_that_could_lead_elsewhere_are_refused(value: Any) -> None:
    with pytest.raises(RecordError):
        fill_path("/a/{id}", {"id": value})


@pytest.mark.parametrize("value", ["a/b", "../x", "a?b#c", "//h", "æ ø", "100%", "x" * 10_000, 5, "\u202eabc"])
def test_other_path_values_stay_one_segment(value: Any) -> None:
    path = fill_path("/a/{id}/b", {"id": value})
    assert path.count("/") == 3
    assert "?" not in path
    assert "#" not in path


def test_a_path_of_segments_is_checked_segment_by_segment() -> None:
    assert fill_path("/l/{path}", {"path": "/1/2/61/"}, multi=frozenset({"path"})) == "/l/1/2/61"
    with pytest.raises(RecordError):
        fill_path("/l/{path}", {"path": "1/../2"}, multi=frozenset({"path"}))


@pytest.mark.parametrize(
    "form",
    [
        lambda s: s,
        lambda s: quote(s, safe=""),
        lambda s: base64.b64encode(s.encode()).decode(),
        lambda s: json.dumps(s)[1:-1],
        lambda s: json.dumps({"x": s}),
        lambda s: s.encode().hex(),
    ],
)
@pytest.mark.parametrize(
    "secret", ["pässwörd/+=4711", 'quo"te\\d-secret', "two\nlines-of-secret-text", "plain-canary-4711"]
)
def test_secrets_are_masked_in_every_encoding(secret: str, form: Any) -> None:
    known = Redactor()
    known.add(secret)
    text = f"before {form(secret)} after"
    assert known.clean(text) != text
    assert form(secret) not in known.clean(text)


def test_a_secret_shows_itself_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    secret = Secret("canary-number-17")
    assert "canary" not in f"{secret} {secret!r} {[secret]} { {'a': secret} }"
    record = logging.LogRecord("x", 20, "f", 1, "token %s", ("canary-number-17",), None)
    assert RedactingFilter().filter(record)
    assert "canary" not in record.getMessage()
    assert redactor.clean("x canary-number-17 y") == "x *** y"


def test_durations_and_sizes() -> None:
    assert [units.seconds(one) for one in ("250ms", "30s", "1.5m", "2h", "1d")] == [0.25, 30, 90, 7200, 86400]
    assert [units.size(one) for one in ("12", "1kB", "1KiB", "16MiB")] == [12, 1000, 1024, 16 * 1024**2]
    for wrong in ("30", "s", "-1s", "1 s", "1w"):
        with pytest.raises(ValueError, match="no duration"):
            units.seconds(wrong)


TASK = Claimed(1, 2, "k", "lane", "upsert", {}, "fp", 0, False, "", "")
PROBLEM = Problem("X", "why")


@pytest.mark.parametrize(
    ("outcome", "state", "again", "suspect", "counted"),
    [
        (Done("created", "7"), "finished", False, False, True),
        (Skipped("unchanged", "7"), "skipped", False, False, True),
        (Refused(PROBLEM), "failed", False, False, True),
        (NotSent(PROBLEM), "failed", True, False, True),
        (NotSent(PROBLEM, client_down=True), "new", False, False, False),
        (NotSent(PROBLEM, begun=True), "failed", True, True, True),
        (NotSent(PROBLEM, client_down=True, begun=True), "new", False, True, False),
        (Unknown(PROBLEM), "failed", True, True, True),
        (Unknown(PROBLEM, client_down=True), "failed", True, True, True),
    ],
)
def test_each_outcome_has_one_next_state(outcome: Any, state: str, again: bool, suspect: bool, counted: bool) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    settled = Policy(Settings()).settle(TASK, outcome, moment, moment)
    assert (settled.state, settled.next_attempt_at is not None, settled.suspect, settled.counted) == (
        state, again, suspect, counted,
    )  # fmt: skip


@pytest.mark.parametrize(("memory", "suspect"), [(None, False), ({}, True), ({"a": 1}, True)])
def test_a_refusal_ends_a_suspicion_only_where_nothing_can_be_looked_up(memory: Any, suspect: bool) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    task = Claimed(1, 2, "k", "lane", "upsert", {}, "fp", 1, True, "", "")
    settled = Policy(Settings()).settle(task, Refused(PROBLEM, memory=memory), moment, moment)
    assert (settled.suspect, settled.memory) == (suspect, memory)


@pytest.mark.parametrize(("target_id", "suspect"), [("", True), ("7", False)])
def test_what_waits_before_it_has_looked_stays_suspect(target_id: str, suspect: bool) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    task = Claimed(1, 2, "k", "lane", "upsert", {}, "fp", 1, True, "", "")
    settled = Policy(Settings()).settle(task, Waits("other", PROBLEM, target_id), moment, moment)
    assert (settled.state, settled.suspect) == ("new", suspect)


def test_waits_double_up_to_the_limit_and_end_after_the_last_attempt() -> None:
    policy = Policy(Settings(first_wait=1, max_wait=8, max_attempts=3), random_between=lambda low, high: high)
    assert [policy.wait_seconds(n) for n in (1, 2, 3, 4, 5, 99)] == [1, 2, 4, 8, 8, 8]
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    last = Claimed(1, 2, "k", "lane", "upsert", {}, "fp", 2, False, "", "")
    assert policy.settle(last, NotSent(PROBLEM), moment, moment).next_attempt_at is None


def test_waits_are_spread_over_all_of_the_limit() -> None:
    policy = Policy(Settings(first_wait=8, max_wait=100), random_between=lambda low, high: low)
    assert [policy.wait_seconds(n) for n in (1, 5)] == [1, 1]
    assert Policy(Settings(first_wait=0.2), random_between=lambda low, high: low).wait_seconds(1) == 0.2


def test_nothing_is_tried_again_by_itself_beyond_what_may_pass() -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    task = Claimed(1, 2, "k", "lane", "upsert", {}, "fp", 2, False, "", "", created_at=moment)
    policy = Policy(Settings(first_wait=10, max_elapsed=60), random_between=lambda low, high: high)
    soon, late = moment + timedelta(seconds=20), moment + timedelta(seconds=21)
    assert policy.settle(task, NotSent(PROBLEM), soon, soon).next_attempt_at == soon + timedelta(seconds=40)
    assert policy.settle(task, NotSent(PROBLEM), late, late).next_attempt_at is None


def test_a_fingerprint_can_be_made_of_forms_that_are_there() -> None:
    version, data = "0f", {"b": [1, 1.0, "ø"], "a": None}
    parts = b"[%s,%s]" % (jsonio.canonical(version), jsonio.canonical(data))
    assert jsonio.fingerprint_of(parts) == jsonio.fingerprint([version, data])


@pytest.mark.parametrize("text", ["[" * 3 + "]" * 3, '{"a": {"b": {"c": 1}}}', '[{"a": [1]}, 2]'])
def test_depth_is_counted_exactly(text: str) -> None:
    assert jsonio.parse(text, max_depth=3) == json.loads(text)
    with pytest.raises(jsonio.JsonError, match="nested deeper than 2"):
        jsonio.parse(text, max_depth=2)
