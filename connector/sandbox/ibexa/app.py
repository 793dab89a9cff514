"""From a request to an answer: faults, routing, tokens, negotiation, the handler, the book - in the server's order.

Routing comes before the token check and that before the handler; an answer that cannot be written (no Accept) is lost
after the deed is done, as on the real server (server-behaviour §1, §2).
"""

from __future__ import annotations

import contextlib
import json
import time
from typing import Any

from connector.sandbox.http import Request, Response
from connector.sandbox.ibexa import bodies, caching, fault_answers, hrefs, routes, site, wire
from connector.sandbox.ibexa.access import may
from connector.sandbox.ibexa.accounts import ANONYMOUS, user_named
from connector.sandbox.ibexa.book import Arrival, Book
from connector.sandbox.ibexa.errors import PhpError, RestError, broken
from connector.sandbox.ibexa.faults import Fault, Faults
from connector.sandbox.ibexa.journal import Journal
from connector.sandbox.ibexa.limitations import of_siteaccess
from connector.sandbox.ibexa.method import overridden
from connector.sandbox.ibexa.model import User
from connector.sandbox.ibexa.repository import Repository
from connector.sandbox.ibexa.routes.sessions import OWN_CHECK, SAFE_METHODS, check_csrf
from connector.sandbox.ibexa.sessions import Session, Sessions
from connector.sandbox.ibexa.tokens import BadTokenError, Tokens
from connector.sandbox.ibexa.wire import Answer, Call, Route
from connector.sandbox.router import Match, Router

Json = Any
_SITEACCESSES = {"site", "admin"}
_READING_OPS = {
    "content.search", "token.create", "session.create", "session.refresh", "session.delete", "cart.search",
    "payment_method.search", "customer_price.get",
}  # fmt: skip
_OF_DRAFTS = {"content.create", "content_version.create_draft", "content_version.create_draft_from_current"}
"""Writes that change nothing of what is published, and so nothing that was derived from it."""
_BARE_500 = Response(500, [("Content-Type", wire.HTML)])
_EXTRA_INPUTS = {"UrlAliasCreate"}


