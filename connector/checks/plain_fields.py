"""Fields in the payloads of plain operations such as content.create: their form, and which of them are required.

REST names a content type by an address with its id there, which no discovered file has. So what is said of required
fields holds for every discovered type that has all the fields that are written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from connector.checks.mapping import Found, mapping_of, text_in
from connector.checks.places import target_of
from connector.checks.servers import known_servers
from connector.checks.written import Written
from connector.config.project import Project
from connector.systems.ibexa.fields import CODECS
from connector.systems.ibexa.fields.literals import is_known
from connector.systems.ibexa.known import Known
from connector.systems.ibexa.rest_values import RestField, misformed, rest_fields
from connector.systems.ibexa.type_document import needed
from connector.systems.ibexa.types import ContentType
from connector.systems.operation import Operation

_CREATES = frozenset({"content.create", "user.create", "user_group.create_subgroup"})


def check_plain_fields(project: Project, live: Mapping[str, Known] | None = None) -> Iterator[Found]:
    """Findings of all routes that write by a plain operation."""
    known = known_servers(project, live)
    for route in project.routes.values():
        target, outgoing = target_of(project, route), project.outgoings.get(text_in(route, "outgoing"))
        mapping = mapping_of(project, route)
        if target is None or outgoing is None or target.operation is None or route.shown in project.unsound:
            continue
        written = Written(route, outgoing, mapping)
        inner = target.operation.unwrapped(dict(written.whole))
        root = "" if inner == written.whole else f"/{next(iter(written.whole))}"
        fields = list(rest_fields(inner))
        for one in fields:
            said = misformed(target.name, one)
            if said is not None:
                severity = "error" if _is_ours(one, known.get(target.client)) else "warning"
                yield written.finding(root + one.pointer, "CFG227", *said, at_key=False, severity=severity)
        if fields and target.name in _CREATES and target.client in known:
            yield from _lacking(written, root, target.operation, (fields, known[target.client]))


def _is_ours(field: RestField, known: Known | None) -> bool:
    """Whether it is surely of a type of the product itself: a package may bring types with any values."""
    types = [one.fields[field.name].type for one in known.types.values() if field.name in one.fields] if known else []
    return bool(types) and all(one in CODECS for one in types)


def _lacking(
    written: Written, root: str, operation: Operation, given: tuple[Sequence[RestField], Known]
) -> Iterator[Found]:
    fields, known = given
    names = {one.name for one in fields}
    types = [one for one in known.types.values() if names <= set(one.fields)]
    if not types or not all(map(is_known, names)) or set(known.identifiers) - set(known.types):
        return  # a type that is not written down may be meant
    lacks = sorted(set.intersection(*(_needed(one) for one in types)) - names)
    if lacks:
        kinds = " and ".join(sorted(one.identifier for one in types))
        verb = "requires" if len(types) == 1 else "require"
        message = f"{operation.id}: {kinds} {verb} {', '.join(lacks)}, which nobody gives"
        hint = "Write it among the fields; or use content.upsert, which takes a content type by its name."
        yield written.finding(f"{root}/fields", "CFG228", message, hint, severity="warning")


def _needed(content_type: ContentType) -> set[str]:
    return {one.identifier for one in content_type.fields.values() if needed(one)}
