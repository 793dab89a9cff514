"""What every client declares: address, credentials, time-outs, limits, log."""

from __future__ import annotations

from collections.abc import Mapping

from connector.clients.auth import AUTHS
from connector.clients.log import LEVELS
from connector.core.spec import COUNT, DURATION, HEADERS, SIZE, SPAN, TEXT, Field

FIELDS: Mapping[str, Field] = {
    "base_url": Field(
        {**TEXT, "x-format": "url"},
        "Where the system is; paths of requests begin below it. It may have a path; user and password stand in `auth`,"
        " a query in the incoming.",
        required=True,
        example="${PIM_BASE_URL}",
    ),
    "auth": Field(AUTHS.json_schema, "How to authenticate.", default={"type": "none"}),
    "headers": Field(
        HEADERS,
        "Headers sent with every request.",
        default={},
        example={"Accept-Language": "en"},
    ),
    "timeout": Field(
        {
            "type": "object",
            "properties": {
                "connect": {**SPAN, "description": "For the connection.", "default": "5s"},
                "read": {**SPAN, "description": "For each piece of the answer.", "default": "60s"},
                "total": {**SPAN, "description": "For the whole answer.", "default": "2m"},
            },
            "additionalProperties": False,
        },
        "How long to wait.",
        default={},
        example={"connect": "5s", "read": "60s", "total": "2m"},
    ),
    "retry": Field(
        {
            "type": "object",
            "properties": {
                "max_attempts": {
                    **COUNT,
                    "maximum": 20,
                    "description": "Of one request; those that a 429 answers do not count.",
                    "default": 4,
                },
                "first_wait": {**DURATION, "description": "Doubles with each attempt.", "default": "500ms"},
                "max_wait": {**DURATION, "description": "The longest wait.", "default": "20s"},
                "max_retry_after": {
                    **DURATION,
                    "description": "The longest Retry-After that is waited for.",
                    "default": "2m",
                },
                "max_elapsed": {
                    **DURATION,
                    "description": "No request is repeated for longer than this, waits included.",
                    "default": "5m",
                },
            },
            "additionalProperties": False,
        },
        "How reads, and what was not sent, are repeated. Writes that may have taken effect never are.",
        default={},
    ),
    "outage": Field(
        {
            "type": "object",
            "properties": {
                "first_probe": {**SPAN, "description": "One task asks again after so long.", "default": "5s"},
                "max_probe": {**SPAN, "description": "The waits double up to this.", "default": "1m"},
                "give_up_after": {
                    **DURATION,
                    "description": "A run waits so long for the system; then it fails, and the next run asks first.",
                    "default": "2m",
                },
            },
            "additionalProperties": False,
        },
        "What a run does when the system that it writes to is away: it pauses, asks with one task, and goes on.",
        default={},
        example={"give_up_after": "10m"},
    ),
    "rate_limit": Field(
        {
            "type": "object",
            "properties": {
                "requests": {**COUNT, "description": "So many."},
                "per": {**SPAN, "description": "In any stretch of so long, such as 1s or 1m."},
            },
            "required": ["requests", "per"],
            "additionalProperties": False,
        },
        "At most so many requests per time; the client waits its turn.",
        example={"requests": 20, "per": "1s"},
    ),
    "max_in_flight": Field({**COUNT, "maximum": 128}, "Requests at the same time.", default=4),
    "max_body": Field(SIZE, "The largest answer that is read (decoded).", default="16MiB"),
    "request_log": Field(
        {"type": "string", "enum": list(LEVELS)},
        "What is kept of requests in the run log; always without credentials.",
        default="errors",
    ),
    "ca_file": Field(TEXT, "A file with the certificates to trust instead of the usual ones, inside the project."),
}
