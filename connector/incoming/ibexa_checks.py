"""What can be said of an Ibexa subscriber's declaration without asking the server."""

from __future__ import annotations

from collections.abc import Mapping

from connector.core.errors import ConfigError, RecordError
from connector.core.jsonio import Json
from connector.core.problem import Finding
from connector.systems.catalogue import ibexa
from connector.systems.ibexa.find import search_body
from connector.systems.operation import Operation


def findings(config: Mapping[str, Json]) -> list[Finding]:
    """Entity and action exist and read; parameters are known; find and payload can be searched for."""
    entity, action = config.get("entity"), config.get("action")
    if not isinstance(entity, str) or "${" in f"{entity}{action}":
        return []
    try:
        operation = operation_of(config)
    except ConfigError as error:
        known = entity in ibexa().entities()
        return [Finding("/action" if known and action else "/entity", "CFG150", error.message, error.hint)]
    return [*_lint_status(operation), *_lint_parameters(operation, config), *_lint_bodies(operation, config)]


def operation_of(config: Mapping[str, Json]) -> Operation:
    """The operation that a declaration means.

    Raises:
        ConfigError: there is none, it does not read, or it cannot do what is asked of it.
    """
    catalogue = ibexa()
    entity, action = str(config["entity"]), config.get("action")
    found = catalogue.find(entity, str(action)) if action else catalogue.default_listing(entity)
    if not found.reads:
        raise ConfigError(f"{found.id} writes; an incoming only reads", hint="Use it in an outgoing.")
    if found.method == "HEAD":
        raise ConfigError(f"{found.id} only says yes or no: there are no records in it", hint="Use another action.")
    for word in ("find", "cursor"):
        if config.get(word) is not None and found.id != "content.search":
            raise ConfigError(f"{word} belongs to content.search, not to {found.id}", hint=f"Leave {word} out.")
    return found


def _lint_status(operation: Operation) -> list[Finding]:
    if operation.status == "active":
        return []
    hint = f"Use {operation.replaced_by}." if operation.replaced_by else "It may not be there on your server."
    return [Finding("/action", "CFG152", f"{operation.id} is {operation.status} in Ibexa", hint, "warning")]


def _lint_parameters(operation: Operation, config: Mapping[str, Json]) -> list[Finding]:
    found = []
    given = {"path": operation.path_params, "query": tuple(operation.query)}
    for part, names in given.items():
        for name in config.get(part) or {}:
            if name not in names:
                hint = f"It has: {', '.join(names) or 'none'}."
                message = f"{operation.id} has no {part} parameter '{name}'"
                found.append(Finding(f"/{part}/{name}#", "CFG154", message, hint))
    late = "request_transformer" in config
    missing = [name for name in operation.path_params if name not in (config.get("path") or {}) and not late]
    hint = 'Add "path": {{ "{0}": … }}.'
    return found + [Finding("", "CFG155", f"{operation.id} needs path.{name}", hint.format(name)) for name in missing]


def _lint_bodies(operation: Operation, config: Mapping[str, Json]) -> list[Finding]:
    """What find and payload make; values that are not known before a run are left aside."""
    payload = config.get("payload")
    if payload is not None and not operation.content_type:
        return [Finding("/payload#", "CFG154", f"{operation.id} takes no payload", "Leave payload out.")]
    if operation.id != "content.search":
        return []
    find = {word: value for word, value in (config.get("find") or {}).items() if "${" not in str(value)}
    try:
        search_body(find, payload, "lint")
    except RecordError as error:
        return [Finding("/" + error.step.replace(".", "/"), "CFG154", error.message, error.hint)]
    return []
