"""The relations of a version: what its fields point to, and those made by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connector.sandbox.ibexa.field_types import richtext
from connector.sandbox.ibexa.field_types.links import targets
from connector.sandbox.ibexa.model import Content, FieldDefinition, Version
from connector.sandbox.ibexa.repository import Repository
from connector.sandbox.ibexa.wire import ref

Json = Any


def relations(repository: Repository, item: Content, shown: Version) -> list[Json]:
    """The relations that the fields of a version make, by kind as these come up, then its COMMON ones."""
    path = f"/content/objects/{item.id}/versions/{shown.number}/relations"
    found: dict[str, dict[tuple[str, int], None]] = {}
    for definition in repository.types[item.type_id].fields:
        for values in shown.fields.values():
            for kind, identifier, target in _related(repository, definition, values.get(definition.identifier)):
                found.setdefault(kind, {})[identifier, target] = None
    found.setdefault("COMMON", {}).update({("", target): None for target in shown.related})
    return [_relation(repository, path, shown.id, (kind, *each)) for kind, all_of in found.items() for each in all_of]


def _related(repository: Repository, definition: FieldDefinition, value: Json) -> Iterator[tuple[str, str, int]]:
    """Kind, field and target of the relations that one value makes."""
    if definition.type in {"ezobjectrelation", "ezobjectrelationlist", "ezimageasset"}:
        kind = "ASSET" if definition.type == "ezimageasset" else "ATTRIBUTE"
        yield from ((kind, definition.identifier, target) for target in targets(value))
    if definition.type == "ezrichtext" and value:
        for kind, scheme, number in richtext.links(value["xml"]):
            place = repository.locations.get(number) if scheme == "ezlocation" else None
            if scheme == "ezcontent" or place:
                yield kind, "", place.content_id if place else number


def _relation(repository: Repository, path: str, version_id: int, relation: tuple[str, str, int]) -> Json:
    kind, identifier, target = relation
    number = repository.relation_id(version_id, identifier if kind in {"ATTRIBUTE", "COMMON"} else kind, target)
    return {
        **ref("Relation", f"{path}/{number}"),
        "SourceContent": ref("ContentInfo", path.partition("/versions")[0]),
        "DestinationContent": ref("ContentInfo", f"/content/objects/{target}"),
        **({"SourceFieldDefinitionIdentifier": identifier} if identifier else {}),
        "RelationType": kind,
    }
