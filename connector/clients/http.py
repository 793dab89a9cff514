"""The HTTP client: signs, waits its turn, sends, retries what may be retried, logs. Knows no system."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self
from urllib.parse import quote

from msgspec import Struct, field

from connector.clients.auth import AUTHS, Auth
from connector.clients.fields import FIELDS
from connector.clients.gate import Gate, Passage
from connector.clients.log import RequestLogger
from connector.clients.origin import checked_base, origin_of, resolve_link
from connector.clients.rate import Pace
from connector.clients.request import Request, Response, TooLate
from connector.clients.retry import RetryPolicy, retry_after
from connector.core.errors import (
    AnswerLost,
    AuthRefused,
    BadAnswer,
    ClientError,
    RecordError,
    Stopped,
    Unreachable,
)
from connector.core.garbage import loading
from connector.core.jsonio import Json
from connector.core.loopback import is_loopback
from connector.core.problem import Finding
from connector.core.scope import check_going
from connector.core.secrets import Secret
from connector.core.services import Services
from connector.core.spec import Spec
from connector.core.units import seconds, size

if TYPE_CHECKING:
    from connector.clients.transport import Transport

log = logging.getLogger("connector.clients")

MAX_REDIRECTS = 5
_ALWAYS = {"Accept-Encoding": "gzip", "Accept": "application/json", "User-Agent": "ibexa-connector"}
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_DROPPED_HINT = "Does a proxy before the system drop the Authorization header?"
MAX_RENEWALS = 3
"""New tokens for one request: a fresh one may be void already when a server restarts, or all tokens are revoked."""


class Manner(Struct, frozen=True):
    """How a system wants to be spoken to, over and above plain HTTP.

    Attributes:
        headers: sent with every request, under the request's own.
        signed_headers: sent with every request that carries credentials; the log-in does not.
        override: methods sent as POST with X-HTTP-Method-Override.
        not_repeated: statuses after which even a safe request is not repeated.
    """

    headers: Mapping[str, str] = field(default_factory=dict)
    signed_headers: Mapping[str, str] = field(default_factory=dict)
    override: frozenset[str] = frozenset()
    not_repeated: frozenset[int] = frozenset()


class HttpClient:
    """One system, shared by all threads that use it."""

    spec: ClassVar[Spec] = Spec("http", "HTTP client", "Any system with an HTTP API that speaks JSON.", FIELDS)

    def __init__(
        self, name: str, base_url: str, config: Mapping[str, Json], services: Services, manner: Manner | None = None
    ) -> None:
        self.name = name
        self.base_url = checked_base(base_url, where=f"client {name}")
        self.origin = origin_of(self.base_url)
        self._config = {**{key: one.default for key, one in FIELDS.items()}, **config}
        self._services = services
        self._manner = manner or Manner()
        self._policy = _policy(self._config["retry"], self._manner.not_repeated)
        wait, patience = self._policy.wait, self._policy.max_retry_after
        self._gate = Gate(name, services.clock, services.stop, back_off=wait, patience=patience)
        self._pace = Pace(int(self._config["max_in_flight"]), config.get("rate_limit"), services.stop)
        self._logger = RequestLogger(name, str(self._config["request_log"]), services.log_request)
        self._transport: Transport | None = None
        self._lock = threading.Lock()
        declared = self._config["auth"]
        self._auth: Auth = AUTHS.get(declared["type"]).build(declared, self._send_plain, services.clock)
        static = {key: _checked_header(key, value) for key, value in self._config["headers"].items()}
        self._common = {**_ALWAYS, **self._manner.headers, **static}

    @classmethod
    def build(cls, name: str, config: Mapping[str, Json], services: Services) -> Self:
        """From the declaration; nothing is sent yet.

        Raises:
            ConfigError: the base URL is none.
        """
        return cls(name, str(config["base_url"]), config, services)

    @classmethod
    def lint(cls, config: Mapping[str, Json], systems: Mapping[str, Sequence[Json]]) -> list[Finding]:  # noqa: ARG003 - one signature for all kinds
        """A base URL that sends credentials in the clear."""
        url = config.get("base_url")
        if isinstance(url, str) and re.match(r"\s*https?://[^/?#]*@", url) and "${" in url:
            hint = 'Write "auth": { "type": "basic", "username": …, "password": "${NAME}" }.'
            return [Finding("/base_url", "CFG114", "user name and password do not belong into the address", hint)]
        if not isinstance(url, str) or "${" in url or not url.startswith("http://") or is_loopback(url):
            return []
        return [Finding("/base_url", "CFG140", "credentials would travel unencrypted", "Use https://.", "warning")]

    # -- sending ----------------------------------------------------------------------------------------------------

    def send(self, request: Request) -> Response:
        """Send, with everything the declaration asks for.

        Returns:
            The answer, whatever its status; redirects of safe requests are followed on the own origin.

        Raises:
            Unreachable: nothing was sent.
            AnswerLost: sent, but no whole answer.
            RateLimited: the system asks for a longer wait than allowed; nothing took effect.
            AuthRefused: the log-in was refused.
            OriginRefused: a link or redirect leads elsewhere.
            AnswerTooLarge, BadAnswer: the body.
            RecordError: a header or path value cannot be sent.
            Stopped: asked to stop while waiting.
            TooLate: it has waited for longer than its ``within``; nothing was sent.
        """
        response = self._authorised(request)
        for _ in range(MAX_REDIRECTS):
            target = response.headers.get("location")
            if response.status not in (301, 302, 303, 307, 308) or not target or not request.is_safe:
                return response
            if response.status in (301, 302, 303) and request.method not in ("GET", "HEAD"):
                return response
            link = resolve_link(target, response.url, self.origin)
            request = Request(
                request.method,
                link=link,
                headers=request.headers,
                body=request.body,
                safe=True,
                operation=request.operation,
            )
            response = self._authorised(request)
        raise BadAnswer(f"{response.url} redirects without end", hint="Check base_url and the endpoint.")

    def login(self) -> None:
        """Authenticate now; does nothing for fixed credentials.

        Raises:
            AuthRefused, ClientError: see ``send``.
        """
        self._auth.headers()

    @property
    def user(self) -> str:
        """Who we are there, if the credentials say."""
        return self._auth.user

    def describe(self) -> dict[str, Json]:
        """For people and scripts; without secrets."""
        kind = self._config["auth"]["type"]
        return {"name": self.name, "base_url": self.base_url, "auth": kind, "user": self.user}

    def close(self) -> None:
        """Close the connections."""
        if self._transport is not None:
            self._transport.close()

    def _authorised(self, request: Request) -> Response:
        used = self._auth.headers()
        response = self._repeated(request, used)
        for _ in range(MAX_RENEWALS):
            # The firewall refused the token before the request was looked at: sending it again is safe for writes too.
            if response.status != 401 or not self._auth.renew(response, used):
                return response
            used = self._auth.headers()
            response = self._repeated(request, used)
        if response.status != 401:
            return response
        # Not the message's fault: as an answer it would fail every task, each after some log-ins.
        raise AuthRefused(f"{response.url} refuses a token that it gave out itself just now", hint=_DROPPED_HINT)

    def _send_plain(self, request: Request) -> Response:
        """For the log-in: without credentials, and past the slots that waiting workers hold."""
        return self._repeated(request, {}, paced=False)

    def _repeated(self, request: Request, credentials: Mapping[str, str], *, paced: bool = True) -> Response:
        wire = self._prepared(request, credentials)
        begun = self._services.clock.monotonic()
        deadline = begun + self._policy.max_elapsed
        attempt = 0
        while True:
            attempt += 1
            with self._pace.slot() if paced else nullcontext(), self._gate.passage(deadline) as passage:
                # The gate comes last: nobody who waited for a slot meanwhile goes past a gate that was closed then.
                if request.within is not None and self._services.clock.monotonic() - begun > request.within:
                    self._gate.left(passage)
                    raise TooLate
                answer = self._once(request, wire, attempt)
                shut = self._told(answer, passage)
            wait = self._wait_before_next(request, answer, attempt, shut)
            if wait is None or self._services.clock.monotonic() + wait > deadline:
                return self._given(request, answer, shut)
            if self._services.stop.wait(wait):
                raise Stopped("asked to stop while waiting for the system")

    def _once(self, request: Request, wire: tuple[str, str, Mapping[str, str]], attempt: int) -> Response | ClientError:
        method, url, headers = wire
        check_going()
        started = self._services.clock.monotonic()
        answer: Response | ClientError
        try:
            answer = self._wire().send(method, url, headers, request.body)
        except (Unreachable, AnswerLost) as error:
            answer = error
        except ClientError as error:
            self._logger.log(request, error, attempt, self._services.clock.monotonic() - started)
            raise
        self._logger.log(request, answer, attempt, self._services.clock.monotonic() - started)
        return answer

    def _told(self, answer: Response | ClientError, passage: Passage) -> float:
        """Open or close the gate for everybody by an answer; the seconds for which it is closed now."""
        if isinstance(answer, ClientError):
            return 0.0
        if answer.status in (429, 503):
            return self._gate.refused(passage, retry_after(answer))
        self._gate.well(passage)
        return 0.0

    def _wait_before_next(
        self, request: Request, answer: Response | ClientError, attempt: int, shut: float
    ) -> float | None:
        """Seconds to wait before another attempt, the gate's not included; None when this answer stands."""
        left = attempt < self._policy.max_attempts
        if isinstance(answer, ClientError):
            may = isinstance(answer, Unreachable) or request.is_safe
            return self._policy.wait(attempt) if may and left else None
        if shut > self._policy.max_retry_after:
            return None
        if answer.status == 429:  # refused before it was looked at: any request may be repeated
            return 0.0 if self._policy.max_attempts > 1 else None
        if not left or not request.is_safe or answer.status not in self._policy.repeated:
            return None
        return 0.0 if answer.status == 503 else self._policy.wait(attempt)

    def _given(self, request: Request, answer: Response | ClientError, shut: float) -> Response:
        """The answer that stands."""
        if isinstance(answer, ClientError):
            raise answer
        asks_too_long = request.is_safe and answer.status == 503 and shut > self._policy.max_retry_after
        if answer.status == 429 or asks_too_long:
            raise self._gate.limited(shut)
        return answer

    def _prepared(self, request: Request, credentials: Mapping[str, str]) -> tuple[str, str, dict[str, str]]:
        url = (
            resolve_link(request.link, self.base_url + "/", self.origin)
            if request.link
            else self.base_url + request.path
        )
        if request.query:
            pairs = "&".join(f"{quote(name, safe='')}={_quoted(name, value)}" for name, value in request.query)
            url += ("&" if "?" in url else "?") + pairs
        headers = dict(self._common)
        for name, value in request.headers.items():
            headers[name] = _checked_header(name, value)
        method = request.method
        if method in self._manner.override:
            headers["X-HTTP-Method-Override"], method = method, "POST"
        if credentials:
            headers.update(self._manner.signed_headers)
            headers.update(credentials)
        return method, url, headers

    def _wire(self) -> Transport:
        if self._transport is None:
            with self._lock:
                if self._transport is None:
                    self._transport = _transport(self._config, self._services.root)
        return self._transport


