"""What an answer of Ibexa means for the message that was sent: from status and body to an outcome, in words.

Facts seen on 4.6.25: a missing permission is a 401 with an ErrorMessage; a taken remote id is a 406; an unknown parent,
type or language is a 404 on the POST; PHP type errors are a 500 with an empty body and mostly a client's mistake.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from connector.clients.request import Response
from connector.config.pointer import below
from connector.core.errors import AnswerLost, BadAnswer, ClientError, RateLimited, Unreachable
from connector.core.jsonio import Json, JsonError, parse, shown
from connector.core.outcome import NotSent, Outcome, Refused, Unknown
from connector.core.problem import Place, Problem
from connector.core.secrets import redactor

_AWAY = frozenset({502, 503, 504})
_HINTS = {
    400: "Correct the message: preview shows it, `connector catalogue show` says what the operation takes.",
    401: "Give the connector's user that permission in Ibexa.",
    403: "The server's text says which state forbids it.",
    404: "Something that it refers to (parent, content type, language, id) is not there.",
    405: "This server does not offer it: see `connector catalogue show --live CLIENT`, and whether a proxy forbids "
    'the method ("method_override" of the client).',
    406: "The server's text names the value that it does not take.",
    409: "The content is not in a state for it: never published, in the trash, or being changed by somebody. It is "
    "tried again; publish or restore it if that is what is missing.",
    410: "It was there and is gone for good: take it out of the message.",
    413: "The body is larger than the site accepts: smaller images, or a higher limit there.",
    415: "The server does not know the media type that was sent: is it the version of Ibexa that you think? `connector "
    "check CLIENT` tells.",
    423: "Somebody has locked it: it is tried again.",
}
_ADVICE = frozenset({400, 401, 406})
"""Statuses whose hint is worth something beside what they mean for one operation."""


def refused(
    operation: str,
    response: Response,
    fields: Mapping[int, str] | None = None,
    *,
    says: Mapping[str, str] | None = None,
) -> Problem:
    """The problem that an error answer states.

    Args:
        operation: the operation's id.
        response: an answer of 300 or more.
        fields: identifiers by field definition id, to name the fields of a validation error; the problem is placed at
            the first of them.
        says: by status, what it means for this operation.
    """
    message = f"{operation} answered {response.status}: {description(response, fields)}"
    place = _first_field(_error_message(response) or {}, fields or {})
    return Problem(f"IBX{response.status}", message, _hint(response, says or {}), operation, place)


def _hint(response: Response, says: Mapping[str, str]) -> str:
    """What the status means for the operation, and what it always does where that says what to do."""
    usual, meaning = _HINTS.get(response.status, ""), says.get(str(response.status), "")
    if not meaning or (response.status == 404 and _is_no_route(response)):
        return usual
    return f"It means: {meaning}.{f' {usual}' if response.status in _ADVICE and usual else ''}"


def _is_no_route(response: Response) -> bool:
    return "no route found" in description(response).lower()


def outcome_of(
    operation: str,
    response: Response,
    fields: Mapping[int, str] | None = None,
    *,
    says: Mapping[str, str] | None = None,
) -> Outcome:
    """Refused, NotSent or Unknown for an answer of 300 or more; see ``refused``."""
    problem = refused(operation, response, fields, says=says)
    if response.status in _AWAY:
        return Unknown(problem, client_down=True)
    if response.status >= 500 and response.status != 501:  # what is not implemented took no effect
        return Unknown(problem)
    if response.status in (409, 423, 425):
        return NotSent(problem)
    return Refused(problem)


def outcome_of_error(operation: str, error: ClientError) -> Outcome:
    """What a call that gave no answer means; AuthRefused is the run's business and not handled here."""
    problem = error.problem(operation)
    if isinstance(error, RateLimited):
        return NotSent(problem, wait_seconds=error.seconds, client_down=True)
    if isinstance(error, Unreachable):
        return NotSent(problem, client_down=True)
    if isinstance(error, AnswerLost):
        return Unknown(problem, client_down=True)
    if isinstance(error, BadAnswer):
        return Unknown(problem)
    return Refused(problem)


def description(response: Response, fields: Mapping[int, str] | None = None) -> str:
    """The server's own words, in one line; or what came instead of them."""
    message = _error_message(response)
    if message is None:
        what = "an empty body" if not response.body.strip() else f"{response.content_type or 'no'} content"
        why = ", mostly a value of a type that it does not take" if response.status == 500 else ""
        return f"no explanation ({what}{why})"
    text = str(message.get("errorDescription") or message.get("errorMessage") or "no explanation")
    details = _details(message, fields or {})
    return shown(re.sub(r"\s+", " ", redactor.clean(text)).strip(), 300) + (f": {details}" if details else "")


def says_remote_id_exists(response: Response) -> bool:
    """Whether a refused create says that the remote id is taken: somebody was faster, or it was ourselves."""
    return response.status == 406 and "remoteid" in description(response).lower()


def says_gone(response: Response) -> bool:
    """Whether a refused DELETE says that there is nothing to delete; an address that is no route says 404 as well."""
    found = _error_message(response) if response.status == 404 else None
    return found is not None and "no route found" not in str(found.get("errorDescription")).lower()


def _error_message(response: Response) -> Mapping[str, Json] | None:
    try:
        body = parse(response.body)
    except JsonError:
        return None
    found = body.get("ErrorMessage") if isinstance(body, dict) else None
    if isinstance(found, dict):
        return found
    return {"errorDescription": body.get("message")} if isinstance(body, dict) and body.get("message") else None


def _details(message: Mapping[str, Json], fields: Mapping[int, str]) -> str:
    found = []
    for number, entry in _faults(message):
        name = fields.get(number, f"field definition {number}")
        texts = "; ".join(str(one.get("message", "")) for one in entry.get("errors", []) if isinstance(one, dict))
        found.append(f"{name}: {texts}")
    return shown(redactor.clean(", ".join(found)), 500)


def _faults(message: Mapping[str, Json]) -> list[tuple[Json, Mapping[str, Json]]]:
    """Of a validation error, what is wrong with each field, by the id of its definition (``_fieldTypeId``)."""
    details = message.get("errorDetails")
    entries = details.get("fields", []) if isinstance(details, dict) else []
    return (
        [(one.get("_fieldTypeId"), one) for one in entries if isinstance(one, dict)]
        if isinstance(entries, list)
        else []
    )


def _first_field(message: Mapping[str, Json], fields: Mapping[int, str]) -> Place | None:
    named = [fields[number] for number, _ in _faults(message) if number in fields]
    return Place("", pointer=below("/payload/fields", named[0])) if named else None
