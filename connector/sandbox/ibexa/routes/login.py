"""Logging in, for a token or for a session: constant time, misleading texts and all (server-behaviour §1)."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from connector.sandbox.ibexa import accounts
from connector.sandbox.ibexa.book import Book
from connector.sandbox.ibexa.errors import RestError, bad_request, no_permission
from connector.sandbox.ibexa.model import User
from connector.sandbox.ibexa.tokens import Tokens
from connector.sandbox.ibexa.wire import Answer, Call, Handler, Route, media


@dataclass(frozen=True, slots=True)
class Door:
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


def routes(tokens: Tokens, door: Door) -> tuple[Route, ...]:
    """The login for a token."""
    return (Route("token.create", "POST", "/user/token/jwt", _login(tokens, door), "JWTInput", locked=False),)


def _login(tokens: Tokens, door: Door) -> Handler:
    def login(call: Call) -> Answer:
        _, typed = door.pass_through(call, ("username", "password"), "JWTInput")
        token = tokens.issue(typed)
        return Answer(200, "JWT", {"JWT": {"_media-type": media("JWT"), "_token": token, "token": token}})

    return login