def _transport(config: Mapping[str, Json], root: Path) -> Transport:
    with loading():
        from connector.clients.tls import trusted  # noqa: PLC0415 - requests is heavy; checks do without
        from connector.clients.transport import Limits, Transport  # noqa: PLC0415

    timeout = config["timeout"]
    limits = Limits(
        connect=seconds(timeout.get("connect", "5s")),
        read=seconds(timeout.get("read", "60s")),
        total=seconds(timeout.get("total", "2m")),
        max_body=size(str(config["max_body"])),
        connections=int(config["max_in_flight"]) + 1,  # one more for the log-in
    )
    named = config.get("ca_file")
    verify = trusted(named, root) if isinstance(named, str) else True
    return Transport(limits, verify=verify)


def _policy(config: Mapping[str, Any], not_repeated: frozenset[int]) -> RetryPolicy:
    plain = RetryPolicy()
    return RetryPolicy(
        max_attempts=int(config.get("max_attempts", plain.max_attempts)),
        first_wait=seconds(config.get("first_wait", "500ms")),
        max_wait=seconds(config.get("max_wait", "20s")),
        max_retry_after=seconds(config.get("max_retry_after", "2m")),
        max_elapsed=seconds(config.get("max_elapsed", "5m")),
        repeated=plain.repeated - not_repeated,
    )


def _checked_header(name: str, value: Json) -> str:
    text = value.reveal() if isinstance(value, Secret) else str(value)
    if _CONTROL.search(text):
        raise RecordError(f"the value of the header {name} holds a control character", hint="Clean it in the mapping.")
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        raise RecordError(f"the value of the header {name} holds characters no header can", hint="Encode it.") from None
    return text


def _quoted(name: str, value: str) -> str:
    try:
        return quote(value, safe="")
    except UnicodeEncodeError:
        raise RecordError(f"the query value '{name}' holds a lone surrogate", hint="Clean it in the mapping.") from None
