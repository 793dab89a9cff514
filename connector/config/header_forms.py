"""Names and values of HTTP headers, as files declare them."""

from __future__ import annotations

import re

from connector.config.text_fault import Fault

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""A token of RFC 9110."""
_OUT_OF_FORM = re.compile(r"[\x00-\x1f\x7f]")
_COUNTED = frozenset({"content-length", "transfer-encoding", "te", "trailer", "connection", "keep-alive", "upgrade"})
"""Of each message or connection: a fixed one would be wrong for most of them."""


def header_name(text: str) -> Fault | None:
    """The name of a header."""
    if text.lower() in _COUNTED:
        return Fault(
            "CFG114", "is of each single request", "Leave it out: it is set with each request as that wants it."
        )
    if text.lower() == "host":
        hint = "Leave it out, unless base_url is an address behind which several hosts lie."
        return Fault("CFG114", "is the host of base_url by itself", hint, severity="warning")
    if _NAME.fullmatch(text):
        return None
    name, colon, value = text.strip().partition(":")
    plain = re.sub(r"[^!#$%&'*+.^_`|~0-9A-Za-z-]+", "-", name).strip("-")
    if not plain:
        return Fault("CFG114", "is no name of a header", "Write its name, such as Accept-Language.")
    if value:
        hint = f'The value stands behind it, in a text of its own: "{plain}": "…".'
        return Fault("CFG114", "is no name of a header alone", hint, called="the key")
    said = "The colon is left out. " if colon else ""
    return Fault("CFG114", "is no name of a header", f"{said}Letters, digits and hyphens: {plain}.")


def header_value(text: str) -> Fault | None:
    """What a header can hold; it may be a secret, so it is not quoted."""
    called = "the value"
    if _OUT_OF_FORM.search(text):
        message = "holds a line end or another control character"
        return Fault("CFG114", message, "A header is one line: take it out.", called=called)
    if text != text.strip():
        return Fault("CFG114", "begins or ends with a blank", "Take it away.", called=called)
    try:
        text.encode("latin-1")
    except UnicodeEncodeError as error:
        hint = "Write it as the system wants such letters in a header, mostly percent-encoded: %E6%97%A5."
        return Fault("CFG114", "holds a character that no header can", hint, error.start, called=called)
    return None


def siteaccess(text: str) -> Fault | None:
    """The name of a siteaccess, which is sent in a header."""
    if re.search(r"\s", text):
        return Fault(
            "CFG114", "has a blank or a line end in it", "Write its name alone: admin.", called="the siteaccess"
        )
    return header_value(text)
