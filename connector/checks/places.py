"""What may stand at a place of a message, and mappings that put something of another type there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from connector.checks.mapping import Found, Mapped, mapping_of, object_in, text_in
from connector.checks.samples import Samples
from connector.checks.sentences import same_at_times
from connector.checks.trial import Trial
from connector.config.declaration import Declaration, Discovered, TransformerSource
from connector.config.pointer import leads
from connector.config.project import Project
from connector.core.errors import ConfigError
from connector.core.jsonio import Json, type_name
from connector.core.model import MESSAGE_KEYS
from connector.core.problem import Finding
from connector.systems.body_schema import BodySchema, Fault
from connector.systems.catalogue import Catalogue, ibexa
from connector.systems.ibexa.actions import ACTIONS
from connector.systems.ibexa.actions.content import declared
from connector.systems.operation import Operation
from connector.transformers.leaves import Leaf, leaves_of
from connector.transformers.skeleton import UNKNOWN as TO_COME
from connector.transformers.unknown import UNKNOWN

Source = Declaration | TransformerSource | Discovered
_WORDS = {
    "object": "an object",
    "array": "a list",
    "string": "a text",
    "number": "a number",
    "boolean": "true or false",
}


class Target(Struct, frozen=True):
    """What a route's outgoing does.

    Attributes:
        client: name of its client.
        name: ``content.upsert``, ``section.create`` …
        operation: None for a composed action.
        body: what the payload may hold; None: not known.
        has_parent: the outgoing declares one, which counts where a message's is empty.
    """

    client: str
    name: str
    operation: Operation | None
    body: BodySchema | None
    has_parent: bool = False

    def schema_at(self, way: tuple[str, ...]) -> Mapping[str, Json] | None:
        """Of a place of the message; None: not known."""
        if len(way) == 1 and way[0] in ("path", "query"):
            return {"type": "object"}
        if way[:1] != ("payload",):
            return None
        inner = way[1:]
        if self.operation and inner and inner[0].lower() == self.operation.request_root.lower():
            inner = inner[1:]
        if not inner:
            is_list = self.body is not None and self.body.is_list
            return {"type": ["object", "array"] if is_list else "object"}
        return self.body.part(inner) if self.body else None

    @property
    def takes_fields(self) -> bool:
        """Whether its payload has the fields of content items."""
        return self.operation is None and self.name.startswith(("content.", "user."))

    def faults(self, payload: Json) -> Iterator[Fault]:
        """What is wrong in a payload."""
        if self.operation is not None:
            yield from self.operation.faults(payload)
        elif self.body is not None:
            yield from self.body.faults(payload)
            if self.name.startswith("content.") and isinstance(payload, dict):
                yield from declared.faults(payload)


def target_of(project: Project, route: Declaration) -> Target | None:
    """Of a route into Ibexa; None: of another, or of one that others tell of."""
    outgoing = project.outgoings.get(text_in(route, "outgoing"))
    if outgoing is None or text_in(outgoing, "type") != "ibexa" or outgoing.shown in project.unsound:
        return None
    catalogue: Catalogue = ibexa(project.added().get("ibexa", ()))
    entity, action = text_in(outgoing, "entity"), text_in(outgoing, "action")
    name, client = f"{entity}.{action}", text_in(outgoing, "client")
    if (entity, action) in ACTIONS:
        has_parent = "parent" in object_in(outgoing, "payload")
        return Target(client, name, None, catalogue.composed_body(name), has_parent)
    try:
        operation = catalogue.find(entity, action)
    except ConfigError:
        return None
    return Target(client, name, operation, operation.body)


def check_places(project: Project, samples: Samples) -> Iterator[Found]:
    """Expressions that yield another type than the place takes: by their form, or for every record of a file."""
    for route in project.routes.values():
        mapping, target = mapping_of(project, route), target_of(project, route)
        names = route.data.get("transformers") if isinstance(route.data, dict) else None
        source = project.transformers.get(str(names[-1])) if isinstance(names, list) and names else None
        if target is None or source is None or source.shown in project.unsound:
            continue
        found = {}
        for leaf in leaves_of(source.current, source.suffix):
            said = _misfit(leaf, target)
            if said is not None:
                found[leaf.way] = Finding(leaf.pointer, "CFG161", *said, "error", leaf.offset or None)
        yield from ((source, one) for one in found.values())
        if mapping is not None and target.client not in project.discovered and target.takes_fields:
            for fault in declared.misspelt(mapping.part("payload") or {}):
                message = f"{target.name}: {fault.message}"
                finding = mapping.finding(f"/payload{fault.pointer}", message, fault.hint)
                yield finding[0], replace(finding[1], severity="warning")
        messages = samples.messages.get(route.name) or []
        if messages and mapping is not None:
            yield from _of_messages(mapping, target, messages, set(found))
            same = list(_same_id(mapping, messages, samples.followed[route.name]))
            trial = samples.trials.get(route.name)
            yield from (one for one in same if not samples.follows(one))
            if trial is not None and target.operation is None:
                yield from _twice(mapping, project.incomings[text_in(route, "incoming")], trial, alike=bool(same))
        elif messages:
            yield from ((source, one) for one in _no_messages(messages))


def _misfit(leaf: Leaf, target: Target) -> tuple[str, str] | None:
    wanted = (target.schema_at(leaf.way) or {}).get("type")
    if not leaf.kind or leaf.kind == "null" or wanted is None or (leaf.fixed and len(leaf.way) > 1):
        return None
    types = [wanted] if isinstance(wanted, str) else list(wanted)
    if leaf.kind in types or (leaf.kind == "number" and "integer" in types):
        return None
    return _sentence(target.name, leaf.way, types, leaf.kind)


def _sentence(name: str, way: tuple[str, ...], types: list[str], kind: str) -> tuple[str, str]:
    wanted = " or ".join(_WORDS.get(one, one) for one in types)
    message = f"{name}: '{'.'.join(way)}' must be {wanted}, and this yields {_WORDS.get(kind, kind)}"
    members = 'Write an object with an expression for each key: { "key": "expression" }.'
    return message, members if "object" in types else "Correct the expression."


def _of_messages(mapping: Mapped, target: Target, messages: list[Json], told: set[tuple[str, ...]]) -> Iterator[Found]:
    """Only what is wrong in every message is told: one record may be odd by itself."""
    each = [_faults(one, target) for one in messages]
    for place, (message, hint) in each[0].items():
        way = tuple(place.removesuffix("#").split("/")[1:])
        written = way[:-1] if place.endswith("#") else way
        if way in told or not all(place in one for one in each) or not _is_to_come(mapping.skeleton.value, written):
            continue
        source, finding = mapping.finding(place.removesuffix("#"), message, hint, at_key=False)
        yield source, replace(finding, pointer=_there(finding.pointer, source), severity="warning")


def _same_id(mapping: Mapped, messages: list[Json], followed: str) -> Iterator[Found]:
    """One remote id for several records: each would overwrite the one before."""
    payloads = [one.get("payload") for one in messages if isinstance(one, dict)]
    ids = [one.get("remote_id") for one in payloads if isinstance(one, dict)]
    if len(ids) > 1 and len(ids) == len(messages) and isinstance(ids[0], str) and len(set(map(str, ids))) == 1:
        hint = "Let it read what names a record. A field's name has no quotes."
        source, finding = mapping.finding(
            "/payload/remote_id", f"{followed} remote id", hint, at_key=False, code="CFG168"
        )
        yield source, replace(finding, pointer=_there(finding.pointer, source), severity="warning")


def _twice(mapping: Mapped, incoming: Declaration, trial: Trial, *, alike: bool) -> Iterator[Found]:
    """Ids that some records share; of those that all share, others tell."""
    many = len(trial.described.records)
    if trial.ids and not alike:
        message = same_at_times("remote id", trial.ids[0], len(trial.ids), trial.described)
        hint = "Only the first of them would be sent. Make it of what names a record, as the incoming's key does."
        source, finding = mapping.finding("/payload/remote_id", message, hint, at_key=False, code="CFG168")
        yield source, replace(finding, pointer=_there(finding.pointer, source), severity="warning")
    if trial.keys and len(trial.keys) < many - 1:
        message = same_at_times("key", trial.keys[0], len(trial.keys), trial.described)
        hint = "Only the first of them would be sent. Correct the file, or choose another key."
        yield incoming, Finding("/key", "CFG168", message, hint, "warning")


def _there(pointer: str, source: Source) -> str:
    """The nearest place that is written: what is below an expression stands nowhere."""
    data = source.data
    while pointer and not leads(pointer, data):
        pointer = pointer.rpartition("/")[0]
    return pointer


def _faults(message: Json, target: Target) -> dict[str, tuple[str, str]]:
    """By pointer, with a ``#`` where a key is at fault."""
    if not isinstance(message, dict):
        return {}
    found = {}
    for part in MESSAGE_KEYS:
        wanted = (target.schema_at((part,)) or {}).get("type")
        kind = type_name(message.get(part))
        types = [wanted] if isinstance(wanted, str) else list(wanted or ())
        if message.get(part) is not None and message[part] is not UNKNOWN and types and kind not in types:
            found[f"/{part}"] = _sentence(target.name, (part,), types, kind)
    payload = _to_come(message.get("payload"))
    if target.has_parent and isinstance(payload, dict) and payload.get("parent") in (None, ""):
        payload = {key: value for key, value in payload.items() if key != "parent"}
    for fault in target.faults(payload) if isinstance(payload, dict | list) else ():
        found[f"/payload{fault.pointer}" + "#" * fault.at_key] = (f"{target.name}: {fault.message}", fault.hint)
    return found


def _no_messages(messages: list[Json]) -> Iterator[Finding]:
    if all(not isinstance(one, dict) and one is not UNKNOWN for one in messages):
        kind = _WORDS.get(type_name(messages[0]), "null")
        hint = "A message is an object with path, query, payload or destination."
        yield Finding("", "CFG161", f"the mapping yields {kind} instead of a message", hint, "warning")


def _is_to_come(value: Json, way: tuple[str, ...]) -> bool:
    """Whether only a record gives the value: what is written has been looked at already."""
    for key in way:
        if not isinstance(value, dict | list):
            return bool(value == TO_COME)
        value = value[int(key)] if isinstance(value, list) and key.isdigit() else value.get(key)  # type: ignore[union-attr]
    return bool(value == TO_COME)


def _to_come(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _to_come(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_to_come(one) for one in value]
    return TO_COME if value is UNKNOWN else value
