"""The request bodies of a system, found by content type or name."""

from __future__ import annotations

from collections.abc import Mapping

from connector.core.jsonio import Json
from connector.systems.body_schema import BodySchema


class Bodies:
    """All bodies of a system, by content type.

    Args:
        schemas: by name.
    """

    def __init__(self, schemas: Mapping[str, Json]) -> None:
        self._schemas = schemas

    def named(self, name: str) -> BodySchema | None:
        """The body of that name, or None; one that is nothing but a reference is the body that it names."""
        while name in self._schemas and list(self._schemas[name]) == ["$ref"]:
            name = self._schemas[name]["$ref"]
        return BodySchema(name, self._schemas) if name in self._schemas else None

    def get(self, content_type: str) -> BodySchema | None:
        """The body of ``application/vnd.ibexa.api.<Name>+json``, or None when it is not described."""
        for one in named_by(content_type):
            if one in self._schemas:
                return BodySchema(one, self._schemas)
        return None


def named_by(content_type: str) -> tuple[str, ...]:
    """The names under which the body of a content type may be described, the best first; none without a type."""
    media_type, _, parameters = content_type.partition(";")
    name = media_type.rpartition("/")[2].partition("+")[0].removeprefix("vnd.ibexa.api.")
    version = parameters.strip().removeprefix("version=")
    return (f"{name}@{version}", name) if version else (name,) if name else ()
