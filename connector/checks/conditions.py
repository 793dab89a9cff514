"""Conditions that do not say what is meant: their own true or false as a text, or none that tells records apart."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from connector.checks.flags import check_flags, steps_of
from connector.checks.mapping import Found, Mapped, mapping_of, text_in
from connector.checks.samples import Samples
from connector.checks.servers import known_servers
from connector.checks.written import Written
from connector.config.declaration import TransformerSource
from connector.config.project import Project
from connector.core.problem import Finding
from connector.systems.ibexa.foretold import CREATES, type_named
from connector.systems.ibexa.known import Known
from connector.systems.ibexa.types import ContentType
from connector.transformers.conditions import is_constant
from connector.transformers.expression import ExpressionError, syntax_tree
from connector.transformers.leaves import Leaf, leaves_of
from connector.transformers.meant import needs_quotes

_TEXTS = frozenset({"string", "text"})


def check_conditions(project: Project, samples: Samples, live: Mapping[str, Known] | None = None) -> Iterator[Found]:
    """Of all transformers and routes."""
    for source in project.transformers.values():
        if source.shown not in project.unsound and source.suffix != ".jmespath":
            yield from _filters(source, samples.names.get(source.shown, ()))
    yield from check_flags(project, samples)
    told: set[tuple[str, str, int | None]] = set()
    for found in _texts(project, known_servers(project, live)):
        spot = (found[0].shown, found[1].pointer, found[1].offset)
        if spot not in told:
            told.add(spot)
            yield found


def _filters(source: TransformerSource, names: Collection[str]) -> Iterator[Found]:
    for number, step in enumerate(steps_of(source)):
        if not isinstance(step, dict) or step.get("type") != "filter":
            continue
        where = step.get("where")
        try:
            tree = syntax_tree(where) if isinstance(where, str) else {}
        except ExpressionError:
            continue
        if tree and is_constant(tree):
            text = tree["value"] if tree["type"] == "literal" else None
            name = text if isinstance(text, str) and text in names else ""
            if not needs_quotes(name or "name"):  # of the others check_quoting tells
                yield source, _constant(f"/{number}/where", name)


def _constant(pointer: str, name: str) -> Finding:
    if name:
        message = f"the filter asks whether the text '{name}' is true, and the records have something of that name"
        return Finding(pointer, "CFG223", message, f"Without the quotes it is what stands there: {name}.", "warning")
    hint = "Write what of the record is meant: status == 'active'."
    return Finding(pointer, "CFG253", "the filter reads nothing: it is the same for all records", hint, "warning")


def _texts(project: Project, known: Mapping[str, Known]) -> Iterator[Found]:
    for route in project.routes.values():
        outgoing = project.outgoings.get(text_in(route, "outgoing"))
        mapping = mapping_of(project, route)
        if outgoing is None or mapping is None or text_in(outgoing, "client") not in known:
            continue
        action = f"{text_in(outgoing, 'entity')}.{text_in(outgoing, 'action')}"
        if text_in(outgoing, "type") != "ibexa" or action not in CREATES or mapping.source.shown in project.unsound:
            continue
        name = type_named(Written(route, outgoing, mapping).whole, action)
        content_type = known[text_in(outgoing, "client")].types.get(name) if isinstance(name, str) else None
        if content_type is not None:
            yield from _of_type(mapping, content_type)


def _of_type(mapping: Mapped, content_type: ContentType) -> Iterator[Found]:
    for leaf in leaves_of(mapping.source.current, mapping.source.suffix):
        definition = content_type.fields.get(leaf.way[-1]) if _is_field(leaf) else None
        if leaf.outcomes and definition is not None and definition.type in _TEXTS:
            words = " or ".join(f"'{str(one).lower()}'" for one in sorted(leaf.outcomes, reverse=True))
            message = f"{content_type.identifier}.{definition.identifier} ({definition.type}) gets the text {words} "
            message += "out of a condition"
            hint = "Say what it is for each outcome: condition && 'yes' || 'no'. With || '' it is emptied."
            yield mapping.source, Finding(leaf.pointer, "CFG290", message, hint, "warning", leaf.offset)


def _is_field(leaf: Leaf) -> bool:
    of_fields = len(leaf.way) == 3 and leaf.way[:2] == ("payload", "fields")
    return of_fields or (len(leaf.way) == 4 and leaf.way[:2] == ("payload", "translations"))
