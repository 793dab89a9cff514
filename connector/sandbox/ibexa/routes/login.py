"""Logging in for a token: constant time, misleading texts and all (server-behaviour §1)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from connector.sandbox.ibexa.book import Book
from connector.sandbox.ibexa.errors import RestError, bad_request
from connector.sandbox.ibexa.model import User
from connector.sandbox.ibexa.tokens import Tokens
from connector.sandbox.ibexa.wire import Answer, Call, Handler, Route, media

_REFUSED = "The User does not have the '/api/ibexa/v2/user/token/jwt' 'Invalid login or password' permission"


def routes(tokens: Tokens, book: Book, seconds: Callable[[], float]) -> tuple[Route, ...]:
    """The login; every try takes at least ``seconds()``, good or bad."""
    return (Route("token.create", "POST", "/user/token/jwt", _login(tokens, book, seconds), "JWTInput", locked=False),)


def _login(tokens: Tokens, book: Book, seconds: Callable[[], float]) -> Handler:
    def login(call: Call) -> Answer:
        started = time.monotonic()
        try:
            username = _checked(call)
        except RestError:
            book.logged_in(granted=False)
            raise
        finally:
            time.sleep(max(0.0, seconds() - (time.monotonic() - started)))
        book.logged_in(granted=True)
        token = tokens.issue(username)
        return Answer(200, "JWT", {"JWT": {"_media-type": media("JWT"), "_token": token, "token": token}})

    return login


def _checked(call: Call) -> str:
    for name in ("username", "password"):
        if name not in call.body:
            raise bad_request(f"Missing '{name}' attribute for JWTInput.")
    username = str(call.body["username"])
    user = user_named(call.repository.users.values(), username)
    if user is None or user.password is None or user.password != str(call.body["password"]):
        raise RestError(401, _REFUSED)
    return username


def user_named(users: Iterable[User], login: str) -> User | None:
    """The user of a login name, in any case."""
    return next((user for user in users if user.login.lower() == login.lower()), None)
