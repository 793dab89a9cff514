"""Operations on sessions: log in for a cookie, look, refresh, log out (facts §12, server-behaviour §10)."""

from __future__ import annotations

import hmac

from msgspec import Struct

from connector.sandbox.ibexa.errors import RestError, no_permission
from connector.sandbox.ibexa.render import user_ref
from connector.sandbox.ibexa.routes.login import Door
from connector.sandbox.ibexa.sessions import COOKIE, Session, Sessions, no_cookie
from connector.sandbox.ibexa.wire import Answer, Call, Route, ref

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_CHECK = frozenset({"session.create", "session.refresh", "session.delete"})


def check_csrf(call: Call) -> None:
    """401 for a request that runs in a session without the session's own token; also for a bearer of a JWT."""
    session = call.session
    given = call.request.headers.get("x-csrf-token", "")
    if session is not None and not hmac.compare_digest(given.encode(), session.csrf_token.encode()):
        raise no_permission(f"{call.request.method} {call.request.path}", "Missing or invalid CSRF token")


class SessionRoutes(Struct, frozen=True):
    """The four operations over the sessions kept here."""

    sessions: Sessions
    door: Door

    def routes(self) -> tuple[Route, ...]:
        """Their routes; logging in takes its time, so it is done without the repository's lock."""
        one = "/user/sessions/{sessionId}"
        return (
            Route("session.create", "POST", "/user/sessions", self._create, "SessionInput", locked=False),
            Route("session.get", "GET", "/user/sessions/current", self._get),
            Route("session.delete", "DELETE", one, self._delete),
            Route("session.refresh", "POST", one + "/refresh", self._refresh),
        )

    def _create(self, call: Call) -> Answer:
        try:
            user, _ = self.door.pass_through(call, ("login", "password"), "SessionInput")
        except RestError as error:
            if error.status == 401:
                self.sessions.end(call.session)
            raise
        running = call.session
        if running is not None and running.user_id is not None:
            return _shown(running, user.id) if running.user_id == user.id else Answer(409)
        session = self.sessions.start(user.id)
        answer = _shown(session, user.id)
        answer.status = 201
        answer.headers.append(session.cookie)
        return answer

    def _get(self, call: Call) -> Answer:
        if call.session is None:
            return self._leave(call, 404)
        return _shown(call.session, call.user.id)

    def _delete(self, call: Call) -> Answer:
        if not _is_own(call):
            return self._leave(call, 404)
        check_csrf(call)
        return self._leave(call, 204)

    def _refresh(self, call: Call) -> Answer:
        if call.session is None or not _is_own(call):
            return self._leave(call, 404)
        check_csrf(call)
        return _shown(call.session, call.user.id)

    def _leave(self, call: Call, status: int) -> Answer:
        """Whatever the answer, nobody is logged in after it."""
        self.sessions.end(call.session)
        return Answer(status, headers=[no_cookie(call.repository.clock())])


def _is_own(call: Call) -> bool:
    session = call.session
    return session is not None and session.user_id is not None and session.id == call.params["sessionId"]


def _shown(session: Session, user_id: int) -> Answer:
    body = {
        **ref("Session", f"/user/sessions/{session.id}"),
        "name": COOKIE,
        "identifier": session.id,
        "csrfToken": session.csrf_token,
        "User": user_ref(user_id),
    }
    return Answer(200, "Session", {"Session": body})
