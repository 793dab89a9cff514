"""The ways in which the server refuses: an ErrorMessage of some status, or PHP's bare 500 with nothing in it.

Texts and codes follow what was seen on 4.6.25 (server-behaviour §2), also where they are odd.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

Json = Any
GENERIC = "An error has occurred. Please try again later or contact your Administrator."
_MEDIA_TYPE = "application/vnd.ibexa.api.ErrorMessage+json"


class RestError(Exception):
    """Answered as an ErrorMessage; ``details`` become errorDetails.fields, ``previous`` nests."""

    def __init__(
        self, status: int, description: str, *, details: list[Json] | None = None, previous: RestError | None = None
    ) -> None:
        super().__init__(status, description)
        self.status = status
        self.description = description
        self.details = details
        self.previous = previous

    def body(self) -> Json:
        """The JSON of the error, with its root element."""
        return {"ErrorMessage": self._inner()}

    def _inner(self) -> dict[str, Json]:
        shown = self.description if self.status < 500 or self.status == 501 else GENERIC
        inner: dict[str, Json] = {
            "_media-type": _MEDIA_TYPE,
            "errorCode": self.status,
            "errorMessage": HTTPStatus(self.status).phrase,
            "errorDescription": shown,
        }
        if self.details:
            inner["errorDetails"] = {"fields": self.details}
        if self.previous:
            inner["Previous"] = {"_media-type": _MEDIA_TYPE, **self.previous.body()}
        return inner


class PhpError(Exception):
    """A type error inside the server: 500, text/html, no body (server-behaviour §2)."""


def bad_request(description: str) -> RestError:
    """400: the body or a parameter does not do."""
    return RestError(400, description)


def no_permission(function: str, module: str = "content", what: Mapping[str, object] | None = None) -> RestError:
    """401: a permission is missing; a new token would not help (server-behaviour §1)."""
    text = f"The User does not have the '{function}' '{module}' permission"
    if what:
        text += " with: " + ", ".join(f"{name} '{value}'" for name, value in what.items())
    return RestError(401, text)


def forbidden(description: str) -> RestError:
    """403: not in this state, or it exists already."""
    return RestError(403, description)


def not_found(what: str, identifier: object, cause: str | None = None) -> RestError:
    """404 in the words of the repository; ``cause`` is the storage's own message below it."""
    previous = None if cause is None else RestError(404, f"Could not find '{what.lower()}' with identifier '{cause}'")
    return RestError(404, f"Could not find '{what}' with identifier '{identifier}'", previous=previous)


def refused(argument: str, why: str) -> RestError:
    """406: the repository does not take this argument."""
    return RestError(406, f"Argument '{argument}' is invalid: {why}")


def incorrect(argument: str, value: object, of: str = "") -> RestError:
    """406: a value that an argument, or the class of a structure, cannot take; in PHP's way of writing it."""
    return refused(argument, f"'{exported(value)}' is incorrect value" + (f" in class '{of}'" if of else ""))


def exported(value: object) -> str:
    """A text as it is, anything else as PHP's var_export writes it."""
    if isinstance(value, dict):
        return "array (\n" + "".join(f"  '{key}' => '{each}',\n" for key, each in value.items()) + ")"
    if value is None or isinstance(value, bool):
        return "NULL" if value is None else str(value).lower()
    return str(value)


def conflict(argument: str, why: str) -> RestError:
    """409: the thing is in no state for this."""
    return RestError(409, f"Argument '{argument}' has a bad state: {why}")


def broken_in_database(cause: str) -> RestError:
    """500 where the database refuses: the driver's exceptions show as three causes below, each without a text."""
    error: RestError | None = None
    for _ in range(4):
        error = RestError(500, cause, previous=error)
    return error or broken(cause)


def broken(cause: str = "") -> RestError:
    """500 as an ErrorMessage: the text given stays inside, as on a production server."""
    return RestError(500, cause or GENERIC)