class RestApp:
    """The REST API over a repository; ``latency`` and faults act outside of the repository's lock."""

    def __init__(
        self, repository: Repository, *, tokens: Tokens, sessions: Sessions, book: Book, faults: Faults,
        extra: tuple[Route, ...] = (),
    ) -> None:  # fmt: skip
        self._repository = repository
        self._tokens = tokens
        self._sessions = sessions
        self._book = book
        self._faults = faults
        self.journal: Journal | None = None
        self._router: Router[Route] = Router()
        gone = repository.release.gone
        known = [each for each in (*extra, *routes.ROUTES, *routes.missing_routes()) if each.op not in gone]
        for route in known:
            self._router.add(route.method, route.template, route)
        hrefs.learn((route.method, route.template) for route in known)
        self._inputs = {route.input for route in known if route.input} | _EXTRA_INPUTS

    def __call__(self, request: Request) -> Response:
        """Answer one request."""
        try:
            request = overridden(request, self._repository.release.twins)
        except RestError as error:
            return self._written(_error(error), request)
        found = self._route(request)
        op = found.target.op if found and found.target else site.op_of(request)
        is_write = request.method not in SAFE_METHODS and op not in _READING_OPS
        arrival = self._book.arrive(op, is_write=is_write)
        status = 0
        try:
            response = self._suffer(request, found, arrival)
            status = response.status
        finally:
            self._book.leave(arrival, status)
        return response

    def _route(self, request: Request) -> Match[Route] | None:
        if not request.path.startswith(wire.PREFIX):
            return None
        path = request.path.removeprefix(wire.PREFIX) or "/"
        found = self._router.find(request.method, path)
        if found is not None and found.target is None and request.method == "HEAD":
            return self._router.find("GET", path)
        return found

    # -- faults -------------------------------------------------------------------------------------------------

    def _suffer(self, request: Request, found: Match[Route] | None, arrival: Arrival) -> Response:
        if self._faults.latency_ms:
            time.sleep(self._faults.latency_ms / 1000)
        drawn = self._faults.draw(arrival.op, request.method, request.path)
        for fault in drawn:
            self._book.fault(fault.label)
            early = self._before(fault)
            if early is not None:
                return early
        response = self._handle(request, found, arrival)
        for fault in drawn:
            response = fault_answers.spoilt(fault, response)
        return response

    def _before(self, fault: Fault) -> Response | None:
        if fault.kind in {"latency_ms", "hang_seconds"}:
            time.sleep(fault.seconds())
        if fault.kind == "expire_tokens":
            self._tokens.expire_all()
        if fault.kind == "cut" and fault.do["cut"] == "before":
            return Response(cut="before")
        if fault.kind == "html":
            return fault_answers.LOGIN_PAGE
        return fault_answers.instead(fault) if fault.kind == "status" else None

    # -- the server's own way -----------------------------------------------------------------------------------

    def _handle(self, request: Request, found: Match[Route] | None, arrival: Arrival) -> Response:
        if request.headers.get("x-siteaccess", "site") not in _SITEACCESSES:
            return _BARE_500
        if found is None or found.target is None:
            return self._unrouted(request, found)
        session = self._sessions.of(request.headers)
        try:
            user = self._user(request, session)
        except BadTokenError as error:
            body = json.dumps({"code": 401, "message": error.message}, separators=(",", ":")).encode()
            marks = self._marks(request, "", Answer(401))
            return Response(401, [("Content-Type", "application/json"), ("WWW-Authenticate", "Bearer"), *marks], body)
        route = found.target
        call = Call(request, self._repository, user, found.params, session)
        call.found = route.look(call) if route.look else None
        with self._repository.lock if route.locked else contextlib.nullcontext():
            self._repository.host = request.headers.get("host", "localhost")
            response = self._kept(route, call) if arrival.is_write and route.locked else self._answer(route, call)
            arrival.content_id, arrival.remote_id, arrival.version = call.content_id, call.remote_id, call.version
            self._book.commit(arrival, response.status)
            if isinstance(response, Response):
                return response
            marks = self._marks(request, route.op, response, call.params)
        return self._written(response, request, marks)

    def _kept(self, route: Route, call: Call) -> Answer | Response:
        """The answer to a write, which is kept in the journal if there is one."""
        try:
            if self.journal is None:
                return self._answer(route, call)
            with self.journal.keeping(self._repository):
                response = self._answer(route, call)
            if not call.is_overtaken:
                self.journal.write(call.user.id, call.request, response.status)
            self.journal.keep_snapshot(self._repository)
            return response
        finally:
            if route.op not in _OF_DRAFTS:
                self._repository.derived.clear()

    def carry_out_again(self, journal: Journal) -> None:
        """Bring a clean install to what a journal holds, and keep what comes.

        Raises:
            JournalError: something is answered otherwise than it was.
        """
        journal.restore(self._repository)
        for entry in journal.entries():
            found = self._route(entry.request)
            user = self._repository.users.get(entry.user_id)
            if found is None or found.target is None or user is None:
                raise journal.refuse_answer(entry, 404)
            call = Call(entry.request, self._repository, user, found.params)
            with journal.keeping(self._repository, entry):
                response = self._answer(found.target, call)
            if response.status != entry.status:
                raise journal.refuse_answer(entry, response.status)
        self._repository.derived.clear()
        journal.keep_snapshot(self._repository)
        self.journal = journal

    def _answer(self, route: Route, call: Call) -> Answer | Response:
        try:
            expected = call.request.headers.get("x-expected-user")
            if expected and expected != call.user.login:
                raise RestError(401, "Expectation failed. User changed.")
            self._check_siteaccess(call)
            if call.request.method not in SAFE_METHODS and route.op not in OWN_CHECK:
                check_csrf(call)
            if route.input:
                call.body, call.input_version = bodies.read_body(
                    call.request, route.input, self._inputs, lists=route.lists
                )
            return route.handler(call)
        except RestError as error:
            return _error(error)
        except PhpError:
            return _BARE_500

    def _check_siteaccess(self, call: Call) -> None:
        """500 for a user without user/login: REST has no answer for that exception (source of rest and core 4.6)."""
        if not call.is_logged_in:
            return  # nobody is asked before somebody has logged in
        siteaccess = call.request.headers.get("x-siteaccess", "site")
        with self._repository.lock:
            granted = may(call, "user/login", lambda: of_siteaccess(siteaccess))
        if not granted:
            raise broken(f"user/login is missing on '{siteaccess}'")

    def _user(self, request: Request, session: Session | None) -> User:
        anonymous = self._repository.users[ANONYMOUS]
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token or token.startswith(" "):
            return self._of_session(session) or anonymous
        user = user_named(self._repository, self._tokens.username(token))
        if user is None or not user.enabled:
            raise BadTokenError("Invalid credentials.")
        return user

    def _of_session(self, session: Session | None) -> User | None:
        user = self._repository.users.get(session.user_id or 0) if session else None
        return user if user is not None and user.enabled else None

    def _unrouted(self, request: Request, found: Match[Route] | None) -> Response:
        if found is not None and request.method == "OPTIONS":
            marks = self._marks(request, "", Answer(200))
            return Response(200, [("Content-Type", wire.HTML), ("Allow", ",".join(found.methods)), *marks])
        if not request.path.startswith("/api/"):
            visitor = self._of_session(self._sessions.of(request.headers))
            with self._repository.lock:
                return site.page(self._repository, visitor or self._repository.users[ANONYMOUS], request)
        address = f"http://{request.headers.get('host', '')}{request.path}"
        if found is None and request.path.endswith("/"):
            return Response(301, [("Content-Type", wire.HTML), ("Location", address.rstrip("/"))])
        told = f'No route found for "{request.method} {address}"'
        cause = RestError(500, "")
        if found is None:
            return self._written(_error(RestError(404, told, previous=cause)), request)
        allowed = ", ".join([*found.methods, "OPTIONS"])
        refusal = RestError(405, f"{told}: Method Not Allowed (Allow: {allowed})", previous=cause)
        return self._written(_error(refusal), request)

    def _written(self, answer: Answer, request: Request, marks: caching.Headers | None = None) -> Response:
        accept = request.headers.get("accept")
        if not accept:
            return _BARE_500
        if marks is None:
            marks = self._marks(request, "", answer)
        return wire.write(answer, marks, as_json=wire.accepts_json(accept))

    def _marks(
        self, request: Request, op: str, answer: Answer, params: dict[str, str] | None = None
    ) -> caching.Headers:
        is_bare = "authorization" not in request.headers
        told = caching.Told(op, request.method, answer.status, is_bare, params or {}, answer.body)
        return caching.headers(self._repository, told, self._repository.clock())


def _error(error: RestError) -> Answer:
    return Answer(error.status, "ErrorMessage", error.body())
