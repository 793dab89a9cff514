"""An Ibexa DXP 4.6 or 5.0 to try a client against: its REST API over data in memory, on a port of this machine.

It behaves as a clean install was seen to behave, odd status codes included, and keeps a book of what was asked of it.
Not for production, and no reference: what it does not play it answers with 501 and the operation's id.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from connector.sandbox.http import Request, Response, Server
from connector.sandbox.ibexa.admin import PREFIX, Admin
from connector.sandbox.ibexa.app import RestApp
from connector.sandbox.ibexa.book import Book
from connector.sandbox.ibexa.faults import Faults
from connector.sandbox.ibexa.journal import Journal, JournalError
from connector.sandbox.ibexa.releases import V4_6, release
from connector.sandbox.ibexa.repository import Repository
from connector.sandbox.ibexa.routes import login
from connector.sandbox.ibexa.routes.sessions import SessionRoutes
from connector.sandbox.ibexa.seed import sow
from connector.sandbox.ibexa.sessions import Sessions
from connector.sandbox.ibexa.tokens import Tokens

Json = Any
_WORTH_A_SNAPSHOT = 200  # writes that a start takes longer to carry out than to read
__all__ = ["Book", "Faults", "IbexaSandbox", "JournalError", "Repository"]


class IbexaSandbox:
    """The server: ``with IbexaSandbox() as sandbox: ... sandbox.url``; the REST API is below ``/api/ibexa/v2``.

    Args:
        host: the address to listen on.
        port: 0 takes a free one.
        username: the administrator's login; user 14 of a clean install.
        password: the administrator's password.
        token_ttl: seconds for which a token is good.
        version: of Ibexa, "4.6" or "5.0".
        login_seconds: how long each login takes; a real server takes a second, tests may take none.
        file: keeps what is written, beyond the end of the process; made where there is none.
        clock: gives Unix seconds; for tokens, dates and the book.

    Raises:
        ValueError: there is no such version.
        JournalError: the file is damaged, of another version, or in use.
        OSError: the file cannot be opened.
    """

    def __init__(  # noqa: PLR0913 - all have a default, most are named
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        username: str = "admin",
        password: str = "publish",
        version: str = V4_6.name,
        token_ttl: float = 3600.0,
        login_seconds: float = 1.0,
        file: Path | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.username, self.password = username, password
        self.login_seconds = login_seconds
        self.repository = Repository(clock, release(version))
        self.tokens = Tokens(ttl=token_ttl, clock=clock)
        self.faults = Faults()
        self.book = Book(self.repository, clock)
        self.sessions = Sessions()
        door = login.Door(self.book, lambda: self.login_seconds)
        entry = (
            *login.routes(self.tokens, door, self.repository.release),
            *SessionRoutes(self.sessions, door).routes(),
        )
        self._rest = RestApp(
            self.repository, tokens=self.tokens, sessions=self.sessions, book=self.book, faults=self.faults,
            extra=entry,
        )  # fmt: skip
        self._admin = Admin(self.version, self.book, self.faults, self.tokens, self.reset)
        self._server = Server(host, port, self._answer, on_connect=self.book.connected)
        self.reset()
        self._journal = None if file is None else self._kept_in(file)

    def _kept_in(self, file: Path) -> Journal:
        journal = Journal(file, self.version, [self.username, self.password])
        with ExitStack() as undo:
            undo.callback(journal.close)
            self._rest.carry_out_again(journal)
            undo.pop_all()
        self.book.reset()
        return journal

    @property
    def version(self) -> str:
        """Of Ibexa: "4.6" or "5.0"."""
        return self.repository.release.name

    @property
    def is_new(self) -> bool:
        """Whether it began as a clean install: it has no file, or an empty one."""
        return self._journal is None or self._journal.is_new

    def reset(self) -> None:
        """Back to the data of a clean install, with an empty book; tokens and faults stay."""
        with self.repository.lock:
            self.repository.install()
            admin = self.repository.users[14]
            admin.login, admin.password = self.username, self.password
            self.book.reset()
            if self._rest.journal is not None:
                self._rest.journal.clear()

    def seed(self, entries: Json) -> None:
        """Put content into it, as a list of content items and requests (see ``seed``); the book is empty afterwards.

        Faults in force hit this too: add them afterwards.

        Raises:
            ValueError: an entry is none, or was refused.
        """
        sow(entries, self.repository, self._rest, self.tokens.issue(self.username))
        self.book.reset()

    def start(self) -> Self:
        """Serve in the background; OSError when the port is taken."""
        self._server.start()
        return self

    def stop(self) -> None:
        """Close the port, every connection, and the file."""
        self._server.stop()
        with self.repository.lock:
            if self._journal is not None:
                self._rest.journal = None
                self._journal.keep_snapshot(self.repository, after=_WORTH_A_SNAPSHOT)
                self._journal.close()
                self._journal = None

    @property
    def url(self) -> str:
        """``http://127.0.0.1:PORT``."""
        return self._server.url

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _answer(self, request: Request) -> Response:
        return self._admin(request) if request.path.startswith(PREFIX) else self._rest(request)
