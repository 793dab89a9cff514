"""An answer together with the operation that it answers, and what is read out of it."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from connector.clients.request import Response
from connector.core.errors import BadAnswer
from connector.core.jsonio import Json
from connector.systems.ibexa.answers import description


class Answer(Struct, frozen=True):
    """An answer with its operation; ``says``: by status, what it means there."""

    operation: str
    response: Response
    says: Mapping[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.response.status

    @property
    def ok(self) -> bool:
        """2xx."""
        return 200 <= self.response.status < 300

    @property
    def location(self) -> str:
        """The Location header, or empty."""
        return self.response.headers.get("location", "")

    def body(self, root: str) -> dict[str, Json]:
        """The object below the root element.

        Raises:
            BadAnswer: it is not there.
        """
        found = self.response.json()
        value = found.get(root) if isinstance(found, dict) else None
        if not isinstance(value, dict):
            raise BadAnswer(f"{self.operation} answered {self.status} without '{root}'", hint="Is a proxy in between?")
        return value


def content_place(content: Mapping[str, Json]) -> tuple[int, str | None]:
    """Content id and path of the main Location of a Content object."""
    location = content.get("MainLocation")
    href = location.get("_href") if isinstance(location, dict) else None
    return int(content["_id"]), path_of_location(href)


def path_of_location(href: Json) -> str | None:
    """``1/2/61`` from ``/api/ibexa/v2/content/locations/1/2/61``."""
    return str(href).partition("/content/locations/")[2].strip("/") or None if href else None


def found(answer: Answer) -> Answer | None:
    """The answer, None for 404.

    Raises:
        BadAnswer: anything else: it must not look like "not there".
    """
    if answer.status == 404:
        return None
    if not answer.ok:
        raise BadAnswer(f"{answer.operation} answered {answer.status}: {description(answer.response)}")
    return answer


def told(answer: Answer) -> Answer | None:
    """The answer; None when there is no such address, or we may not ask.

    Raises:
        BadAnswer: anything else.
    """
    return None if answer.status in (401, 403) else found(answer)
