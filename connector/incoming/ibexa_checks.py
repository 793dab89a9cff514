"""What can be said of an Ibexa subscriber's declaration without asking the server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from connector.core.errors import ConfigError, RecordError
from connector.core.jsonio import Json, shown
from connector.core.problem import Finding
from connector.systems.catalogue import Catalogue, ibexa
from connector.systems.ibexa import checks
from connector.systems.ibexa.criteria import in_criteria
from connector.systems.ibexa.find import search_body
from connector.systems.operation import Operation
from connector.systems.parameters import lacking


def findings(config: Mapping[str, Json], added: Sequence[Json] = ()) -> list[Finding]:
    """Entity and action exist and read; parameters, payload and find are known; nothing is said twice.

    Args:
        config: the declaration.
        added: what the project adds to the catalogue.
    """
    entity, action = config.get("entity"), config.get("action")
    if not isinstance(entity, str) or "${" in f"{entity}{action}":
        return []
    catalogue = ibexa(added)
    try:
        operation = operation_of(config, catalogue)
    except ConfigError as error:
        known = entity in catalogue.entities()
        hint = error.hint if known else checks.of_entity(entity, error.hint, reading=True)
        return [Finding("/action" if known and action else "/entity", "CFG150", error.message, hint)]
    found = [*checks.age(operation), *checks.parameters(operation, config), *_missing(operation, config)]
    return [*found, *_bodies(operation, config), *_overlaps(operation, config)]


def operation_of(config: Mapping[str, Json], catalogue: Catalogue) -> Operation:
    """The operation that a declaration means.

    Raises:
        ConfigError: there is none, it does not read, or it cannot do what is asked of it.
    """
    entity, action = str(config["entity"]), config.get("action")
    found = catalogue.find(entity, str(action)) if action else catalogue.default_listing(entity)
    if not found.reads:
        raise ConfigError(f"{found.id} writes; an incoming only reads", hint="Use it in an outgoing.")
    if found.method == "HEAD":
        raise ConfigError(
            f"{found.id} only says yes or no: there are no records in it",
            hint="Use it in an outgoing: a 404 then fails its task.",
        )
    for word in ("find", "cursor"):
        if config.get(word) is not None and found.id != "content.search":
            raise ConfigError(f"{word} belongs to content.search, not to {found.id}", hint=f"Leave {word} out.")
    return found


def _missing(operation: Operation, config: Mapping[str, Json]) -> Iterator[Finding]:
    """Path parameters without a value; a request transformer may give them."""
    if "request_transformer" not in config:
        for name in checks.really_missing(_object(config, "path"), operation.path_params):
            yield Finding("", "CFG155", f"{operation.id} needs path.{name}", f'Add "path": {{ "{name}": … }}.')
        given = _object(config, "query")
        if (missing := lacking(operation.query, given)) and not set(given) - set(operation.query):
            hint = f'Add "query": {{ "{missing.partition(" ")[0]}": … }}.'
            yield Finding("", "CFG155", f"{operation.id} needs query.{missing}", hint)


def _bodies(operation: Operation, config: Mapping[str, Json]) -> Iterator[Finding]:
    """What find and payload make; values that are not known before a run are left aside."""
    payload = config.get("payload")
    found = list(checks.payload(operation, config))
    yield from found
    if operation.id != "content.search" or any(one.severity == "error" for one in found):
        return
    find = {word: value for word, value in _object(config, "find").items() if "${" not in str(value)}
    try:
        made = search_body(find, payload, "lint")
    except RecordError as error:
        yield Finding("/" + error.step.replace(".", "/"), "CFG154", error.message, error.hint)
        return
    criteria = find.get("criteria")
    for fault in in_criteria(criteria, "/find/criteria"):
        yield Finding(fault.pointer, "CFG158", fault.message, fault.hint, "warning")
    if isinstance(criteria, dict) and operation.body is not None:
        for fault in operation.body.faults(made):
            inner = fault.pointer.removeprefix("/ContentQuery/Filter")
            if inner != fault.pointer and inner.lstrip("/").partition("/")[0] in criteria:
                pointer = f"/find/criteria{inner}" + ("#" if fault.at_key else "")
                yield Finding(pointer, "CFG158", fault.message, fault.hint)


def _overlaps(operation: Operation, config: Mapping[str, Json]) -> Iterator[Finding]:
    """A parameter that the paging sets by itself, and one that the cursor sets by itself."""
    query, style = _object(config, "query"), operation.paging["style"]
    paged = config.get("pagination", True)
    if style == "cursor" and paged and operation.paging["cursor_param"] in query:
        name = operation.paging["cursor_param"]
        hint = 'Remove it, or say "pagination": false.'
        yield Finding(f"/query/{name}#", "CFG143", f"the paging sets '{name}' by itself", hint)
    if config.get("cursor") is not None and "changed_since" in _object(config, "find"):
        hint = 'Keep the cursor; the first read begins at its "start".'
        yield Finding("/find/changed_since#", "CFG143", "the cursor sets find.changed_since by itself", hint)
    start = _object(config, "cursor").get("start")
    if isinstance(start, str) and "${" not in start and not _is_time(start):
        message = f"'{shown(start, 40)}' is no time"
        yield Finding("/cursor/start", "CFG114", message, "Write ISO 8601, such as 2026-01-31T00:00:00Z.")
    yield from _searched_twice(operation, config)


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _searched_twice(operation: Operation, config: Mapping[str, Json]) -> Iterator[Finding]:
    """What is searched for, said by find and once more in the API's own words. Order and size go into the payload."""
    given = _object(config, "payload")
    rooted = list(given) == [operation.request_root]
    view = _object(given, operation.request_root) if rooted else given
    query, place = _object(view, "ContentQuery"), f"/payload/{operation.request_root}" if rooted else "/payload"
    for name in ("Filter", "Query"):
        if config.get("find") and query.get(name):
            hint = "Write all of it in one of them: find.criteria takes the API's own words."
            message = f"find and payload both say what is searched for: find's criteria and this {name} must both hold"
            yield Finding(f"{place}/ContentQuery/{name}#", "CFG143", message, hint, "warning")


def _object(config: Mapping[str, Json], key: str) -> Mapping[str, Json]:
    """Of another type it is told of elsewhere."""
    value = config.get(key)
    return value if isinstance(value, dict) else {}
