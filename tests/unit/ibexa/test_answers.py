"""Answers become outcomes in words: each status means something else for the next attempt."""

from __future__ import annotations

import json
from typing import Any

import pytest

from connector.clients.request import Response
from connector.core.errors import AnswerLost, BadAnswer, ClientError, OriginRefused, RateLimited, Unreachable
from connector.core.outcome import NotSent, Refused, Unknown
from connector.systems.ibexa.answers import description, outcome_of, outcome_of_error, says_remote_id_exists


def answer(status: int, body: Any = b"", content_type: str = "application/json") -> Response:
    raw = body if isinstance(body, bytes) else json.dumps({"ErrorMessage": body}).encode()
    return Response(status, {"content-type": content_type}, raw, "http://x/content", 0.0)


@pytest.mark.parametrize(
    ("status", "kind", "away"),
    [
        (400, Refused, None), (401, Refused, None), (403, Refused, None), (404, Refused, None), (406, Refused, None),
        (413, Refused, None), (302, Refused, None), (409, NotSent, False), (423, NotSent, False), (500, Unknown, False),
        (502, Unknown, True), (503, Unknown, True), (504, Unknown, True),
    ],
)  # fmt: skip
def test_a_status_decides_what_may_follow(status: int, kind: type, away: bool | None) -> None:
    outcome = outcome_of("content.create", answer(status))
    assert type(outcome) is kind
    assert getattr(outcome, "client_down", None) is away


@pytest.mark.parametrize(
    ("error", "kind", "away"),
    [
        (Unreachable("x"), NotSent, True),
        (AnswerLost("x"), Unknown, True),
        (BadAnswer("x"), Unknown, False),
        (OriginRefused("x"), Refused, None),
    ],
)
def test_a_call_without_an_answer_decides_too(error: ClientError, kind: type, away: bool | None) -> None:
    outcome = outcome_of_error("content.create", error)
    assert type(outcome) is kind
    assert getattr(outcome, "client_down", None) is away


SAYS = {"404": "no such content type, or it has no draft", "400": "limit is 0", "409": "already there"}


@pytest.mark.parametrize(
    ("status", "body", "hint"),
    [
        (404, {"errorDescription": "Could not find it"}, "It means: no such content type, or it has no draft."),
        (404, {"errorDescription": "No route found for GET"}, "Something that it refers to"),
        (400, {}, "It means: limit is 0. Correct the message"),
        (409, {}, "It means: already there."),
        (403, {}, "The server's text says which state forbids it."),
    ],
)
def test_a_status_is_told_in_the_words_of_the_operation(status: int, body: Any, hint: str) -> None:
    outcome = outcome_of("content_type.publish_draft", answer(status, body), says=SAYS)
    assert isinstance(outcome, Refused | NotSent)
    assert outcome.problem.hint.startswith(hint)


def test_a_wait_that_was_asked_for_is_kept() -> None:
    outcome = outcome_of_error("content.create", RateLimited("x", seconds=90.0))
    assert isinstance(outcome, NotSent)
    assert (outcome.wait_seconds, outcome.client_down) == (90.0, True)


def test_the_servers_words_are_one_line_and_name_fields_not_numbers() -> None:
    message = {
        "errorDescription": "Content fields\n did  not\nvalidate",
        "errorDetails": {"fields": [{"_fieldTypeId": 4, "errors": [{"message": "too long"}]}, {"_fieldTypeId": 5}]},
    }
    text = description(answer(400, message), {4: "name"})
    assert text == "Content fields did not validate: name: too long, field definition 5: "


@pytest.mark.parametrize(
    ("body", "content_type", "words"),
    [
        (b"", "text/html", "an empty body, mostly a value of a type"),
        (b"<html>", "text/html", "text/html content"),
        (b"[1]", "application/json", "no explanation"),
        (b'{"ErrorMessage": "x"}', "application/json", "no explanation"),
        (b'{"code":500,"message":"Expired JWT Token"}', "application/json", "Expired JWT Token"),
        (b'{"ErrorMessage":{"errorDescription":"a","errorDetails":{"fields":"b"}}}', "application/json", "a"),
    ],
)
def test_whatever_comes_instead_is_said_so(body: bytes, content_type: str, words: str) -> None:
    assert words in description(answer(500, body, content_type))


def test_a_taken_remote_id_is_told_from_other_refused_arguments() -> None:
    taken = "Argument '$contentCreateStruct' is invalid: Another Content item with remoteId 'x' exists"
    assert says_remote_id_exists(answer(406, {"errorDescription": taken}))
    assert not says_remote_id_exists(answer(406, {"errorDescription": "value must be of type 'integer'"}))
    assert not says_remote_id_exists(answer(403, {"errorDescription": taken}))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 406, 409, 410, 413, 415, 423])
def test_each_refusal_says_what_to_do(status: int) -> None:
    outcome = outcome_of("content.create", answer(status, {"errorDescription": "no"}))
    assert isinstance(outcome, Refused | NotSent)
    assert outcome.problem.hint
