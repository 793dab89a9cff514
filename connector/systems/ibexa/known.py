"""What is known of a server without asking it: from the documents that `connector discover` wrote, or just made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct, field

from connector.core.jsonio import Json
from connector.systems.ibexa.type_document import SERVER, type_of_document
from connector.systems.ibexa.types import ContentType


class Known(Struct, frozen=True):
    """Of one server.

    Attributes:
        languages: codes; empty: not known.
        identifiers: of all its content types; empty: not known.
        types: those whose fields are known.
        sections: identifiers; empty: not known.
        states: by group of object states, identifiers; empty: not known.
        roles: identifiers; empty: not known.
    """

    languages: tuple[str, ...]
    identifiers: tuple[str, ...]
    types: Mapping[str, ContentType]
    sections: tuple[str, ...] = ()
    states: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    roles: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Identifiers of all content types of which anything is known."""
        return self.identifiers or tuple(self.types)


def known_of(server: Json, documents: Iterable[Json]) -> Known:
    """From the document of a server, None when there is none, and those of its content types."""
    found = [type_of_document(one) for one in documents]
    about = server_of(server) or {}
    types = {one.identifier: one for one in found if one is not None}
    languages, identifiers = tuple(about.get("languages", {})), tuple(about.get("content_types", []))
    states = {group: tuple(listed) for group, listed in about.get("object_states", {}).items()}
    return Known(languages, identifiers, types, tuple(about.get("sections", [])), states, tuple(about.get("roles", [])))


def server_of(document: Json) -> Mapping[str, Json] | None:
    """What a document says of a server as a whole; None when it is no such document.

    One that an earlier release wrote has no sections, object states and roles: nothing is known of these.
    """
    about = document.get(SERVER) if isinstance(document, dict) else None
    if not isinstance(about, dict):
        return None
    states = about.get("object_states", {})
    if not isinstance(about.get("languages"), dict) or not isinstance(states, dict):
        return None
    lists = [about.get("content_types"), about.get("sections", []), about.get("roles", []), *states.values()]
    return about if all(_is_texts(one) for one in lists) else None


def _is_texts(value: Json) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
