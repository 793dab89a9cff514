"""What is said of an answer that is no page: by its status, what to look at."""

from __future__ import annotations

from connector.clients.request import Response
from connector.core.errors import BadAnswer

_HINTS = {
    400: "Check `query` and `body` in the incoming.",
    401: "Check the credentials of the client.",
    403: "The client's user is not allowed to read this.",
    404: "Check `endpoint` in the incoming and base_url in the client.",
    422: "Check `query`, `body` and `pagination` in the incoming.",
}
NO_SUCH_PAGE = (400, 404, 410, 416, 422)
"""What sources answer that name a next page behind their last."""


def refusal(response: Response, where: str) -> BadAnswer:
    """The error for an answer that says that it gives nothing; ``where`` is for people."""
    hint = _HINTS.get(response.status, "The source has a fault of its own: try again later, or ask its operator.")
    refused = BadAnswer(f"{where}: {response.url} answered {response.status}", hint=hint)
    refused.status = response.status
    return refused
