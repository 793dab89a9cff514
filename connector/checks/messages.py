"""Whether what a route's mapping writes is what its outgoing takes."""

from __future__ import annotations

from collections.abc import Iterator

from connector.checks.mapping import Found, Mapped, mapping_of, object_in, text_in
from connector.checks.shapes import has_rows, in_own_form, makes_messages
from connector.config.declaration import Declaration
from connector.config.pointer import leads
from connector.config.project import Project
from connector.core.errors import ConfigError
from connector.core.jsonio import Json, merge
from connector.core.model import MESSAGE_KEYS
from connector.core.nearest import did_you_mean
from connector.core.problem import Finding
from connector.systems.catalogue import Catalogue, ibexa
from connector.systems.ibexa import checks
from connector.systems.ibexa.actions import ACTIONS
from connector.systems.ibexa.actions.content import declared
from connector.systems.operation import Operation
from connector.systems.parameters import lacking


def check_messages(project: Project) -> Iterator[Found]:
    """Keys that the outgoing does not take, and path parameters that nobody gives."""
    catalogue = ibexa(project.added().get("ibexa", ()))
    for route in project.routes.values():
        own = list(_own_form(project, route))
        yield from own
        outgoing = project.outgoings.get(text_in(route, "outgoing"))
        if own or outgoing is None or text_in(outgoing, "type") != "ibexa":
            continue
        mapping = mapping_of(project, route)
        if mapping is not None:
            yield from _unknown_parts(mapping)
        entity, action = text_in(outgoing, "entity"), text_in(outgoing, "action")
        try:
            operation = catalogue.find(entity, action)
        except ConfigError:
            operation = None  # told of the outgoing already, unless it is composed
        by_id = object_in(outgoing, "path") or (mapping.part("path") if mapping else None)
        if (entity, action) in ACTIONS and not (operation and by_id):
            yield from _payload_only(mapping, f"{entity}.{action}") if mapping else ()
            neither = [*_neither(route, outgoing, mapping, operation)] if operation else []
            yield from neither
            yield from _payload(mapping, outgoing, f"{entity}.{action}", catalogue) if mapping and not neither else ()
            continue
        if operation is None or (operation.reads and operation.method != "HEAD"):
            continue  # told of the outgoing already
        yield from _parameters(route, outgoing, mapping, operation)
        yield from _payload(mapping, outgoing, operation, catalogue) if mapping else ()


def _own_form(project: Project, route: Declaration) -> Iterator[Found]:
    """Only content comes in the form of messages; of all else a transformer has to make them."""
    incoming = project.incomings.get(text_in(route, "incoming"))
    if incoming is None or incoming.shown in project.unsound or route.shown in project.unsound:
        return
    if makes_messages(project, route):
        return
    hint = 'Name a transformer that makes them: "transformers": ["…"], with { "payload": { … } }.'
    if has_rows(incoming):
        message = f"the records of '{incoming.name}' are rows of texts, and are no messages"
        yield route, Finding("/transformers" if "transformers" in route.data else "/incoming", "CFG226", message, hint)
    if not in_own_form(incoming) or not _has_entity(project, incoming):
        return
    what = ".".join(filter(None, (text_in(incoming, "entity"), text_in(incoming, "action"))))
    message = f"the records of '{incoming.name}' ({what}) are in the server's own form, and are no messages"
    yield route, Finding("/incoming", "CFG226", message, hint)


def _has_entity(project: Project, incoming: Declaration) -> bool:
    """Whether there is such an entity; of one that there is not, it is told itself."""
    return text_in(incoming, "entity") in ibexa(project.added().get("ibexa", ())).entities()


def _unknown_parts(mapping: Mapped) -> Iterator[Found]:
    for key in mapping.skeleton.value:
        if key not in MESSAGE_KEYS:
            hint = did_you_mean(key, MESSAGE_KEYS).strip() or "Put it below `payload`."
            message = f"'{key}' is no part of a message: it has {', '.join(MESSAGE_KEYS)}"
            yield mapping.finding(f"/{key}", message, hint)


def _payload_only(mapping: Mapped, name: str) -> Iterator[Found]:
    """Of a composed action: whatever else a message has, a run refuses."""
    for key in ("path", "query", "destination"):
        written = mapping.skeleton.value.get(key)
        if isinstance(written, dict) and written:
            yield mapping.finding(f"/{key}", f"{name} takes a payload only", f"Leave {key} out.")


