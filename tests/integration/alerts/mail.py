"""A mail server over real sockets that keeps what it is given; it speaks no TLS."""

from __future__ import annotations

import base64
import socketserver
import threading
from typing import Self


class MailServer:
    """Takes mail; ``refuses`` recipients with these addresses."""

    def __init__(self, refuses: tuple[str, ...] = ()) -> None:
        self.mails: list[str] = []
        self.logins: list[tuple[str, str]] = []
        self.commands: list[str] = []
        self.refuses = refuses
        owner = self

        class Session(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self._say("220 mail ready")
                while line := self.rfile.readline():
                    owner.commands.append(line.decode().strip())
                    word = line.decode().split(" ")[0].strip().upper()
                    if word == "QUIT":
                        self._say("221 bye")
                        return
                    getattr(self, f"_{word.lower()}", lambda _: self._say("502 not known"))(line.decode().strip())

            def _say(self, text: str) -> None:
                self.wfile.write(text.encode() + b"\r\n")

            def _ehlo(self, _: str) -> None:
                self._say("250-mail\r\n250 AUTH PLAIN")

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

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
        self._server.daemon_threads = True
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
