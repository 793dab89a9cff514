"""Which content types a transformer writes, as far as routes and outgoings say so and the types were discovered."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from connector.checks.mapping import mapping_of, text_in
from connector.checks.written import Written
from connector.config.project import Project
from connector.core.jsonio import Json
from connector.systems.ibexa.known import Known, known_of
from connector.systems.ibexa.type_document import TYPE, type_of_document


class Target(Struct):
    """Of one transformer file.

    Attributes:
        actions: e.g. ``content.upsert``.
        documents: by identifier of the content type.
        known: what the server has, of the first outgoing whose client's is known.
    """

    actions: list[str] = field(default_factory=list)
    documents: dict[str, Json] = field(default_factory=dict)
    known: Known = field(default_factory=lambda: known_of(None, ()))


def targets(project: Project) -> Mapping[str, Target]:
    """By name of the transformer, of each ``.json`` one that is the last of a route and writes a discovered type."""
    found: dict[str, Target] = {}
    for route in project.routes.values():
        outgoing, mapping = project.outgoings.get(text_in(route, "outgoing")), mapping_of(project, route)
        listed = route.data.get("transformers") if isinstance(route.data, dict) else None
        source = project.transformers.get(str(listed[-1])) if isinstance(listed, list) and listed else None
        files = project.discovered.get(text_in(outgoing, "client")) if outgoing is not None else None
        if outgoing is None or source is None or source.suffix != ".json" or files is None:
            continue
        name = Written(route, outgoing, mapping).whole.get("content_type")
        for one in files.types:
            if type_of_document(one.data) is not None and one.data[TYPE]["identifier"] == name:
                target = found.setdefault(source.name, Target())
                target.actions.append(f"{text_in(outgoing, 'entity')}.{text_in(outgoing, 'action')}")
                target.documents[name] = one.data
                if not target.known.languages:
                    target.known = known_of(files.server and files.server.data, ())
    return found