def _parameters(
    route: Declaration, outgoing: Declaration, mapping: Mapped | None, operation: Operation
) -> Iterator[Found]:
    for part, known in (("path", operation.path_params), ("query", tuple(operation.query))):
        for name in (mapping.part(part) or {}) if mapping else ():
            if name not in known:
                hint = f"{did_you_mean(name, known)}It has: {', '.join(known) or 'none'}."
                yield mapping.finding(f"/{part}/{name}", f"{operation.id} has no {part} parameter '{name}'", hint)  # type: ignore[union-attr]
    written = mapping.part("path") if mapping else None
    if written is None and _maps(route):
        return  # only a run tells what the mapping gives
    given = {*object_in(outgoing, "path"), *(written or {})}
    is_told = not isinstance(outgoing.data.get("path", {}), dict)
    for name in () if is_told else checks.really_missing(given, operation.path_params):
        where = f"transformers/{mapping.source.path.name}" if mapping else "a transformer"
        hint = f"Let the mapping in {where} write path.{name}, or declare it in {outgoing.shown}."
        message = f"{operation.id} needs path.{name}, and neither the outgoing nor the mapping gives it"
        yield route, Finding("/outgoing", "CFG156", message, hint)
    yield from _query(route, outgoing, mapping, operation)
    said = outgoing.data.get("destination") not in (None, 0) or (mapping and "destination" in mapping.skeleton.value)
    if operation.needs_destination and not said:
        hint = f'Let the mapping write it, or declare it in {outgoing.shown}: "1/2/61", or {{"remote_id": "shoes"}}.'
        yield route, Finding("/outgoing", "CFG156", f"{operation.id} needs a destination, and nobody gives it", hint)


def _query(route: Declaration, outgoing: Declaration, mapping: Mapped | None, operation: Operation) -> Iterator[Found]:
    """A query parameter that the server cannot do without; of a slip it is told by its name."""
    written = mapping.part("query") if mapping else {}
    if written is None or (mapping is None and _maps(route)):
        return  # only a run tells what the mapping gives
    given = {*object_in(outgoing, "query"), *written}
    missing = lacking(operation.query, given)
    if missing and not given - set(operation.query):
        where = f"transformers/{mapping.source.path.name}" if mapping else "a transformer"
        hint = f"Let the mapping in {where} write query.{missing.partition(' ')[0]}, or declare it in {outgoing.shown}."
        message = f"{operation.id} needs query.{missing}, and neither the outgoing nor the mapping gives it"
        yield route, Finding("/outgoing", "CFG156", message, hint)


def _neither(
    route: Declaration, outgoing: Declaration, mapping: Mapped | None, operation: Operation
) -> Iterator[Found]:
    """Of an action that is composed by a payload and plain by a path, such as content.hide."""
    said = object_in(outgoing, "payload") or (mapping and mapping.skeleton.value.get("payload") is not None)
    if said or (mapping is None and _maps(route)):
        return
    where = f"transformers/{mapping.source.path.name}" if mapping else "a transformer"
    names = " or ".join(("payload.remote_id", *(f"path.{one}" for one in operation.path_params)))
    hint = f"Let the mapping in {where} write one of them, or declare it in {outgoing.shown}."
    message = f"{operation.id} needs {names}, and neither the outgoing nor the mapping gives it"
    yield route, Finding("/outgoing", "CFG156", message, hint)


def _payload(mapping: Mapped, outgoing: Declaration, target: Operation | str, catalogue: Catalogue) -> Iterator[Found]:
    payload = mapping.part("payload")
    if payload is None:
        return
    if isinstance(target, Operation) and not target.content_type:
        if "payload" in mapping.skeleton.value and mapping.skeleton.value["payload"] is not None:
            yield mapping.finding("/payload", f"{target.id} takes no payload", "Leave payload out.")
        return
    name = target if isinstance(target, str) else target.id
    body = catalogue.composed_body(name) if isinstance(target, str) else target.body
    if body is None:
        return
    inner, root = _unwrapped(payload, target)
    for fault in target.faults(payload) if isinstance(target, Operation) else body.faults(inner):
        place = f"/payload{root}{fault.pointer}"
        yield mapping.finding(place, f"{name}: {fault.message}", fault.hint, at_key=fault.at_key)
    for fault in declared.faults(payload) if name.startswith("content.") else ():
        yield mapping.finding(f"/payload{fault.pointer}", f"{name}: {fault.message}", fault.hint, at_key=False)
    beneath, _ = _unwrapped(object_in(outgoing, "payload"), target)
    lacks: dict[str, list[str]] = {}
    whole = merge(beneath, inner)
    for fault in target.lacks(whole) if isinstance(target, Operation) else body.faults(whole, complete=True):
        if fault.missing:
            lacks.setdefault(f"/payload{root}{fault.pointer}", []).append(fault.message)
    for place, messages in lacks.items():
        yield _lack(mapping, outgoing, place, f"{name}: {', '.join(messages)}")


def _unwrapped(payload: Json, target: Operation | str) -> tuple[Json, str]:
    """The payload without its root element, and the pointer to it."""
    inner = target.unwrapped(payload) if isinstance(target, Operation) else payload
    return inner, "" if inner is payload else f"/{next(iter(payload))}"


def _lack(mapping: Mapped, outgoing: Declaration, place: str, message: str) -> Found:
    """Told at the nearest place that the mapping has."""
    while not leads(place, mapping.skeleton.value):
        place = place.rpartition("/")[0]
    hint = f"Write it in the mapping, or for all messages in {outgoing.shown}."
    return mapping.finding(place, message, hint, code="CFG162")


def _maps(route: Declaration) -> bool:
    return bool(route.data.get("transformers")) if isinstance(route.data, dict) else False
