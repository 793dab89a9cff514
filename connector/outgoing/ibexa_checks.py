"""What can be said of an Ibexa publisher's declaration without asking the server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from connector.clients.addresses import is_inside
from connector.core.errors import ConfigError
from connector.core.jsonio import Json
from connector.core.nearest import did_you_mean
from connector.core.problem import Finding
from connector.systems.catalogue import Catalogue, ibexa
from connector.systems.ibexa import checks
from connector.systems.ibexa.actions import ACTIONS
from connector.systems.ibexa.actions.content import declared
from connector.systems.ibexa.asset_sources import host_of
from connector.systems.ibexa.criteria import in_criteria
from connector.systems.operation import Operation


def findings(config: Mapping[str, Json], added: Sequence[Json] = ()) -> list[Finding]:
    """Entity and action exist and write; parameters and payload are known.

    Args:
        config: the declaration.
        added: what the project adds to the catalogue.
    """
    entity, action = config.get("entity"), config.get("action")
    if not isinstance(entity, str) or not isinstance(action, str) or "${" in entity + action:
        return []
    catalogue = ibexa(added)
    both = action in catalogue.actions(entity) and config.get("path")  # by a content id it is the plain operation
    if (entity, action) in ACTIONS and not both:
        return list(_composed(f"{entity}.{action}", config, catalogue))
    try:
        operation = catalogue.find(entity, action)
    except ConfigError as error:
        return [_unknown(entity, action, catalogue, error)]
    if operation.reads and operation.method != "HEAD":  # what else is there belongs to the one that was meant
        message = f"{operation.id} reads and writes nothing"
        return [*checks.age(operation), Finding("/action", "CFG151", message, "Use it in an incoming.")]
    found = [*checks.age(operation), *checks.parameters(operation, config), *checks.payload(operation, config)]
    return [*found, *checks.destination(operation, config), *_promises(operation, config)]


def _unknown(entity: str, action: str, catalogue: Catalogue, error: ConfigError) -> Finding:
    """What there is, composed actions first: they are what most people look for."""
    composed = sorted(name for owner, name in ACTIONS if owner == entity)
    if not catalogue.actions(entity) and not composed:
        return Finding("/entity", "CFG150", error.message, checks.of_entity(entity, error.hint, reading=False))
    plain = sorted(one for one in catalogue.actions(entity) if catalogue.find(entity, one).writes)
    made = f" Composed: {', '.join(composed)}." if composed else ""
    listed = f"Its writing actions are: {', '.join(plain)}." if plain else "No operation writes it."
    hint = f"{did_you_mean(action, [*composed, *plain])}{listed}{made}"
    return Finding("/action", "CFG150", f"'{entity}' has no action '{action}'", hint)


def _composed(name: str, config: Mapping[str, Json], catalogue: Catalogue) -> Iterator[Finding]:
    yield from _hosts(config.get("assets"))
    for part in ("path", "query", "destination"):
        if config.get(part):
            yield Finding(f"/{part}#", "CFG154", f"{name} takes a payload only", f"Leave {part} out.")
    body = catalogue.composed_body(name)
    payload = config.get("payload") or {}
    match = payload.get("match") if isinstance(payload, dict) else None
    for fault in in_criteria(match.get("criteria") if isinstance(match, dict) else None, "/payload/match/criteria"):
        yield Finding(fault.pointer, "CFG158", f"{name}: {fault.message}", fault.hint, "warning")
    faults = [*body.faults(payload)] if body else []
    if name.startswith("content.") and isinstance(payload, dict):
        faults += declared.faults(payload)
    for fault in faults:
        pointer = f"/payload{fault.pointer}" + ("#" if fault.at_key else "")
        code = "CFG158" if fault.pointer.startswith("/match/criteria") else "CFG157"
        yield Finding(pointer, code, f"{name}: {fault.message}", fault.hint)


def _promises(operation: Operation, config: Mapping[str, Json]) -> Iterator[Finding]:
    if not operation.reads and not operation.idempotent and not operation.repeat and "delivery" not in config:
        hint = 'Declare "delivery": "look_up" to leave a lost answer to a person, "at_least_once" to send again.'
        message = f"nothing tells whether a lost {operation.id} took effect"
        yield Finding("/action", "CFG153", message, hint, "warning")


def _hosts(assets: Json) -> Iterator[Finding]:
    """Hosts that lie on this machine or in a private network, and are not declared to."""
    if not isinstance(assets, dict):
        return
    allowed, declared = (assets.get(name) for name in ("allow_hosts", "allow_private"))
    private = [str(one).lower() for one in declared] if isinstance(declared, list) else []
    if any("${" in one for one in private):
        return
    for name, listed in (("allow_hosts", allowed), ("allow_private", declared)):
        for number, one in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(one, str) and "${" not in one and (set(one) & set("*?") or one.startswith(".")):
                message = f"'{one}' is taken as the name of a host, not as a pattern: nothing is fetched by it"
                yield Finding(f"/assets/{name}/{number}", "CFG114", message, "Name each host: cdn.example.com.")
    for number, one in enumerate(allowed if isinstance(allowed, list) else ()):
        host = host_of(one).lower() if isinstance(one, str) and "${" not in one else ""
        if host and is_inside(host) and not {one.lower(), host, f"[{host}]"} & set(private):
            message = f"nothing is fetched from {one}: it lies on this machine, in a private network or is reserved"
            hint = f'If that is meant, say so beside it: "allow_private": ["{one}"].'
            yield Finding(f"/assets/allow_hosts/{number}", "CFG169", message, hint, "warning")
