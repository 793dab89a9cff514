"""Who is at the other end: what went wrong before anything was sent over TLS is told apart from what broke later."""

from __future__ import annotations

import ssl
from pathlib import Path

from urllib3.connection import HTTPSConnection
from urllib3.exceptions import NewConnectionError
from urllib3.util.ssl_match_hostname import CertificateError

from connector.core.errors import ConfigError

_NO_TLS = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE")


class NotTrusted(NewConnectionError):
    """No TLS connection came about, so nothing was sent; ``why`` and ``hint`` are for people."""

    def __init__(self, connection: HTTPSConnection, error: Exception) -> None:
        self.why, self.hint = _told(error)
        super().__init__(connection, self.why)


class Trusting(HTTPSConnection):
    """An error of TLS after this connection stands is one of a request under way, never of one unsent."""

    def connect(self) -> None:
        """Connect and shake hands.

        Raises:
            NotTrusted: no handshake, or a certificate that is not good enough.
        """
        try:
            super().connect()
        except (ssl.SSLError, CertificateError) as error:
            raise NotTrusted(self, error) from error


def trusted(ca_file: str, root: Path) -> str:
    """The path of a file of certificates inside the project at ``root``.

    Raises:
        ConfigError: it is not there, or holds none.
    """
    path = (root / ca_file).resolve()
    if not path.is_file():
        raise ConfigError(f"the ca_file {ca_file} is not there", hint="It is looked for in the project.")
    try:
        ssl.create_default_context(cafile=path)
    except (ssl.SSLError, OSError):
        raise ConfigError(
            f"the ca_file {ca_file} holds no certificate that can be read",
            hint="It wants certificates in PEM form: -----BEGIN CERTIFICATE----- and so on.",
        ) from None
    return str(path)


def _told(error: Exception) -> tuple[str, str]:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message, "Mend the server's certificate, or name its issuer's in ca_file."
    reason = str(getattr(error, "reason", "") or "")
    if any(word in reason for word in _NO_TLS):
        return "it does not answer in TLS", "Is it http:// that is spoken at this port?"
    return reason.lower().replace("_", " ") or type(error).__name__, "Do both sides speak TLS 1.2 or newer?"
