"""Logging in, for a token or for a session: constant time, misleading texts and all (server-behaviour §1)."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from msgspec import Struct

from connector.sandbox.http import Response
from connector.sandbox.ibexa import accounts, bodies
from connector.sandbox.ibexa.book import Book
from connector.sandbox.ibexa.errors import RestError, bad_request, broken, no_permission
from connector.sandbox.ibexa.model import User
from connector.sandbox.ibexa.releases import Release
from connector.sandbox.ibexa.tokens import Tokens
from connector.sandbox.ibexa.wire import Answer, Call, Handler, Route, media

Json = Any
_NAMES = ("username", "password")


class Door(Struct, frozen=True):
    """Checks logins; every try takes at least ``seconds()``, good or bad, and stands in the book."""

    book: Book
    seconds: Callable[[], float]

    def pass_through(self, call: Call, names: tuple[str, str], element: str) -> tuple[User, str]:
        """Who comes in, and the login as it was typed; ``names`` are the keys of login and password in the body.

        Raises:
            RestError: 400 without one of the keys, 401 for a login that is refused.
        """
        started = time.monotonic()
        try:
            user, typed = _checked(call, names, element)
        except RestError:
            self.book.logged_in(granted=False)
            raise
        finally:
            time.sleep(max(0.0, self.seconds() - (time.monotonic() - started)))
        self.book.logged_in(granted=True)
        return user, typed


def _checked(call: Call, names: tuple[str, str], element: str) -> tuple[User, str]:
    for name in names:
        if name not in call.body:
            raise bad_request(f"Missing '{name}' attribute for {element}.")
    typed, password = (str(call.body[name]) for name in names)
    user = accounts.logs_in(call.repository, typed, password)
    if user is None:
        raise no_permission(call.request.path, "Invalid login or password")
    return user, typed


def routes(tokens: Tokens, door: Door, release: Release) -> tuple[Route, ...]:
    """The login for a token."""
    path = "/user/token/jwt"
    if release.logs_in_by_json:
        return (Route("token.create", "POST", path, _json_login(tokens, door), locked=False),)
    return (Route("token.create", "POST", path, _login(tokens, door), "JWTInput", locked=False),)


def _login(tokens: Tokens, door: Door) -> Handler:
    def login(call: Call) -> Answer:
        _, typed = door.pass_through(call, _NAMES, "JWTInput")
        return Answer(200, "JWT", _token(tokens, typed))

    return login


def _json_login(tokens: Tokens, door: Door) -> Handler:
    """5.0: Symfony logs in before REST is asked; behind it is a controller that does nothing (facts §2, rest 5.0.7)."""

    def login(call: Call) -> Response:
        if call.request.headers.get("content-type") != media("JWTInput"):
            raise broken("nobody has read it, and the controller answers nothing")
        call.body, _ = bodies.read_body(call.request, "JWTInput", {"JWTInput"})
        try:
            _, typed = door.pass_through(call, _NAMES, "JWTInput")
        except RestError as error:
            if error.status != 401:
                raise
            return _plain(401, {"code": 401, "message": "Invalid credentials."}, ("WWW-Authenticate", "Bearer"))
        return _plain(200, _token(tokens, typed))

    return login


def _token(tokens: Tokens, typed: str) -> Json:
    token = tokens.issue(typed)
    return {"JWT": {"_media-type": media("JWT"), "_token": token, "token": token}}


def _plain(status: int, body: Json, *headers: tuple[str, str]) -> Response:
    """JSON whatever Accept says, as the packages around the REST API answer."""
    return Response(status, [("Content-Type", "application/json"), *headers], json.dumps(body).encode())
