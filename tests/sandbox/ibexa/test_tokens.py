"""Logging in, the two kinds of 401, and what a lost token looks like."""

from __future__ import annotations

import base64
import json
import time

import requests

from connector.sandbox.ibexa import IbexaSandbox
from tests.sandbox.ibexa.client import Api, creation, error_text


class Clock:
    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now


def test_a_token_comes_twice_and_tells_when_it_ends(api: Api) -> None:
    answer = api.log_in("ADMIN").json()["JWT"]
    assert answer["token"] == answer["_token"]
    body = answer["token"].split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    assert claims["exp"] - claims["iat"] == 3600
    assert claims["username"] == "ADMIN"
    assert api.send("GET", "/user/current").status_code == 307


def test_wrong_logins(api: Api, sandbox: IbexaSandbox) -> None:
    refused = api.log_in(password="wrong")
    assert refused.status_code == 401
    assert "WWW-Authenticate" not in refused.headers
    assert "Invalid login or password" in error_text(refused)
    half = api.send("POST", "/user/token/jwt", {"JWTInput": {"username": "admin"}}, "JWTInput", Authorization="")
    assert (half.status_code, error_text(half)) == (400, "Missing 'password' attribute for JWTInput.")
    bare = api.send("POST", "/user/token/jwt", {"username": "a", "password": "b"}, "JWTInput", Authorization="")
    assert (bare.status_code, bare.text) == (500, "")
    assert sandbox.book.snapshot()["refused_logins"] == 2


def test_every_login_takes_its_time(sandbox: IbexaSandbox, api: Api) -> None:
    sandbox.login_seconds = 0.2
    try:
        for password in ("publish", "wrong"):
            started = time.monotonic()
            api.log_in(password=password)
            assert time.monotonic() - started >= 0.2
    finally:
        sandbox.login_seconds = 0


def test_a_bad_token_is_told_in_the_firewalls_way(api: Api) -> None:
    answer = api.send("GET", "/content/sections", Authorization="Bearer garbage")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json() == {"code": 401, "message": "Invalid JWT Token"}
    again = api.send(
        "POST", "/user/token/jwt", {"JWTInput": {"username": "admin", "password": "publish"}}, "JWTInput",
        Authorization="Bearer garbage",
    )  # fmt: skip
    assert again.json() == {"code": 401, "message": "Invalid JWT Token"}
    assert api.send("GET", "/nosuch", Authorization="Bearer garbage").status_code == 404


def test_tokens_expire_by_the_clock() -> None:
    clock = Clock()
    with IbexaSandbox(token_ttl=60, login_seconds=0, clock=clock) as sandbox, requests.Session() as session:
        api = Api(sandbox.url, session)
        api.log_in()
        clock.now += 59
        assert api.send("GET", "/user/current").status_code == 307
        clock.now += 1
        assert api.send("GET", "/user/current").json() == {"code": 401, "message": "Expired JWT Token"}
        api.log_in()
        assert api.send("GET", "/user/current").status_code == 307


def test_revoked_tokens_are_invalid_until_the_next_login(api: Api) -> None:
    api.admin("POST", "/tokens/revoke")
    assert api.send("GET", "/user/current").json()["message"] == "Invalid JWT Token"
    api.log_in()
    assert api.send("GET", "/user/current").status_code == 307


def test_without_a_token_everything_looks_empty_not_forbidden(api: Api) -> None:
    api.published("public")
    for header in ("", "Bearer ", "Basic YWRtaW46cHVibGlzaA==", api.token):
        sections = api.send("GET", "/content/sections", Authorization=header)
        assert (sections.status_code, sections.json()["SectionList"]["Section"]) == (200, [])
        trash = api.send("GET", "/content/trash", Authorization=header)
        assert trash.json()["Trash"]["TrashItem"] == []
    current = api.send("GET", "/user/current", Authorization="")
    assert (current.status_code, error_text(current)) == (401, "Not logged in.")


def test_without_a_token_writing_and_private_reading_are_401_error_messages(api: Api) -> None:
    api.create("draft")
    draft = api.send("GET", "/content/objects/52", Authorization="")
    assert draft.status_code == 401
    assert error_text(draft) == "The User does not have the 'versionread' 'content' permission with: contentId '52'"
    user = api.send("GET", "/content/objects/14", Authorization="")
    assert "'read' 'content'" in error_text(user)
    write = api.send("POST", "/content/objects", creation("x", {"name": "x"}), "ContentCreate", Authorization="")
    assert (write.status_code, "WWW-Authenticate" in write.headers) == (401, False)
