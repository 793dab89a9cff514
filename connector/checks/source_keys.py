"""The key of an incoming that reads Ibexa: whether its records have what it names. What they hold is known by then."""

from __future__ import annotations

from collections.abc import Iterator

from connector.checks.mapping import Found, text_in
from connector.checks.sentences import Described, missing
from connector.config.declaration import Declaration
from connector.config.project import Project
from connector.core.errors import ConfigError
from connector.core.jsonio import Json
from connector.core.problem import Finding
from connector.incoming.ibexa_checks import operation_of
from connector.systems.catalogue import ibexa
from connector.systems.ibexa.records import record_of
from connector.transformers.expression import ExpressionError
from connector.transformers.trace import Traced
from connector.transformers.unknown import UNKNOWN


def key_of(project: Project, incoming: Declaration, shape: Json) -> Iterator[Found]:
    """A warning for each name of the key that no record has.

    Args:
        project: as loaded.
        incoming: one of no file.
        shape: a record as messages have it; None: it is in the server's own form, or not known.
    """
    key = text_in(incoming, "key")
    record = shape if shape is not None else _own_form(project, incoming)
    if not key or "${" in key or not isinstance(record, dict):
        return
    try:
        traced = Traced(key)
    except ExpressionError:
        return
    traced.run(record)
    described = Described(f"the incoming '{incoming.name}'", [record], whole=True, rows=False)
    for sight in traced.sights.values():
        if sight.missed and not sight.met:
            message, hint = missing(sight, described, direct=True, may_be_text=False)
            yield incoming, Finding("/key", "CFG149", message, hint, "warning", sight.name.offset)


def _own_form(project: Project, incoming: Declaration) -> Json:
    """The names of the first level, whose values are not known; None: it is content, or what links lead to."""
    if text_in(incoming, "type") != "ibexa" or incoming.data.get("expand"):
        return None
    try:
        operation = operation_of(incoming.data, ibexa(project.added().get("ibexa", ())))
    except (ConfigError, KeyError):
        return None  # of that others tell
    if operation.entity == "content" and incoming.data.get("shape") != "raw":
        return None
    names = {one.partition(".")[0].partition("[")[0] for one in record_of(operation.id)}
    return dict.fromkeys(sorted(names), UNKNOWN) or None
