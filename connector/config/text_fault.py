"""What is wrong with a text that means something, such as a cron line."""

from __future__ import annotations

from msgspec import Struct


class Fault(Struct, frozen=True):
    """What is wrong with a text.

    Attributes:
        message: goes on after the value or what it is called, e.g. ``is no time zone``; never quotes the value itself.
        offset: characters into the text, where that is known.
        called: what to call the text in place of quoting it, where it may hold a secret or is not for a line.
    """

    code: str
    message: str
    hint: str
    offset: int | None = None
    severity: str = "error"
    called: str = ""
