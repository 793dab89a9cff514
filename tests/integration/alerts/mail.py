"""A mail server over real sockets that keeps what it is given; it speaks TLS when it is given a context for it."""

from __future__ import annotations

import base64
import socketserver
import ssl
import threading
from typing import Self


class MailServer:
    """Takes mail; ``refuses`` recipients with these addresses; ``tls`` is offered by STARTTLS or spoken ``at_once``."""

    def __init__(
        self, refuses: tuple[str, ...] = (), tls: ssl.SSLContext | None = None, *, at_once: bool = False
    ) -> None:
        self.mails: list[str] = []
        self.logins: list[tuple[str, str]] = []
        self.commands: list[str] = []
        self.clear: list[str] = []
        self.refuses = refuses
        owner = self

        class Session(socketserver.StreamRequestHandler):
            def setup(self) -> None:
                super().setup()
                self._secure = False
                if tls is not None and at_once:
                    self._secured(tls)

            def handle(self) -> None:
                self._say("220 mail ready")
                while line := self.rfile.readline():
                    owner.commands.append(line.decode().strip())
                    if not self._secure:
                        owner.clear.append(line.decode().strip())
                    word = line.decode().split(" ")[0].strip().upper()
                    if word == "QUIT":
                        self._say("221 bye")
                        return
                    getattr(self, f"_{word.lower()}", lambda _: self._say("502 not known"))(line.decode().strip())

            def _say(self, text: str) -> None:
                self.wfile.write(text.encode() + b"\r\n")

            def _ehlo(self, _: str) -> None:
                self._say("250-mail\r\n" + ("" if tls is None else "250-STARTTLS\r\n") + "250 AUTH PLAIN")

            def _starttls(self, _: str) -> None:
                if tls is None:
                    self._say("502 not known")
                    return
                self._say("220 go on")
                self._secured(tls)

            def _secured(self, context: ssl.SSLContext) -> None:
                self.connection = context.wrap_socket(self.request, server_side=True)
                self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
                self._secure = True

            def finish(self) -> None:
                super().finish()
                self.connection.close()

            def _auth(self, line: str) -> None:
                _, user, password = base64.b64decode(line.split()[2]).decode().split("\0")
                owner.logins.append((user, password))
                self._say("235 welcome")

            def _mail(self, _: str) -> None:
                self._say("250 ok")

            def _rcpt(self, line: str) -> None:
                self._say("550 nobody" if any(one in line for one in owner.refuses) else "250 ok")

            def _rset(self, _: str) -> None:
                self._say("250 ok")

            def _data(self, _: str) -> None:
                self._say("354 go on")
                lines = []
                while (line := self.rfile.readline()) not in (b".\r\n", b""):
                    lines.append(line.decode())
                owner.mails.append("".join(lines))
                self._say("250 taken")

        class Listener(socketserver.ThreadingTCPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                """A client that ends the handshake; it is judged by what the client says."""

        self._server = Listener(("127.0.0.1", 0), Session)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
