"""Names in mappings that are most likely no names: texts without quotes or in double ones, true without backticks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from connector.checks.astray import Spot
from connector.checks.mapping import Found, mapping_of, text_in
from connector.checks.places import Target, target_of
from connector.checks.samples import Samples
from connector.checks.servers import known_servers
from connector.config.declaration import Declaration, TransformerSource
from connector.config.project import Project
from connector.config.references import texts
from connector.core.jsonio import Json, JsonError, parse
from connector.core.problem import Finding
from connector.systems.ibexa.actions.content.wanted import OWNERS
from connector.systems.ibexa.fields import CODECS
from connector.systems.ibexa.known import Known
from connector.systems.ibexa.languages import meant_by
from connector.systems.ibexa.types import own_name
from connector.transformers.files import expressions_in, without_comments
from connector.transformers.leaves import Leaf, leaves_of
from connector.transformers.quoting import in_quotes, suspects, texts_that_are_names

_LANGUAGES = frozenset({"main_language", "language", "mainLanguageCode", "initialLanguageCode", "languageCode"})
_FIELD_TYPES = frozenset({"fieldType", "fieldTypeIdentifier"})
_SECTIONS = frozenset({"standard", "users", "media", "setup", "design"})
_STATES = frozenset({"locked", "not_locked"})
"""Those of a clean install."""
_LOCATORS = ("key", "records", "total", "next", "at")


def check_quoting(project: Project, samples: Samples) -> Iterator[Found]:
    """What stands in a file that a sample knows is told only when it is not there, and then once."""
    told: dict[Spot, Found] = {}
    for source in project.transformers.values():
        if source.shown not in project.unsound:
            told |= {_spot(one): one for one in _in_transformer(source, samples.names.get(source.shown, ()))}
    for incoming in project.incomings.values():
        if incoming.shown not in project.unsound and text_in(incoming, "type") != "file":
            told |= {_spot(one): one for one in _in_locators(incoming)}
    servers = known_servers(project)
    for route in project.routes.values():
        for one in _in_places(project, route, servers):
            told.setdefault(_spot(one), one)
    for spot, found in told.items():
        if spot not in samples.met:
            samples.missed.pop(spot, None)
            yield found


def _spot(found: Found) -> Spot:
    return found[0].shown, found[1].pointer, found[1].offset or 0


def _in_transformer(source: TransformerSource, names: Collection[str]) -> Iterator[Found]:
    for pointer, text, start in _expressions(source):
        for one in [*suspects(text), *texts_that_are_names(text, names)]:
            yield source, Finding(pointer, "CFG164", one.message, one.hint, "warning", start + one.offset)


def _expressions(source: TransformerSource) -> Iterator[tuple[str, str, int]]:
    if source.suffix == ".jmespath":
        body, start = without_comments(source.current)
        yield "", body, start
        return
    try:
        steps = parse(source.current)
    except JsonError:
        return
    for number, step in enumerate(steps if isinstance(steps, list) else ()):
        if isinstance(step, dict):
            yield from ((pointer, text, 0) for pointer, text in expressions_in(step, f"/{number}"))


def _in_locators(incoming: Declaration) -> Iterator[Found]:
    for pointer, text in texts(incoming.data):
        if pointer.rpartition("/")[2] in _LOCATORS and "${" not in text:
            for one in suspects(text):
                yield incoming, Finding(pointer, "CFG164", one.message, one.hint, "warning", one.offset)


def _in_places(project: Project, route: Declaration, servers: Mapping[str, Known]) -> Iterator[Found]:
    """A bare word at a place where that very word is one of the values that can stand there."""
    mapping, target = mapping_of(project, route), target_of(project, route)
    if mapping is None or target is None or mapping.source.shown in project.unsound:
        return
    server = servers.get(target.client)
    types = _content_types(project, target.client) | frozenset(server.identifiers if server else ())
    for leaf in leaves_of(mapping.source.current, mapping.source.suffix):
        name = leaf.name
        if (
            name is not None
            and not name.leads
            and not name.follows
            and _is_value(leaf, name.text, target, (types, server))
        ):
            message = f"'{name.text}' is read as the name of a field"
            text = (leaf.way[-1] in _LANGUAGES and meant_by(name.text)) or name.text
            hint = f"If the text itself is meant, write it in single quotes: {in_quotes(text)}."
            yield mapping.source, Finding(leaf.pointer, "CFG164", message, hint, "warning", leaf.offset)


def _is_value(leaf: Leaf, word: str, target: Target, there: tuple[frozenset[str], Known | None]) -> bool:
    types, server = there
    states = server.states.get(leaf.way[-1], ()) if server and leaf.way else ()
    key, above = leaf.way[-1] if leaf.way else "", leaf.way[-2] if len(leaf.way) > 1 else ""
    enum = (target.schema_at(leaf.way) or {}).get("enum", ())
    said: Mapping[str, bool] = {
        "language": key in _LANGUAGES and bool(meant_by(word)) and word.lower() not in ("no", "language"),
        "type": (key in _FIELD_TYPES and _is_field_type(word)) or _is_ensured(leaf, target, word),
        "section": key == "section" and word in (server.sections if server and server.sections else _SECTIONS),
        "state": above == "states" and (word in _STATES or word in states),
        "owner": above == "owners" and word in OWNERS,
        "content type": key == "content_type" and word in types,
        "choice": word in enum,
    }
    return any(said.values())


def _is_field_type(word: str) -> bool:
    return word.startswith(("ez", "ibexa_")) or own_name(word) in CODECS


def _is_ensured(leaf: Leaf, target: Target, word: str) -> bool:
    return target.name == "content_type.ensure" and leaf.way[-1:] == ("type",) and _is_field_type(word)


def _content_types(project: Project, client: str) -> frozenset[str]:
    """Those that the project itself speaks of."""
    files = project.discovered.get(client)
    found = {one.path.stem for one in files.types} if files else set()
    for outgoing in project.outgoings.values():
        payload: Json = outgoing.data.get("payload") if isinstance(outgoing.data, dict) else None
        if isinstance(payload, dict) and isinstance(payload.get("content_type"), str):
            found.add(payload["content_type"])
    return frozenset(found)
