"""E-mail over SMTP: STARTTLS, TLS from the start, or neither inside a network of one's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Self

from connector.alerts.notice import TIMEOUT_SECONDS, Notice, NotTold
from connector.core.jsonio import Json
from connector.core.problem import Finding
from connector.core.spec import TEXT, Field, Spec

if TYPE_CHECKING:
    import smtplib
    from email.message import EmailMessage

_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_ADDRESS: Mapping[str, Json] = {"type": "string", "pattern": "^[^\\s@<>,]+@[^\\s@<>,]+$"}


class Email:
    """Sends one mail a notice."""

    spec: ClassVar[Spec] = Spec(
        "email",
        "E-mail",
        "Sends a mail by SMTP.",
        {
            "host": Field(TEXT, "The mail server.", required=True, example="${SMTP_HOST}"),
            "port": Field(
                {"type": "integer", "minimum": 1, "maximum": 65535}, "587 for starttls, 465 for tls, else 25."
            ),
            "security": Field(
                {"type": "string", "enum": list(_PORTS)},
                "starttls: encrypted after a greeting, never without; tls: from the start; none: for a server of your"
                " own network.",
                default="starttls",
            ),
            "username": Field(TEXT, "If the server wants one.", example="${SMTP_USER}"),
            "password": Field(TEXT, "Its password.", secret=True, example="${SMTP_PASSWORD}"),
            "from": Field(_ADDRESS, "The sender.", required=True, example="connector@example.com"),
            "to": Field(
                {"type": "array", "items": _ADDRESS, "minItems": 1},
                "Who is told.",
                required=True,
                example=["ops@example.com"],
            ),
        },
    )

    def __init__(self, config: Mapping[str, Any]) -> None:
        self._config = config
        self._security = str(config.get("security", "starttls"))
        self._port = int(config.get("port", _PORTS[self._security]))

    @classmethod
    def build(cls, name: str, config: Mapping[str, Json]) -> Self:  # noqa: ARG003 - one signature for all ways
        """From the declaration."""
        return cls(config)

    @classmethod
    def lint(cls, config: Mapping[str, Json], systems: Mapping[str, Sequence[Json]]) -> list[Finding]:  # noqa: ARG003
        """A password that would travel in the clear."""
        if config.get("security") != "none" or "password" not in config:
            return []
        message = "credentials would travel unencrypted"
        return [Finding("/security", "CFG140", message, "Use starttls or tls.", "warning")]

    def tell(self, notice: Notice) -> None:
        """Send it to all.

        Raises:
            NotTold: no connection, no TLS, refused log-in, or a refused sender or recipient.
        """
        import smtplib  # noqa: PLC0415 - every start reads this file, and few send a mail

        try:
            with self._connected() as server:
                if "username" in self._config:
                    password = self._config.get("password")
                    server.login(str(self._config["username"]), password.reveal() if password else "")
                refused = server.send_message(self._mail(notice))
        except smtplib.SMTPResponseException as error:
            raise NotTold(f"the mail server answered {error.smtp_code} ({type(error).__name__})") from None
        except (smtplib.SMTPException, OSError, UnicodeError, ValueError) as error:
            raise NotTold(f"the mail was not sent ({type(error).__name__})") from None
        if refused:
            raise NotTold(f"the mail server refused {len(refused)} of {len(self._config['to'])} recipients")

    def _connected(self) -> smtplib.SMTP:
        import smtplib  # noqa: PLC0415 - as above
        import ssl  # noqa: PLC0415

        host = str(self._config["host"])
        if self._security == "tls":
            trusted = ssl.create_default_context()
            return smtplib.SMTP_SSL(host, self._port, timeout=TIMEOUT_SECONDS, context=trusted)
        server = smtplib.SMTP(host, self._port, timeout=TIMEOUT_SECONDS)
        if self._security == "starttls":
            try:
                server.starttls(context=ssl.create_default_context())
            except Exception:
                server.close()
                raise
        return server

    def _mail(self, notice: Notice) -> EmailMessage:
        from email.message import EmailMessage  # noqa: PLC0415 - as above
        from email.utils import format_datetime, make_msgid  # noqa: PLC0415

        mail = EmailMessage()
        mail["Subject"] = " ".join(notice.title().split())
        mail["From"] = str(self._config["from"])
        mail["To"] = ", ".join(self._config["to"])
        mail["Date"] = format_datetime(notice.at)
        mail["Message-ID"] = make_msgid(domain="connector.invalid")
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(notice.text())
        return mail
