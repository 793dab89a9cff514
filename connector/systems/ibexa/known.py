"""What is known of a server without asking it: from the documents that `connector discover` wrote, or just made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from connector.core.jsonio import Json
from connector.systems.ibexa.type_document import SERVER, type_of_document
from connector.systems.ibexa.types import ContentType


@dataclass(frozen=True, slots=True)
class Known:
    """Of one server.

    Attributes:
        languages: codes; empty: not known.
        identifiers: of all its content types; empty: not known.
        types: those whose fields are known.
    """

    languages: tuple[str, ...]
    identifiers: tuple[str, ...]
    types: Mapping[str, ContentType]

    @property
    def names(self) -> tuple[str, ...]:
        """Identifiers of all content types of which anything is known."""
        return self.identifiers or tuple(self.types)


def known_of(server: Json, documents: Iterable[Json]) -> Known:
    """From the document of a server, None when there is none, and those of its content types."""
    found = [type_of_document(one) for one in documents]
    about = server_of(server) or {}
    types = {one.identifier: one for one in found if one is not None}
    return Known(tuple(about.get("languages", {})), tuple(about.get("content_types", [])), types)


def server_of(document: Json) -> Mapping[str, Json] | None:
    """What a document says of a server as a whole; None when it is no such document."""
    about = document.get(SERVER) if isinstance(document, dict) else None
    if not isinstance(about, dict):
        return None
    languages, types = about.get("languages"), about.get("content_types")
    if not isinstance(languages, dict) or not isinstance(types, list):
        return None
    return about if all(isinstance(one, str) for one in types) else None
