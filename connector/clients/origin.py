"""The same-origin rule: where a client may send its credentials, and where a link from an answer may lead."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit, urlunsplit

from connector.core.base_address import address_fault
from connector.core.errors import ConfigError, OriginRefused
from connector.core.jsonio import shown

_PORTS = {"http": 80, "https": 443}


def origin_of(url: str) -> str:
    """``https://host:port`` with the port always written.

    Raises:
        ValueError: no http(s) URL with a host.
    """
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError("not an http(s) URL with a host")
    port = parts.port or _PORTS[parts.scheme]
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host.lower()}:{port}"


def checked_base(url: str, *, where: str) -> str:
    """A base URL without a trailing slash.

    Raises:
        ConfigError: not http(s), or with user, query or fragment.
    """
    fault = address_fault(url)
    if fault is not None:
        raise ConfigError(f"{where}: the base URL {fault.message}", hint=fault.hint)
    parts = urlsplit(url.strip())
    return urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/"), "", ""))


def resolve_link(link: str, base: str, origin: str) -> str:
    """The absolute URL of a link found in an answer, on the own origin only.

    Args:
        link: absolute, path-absolute, or relative to ``base``.
        base: the URL of the answer that held it.
        origin: the client's own.

    Raises:
        OriginRefused: it leads elsewhere, or tries to look as if it did not.
    """
    plain = link.strip()
    if not plain or plain.startswith("//") or "\\" in plain or any(ord(char) < 33 for char in plain):
        raise OriginRefused(f"the link {shown(plain, 60)!r} is not followed: it is malformed")
    url = urljoin(base, plain)
    try:
        target = origin_of(url)
        has_user = urlsplit(url).username is not None
    except ValueError:
        raise OriginRefused(f"the link {_place(url)} is not followed: it is no http(s) address") from None
    if has_user or target != origin:
        raise OriginRefused(
            f"the link to {_place(url)} is not followed: it leaves {origin}",
            hint="Credentials stay on the client's own host: correct base_url, or the system's own address.",
        )
    return url


def _place(url: str) -> str:
    parts = urlsplit(url)
    try:
        port = f":{parts.port}" if parts.port else ""  # it may be all that differs
    except ValueError:
        port = ""
    return shown(f"{parts.scheme}://{parts.hostname or ''}{port}{parts.path}", 80)
