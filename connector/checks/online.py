"""Asks a client's system what offline checks cannot know: whether it answers, and whether what is named is there.

Only reads (GET, OPTIONS) after the log-in. A system that is away is one finding, and says nothing of the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from connector.checks.mapping import Found, text_in
from connector.checks.mentions import Mention, mentions
from connector.checks.named import is_known
from connector.clients import HttpClient
from connector.clients.ibexa import IbexaClient
from connector.clients.request import Request
from connector.config.declaration import Declaration, Discovered
from connector.config.project import Project
from connector.core.errors import AuthRefused, BadAnswer, ClientError, ConfigError, RateLimited
from connector.core.jsonio import Json, shown
from connector.core.model import Message
from connector.core.nearest import did_you_mean
from connector.core.problem import Finding
from connector.core.protocols import Clock
from connector.systems.catalogue import Catalogue, ibexa
from connector.systems.ibexa.actions import ACTIONS
from connector.systems.ibexa.discover import discovered
from connector.systems.ibexa.gateway import Gateway
from connector.systems.ibexa.known import Known, known_of
from connector.systems.ibexa.type_document import server_document
from connector.systems.ibexa.written_down import plan
from connector.systems.live import allowed
from connector.systems.operation import Operation


@dataclass(slots=True)
class Told:
    """What a client's system said.

    Attributes:
        known: what it has, by identifier; None: no Ibexa, or it did not say.
        found: what is wrong.
        lacks: True: a variable is not set, or does not fit, as is told of its file.
    """

    known: Known | None = None
    found: list[Found] = field(default_factory=list)
    lacks: bool = False


@dataclass(frozen=True, slots=True)
class Online:
    """What all systems said that were asked.

    Attributes:
        known: by client, what it has, of those that answered.
        found: what is wrong.
        needed: files of clients that could not be asked for want of a variable, which is an error then.
    """

    known: Mapping[str, Known]
    found: Sequence[Found]
    needed: frozenset[str] = frozenset()


def ask(project: Project, declaration: Declaration, client: HttpClient, clock: Clock) -> Told:
    """Everything of one client; a system that fails on the way ends it with one finding."""
    told = Told()
    try:
        if isinstance(client, IbexaClient):
            _ask_ibexa(project, client, clock, told)
        else:
            _ask_any(client)
    except ClientError as error:
        told.found.append(unusable(declaration, error))
    return told


def unusable(declaration: Declaration, error: ClientError | ConfigError) -> Found:
    """The finding for a client that cannot be asked."""
    keys = declaration.data if isinstance(declaration.data, dict) else {}
    key = "auth" if isinstance(error, AuthRefused) and "auth" in keys else "base_url" if "base_url" in keys else ""
    severity = "warning" if isinstance(error, RateLimited) else "error"
    message = f"'{declaration.name}' cannot be used: {error.message}"
    return declaration, Finding(f"/{key}" if key else "", "CFG190", message, error.hint, severity)


def _ask_any(client: HttpClient) -> None:
    """Raises: ClientError: it is away, or does not take the credentials."""
    client.login()
    response = client.send(Request("GET", "/"))
    what = f"it answers {response.status} to GET /"
    if response.status in (401, 403):
        raise AuthRefused(what, hint="Check auth; if only that page is closed, see `connector check --path`.")
    if response.status >= 500:
        raise BadAnswer(what, hint="Check base_url, or ask again later.")


def _ask_ibexa(project: Project, client: IbexaClient, clock: Clock, told: Told) -> None:
    there = discovered(client)
    server = server_document(there.about, tuple(there.types), None)
    told.known = known_of(server, there.types.values())
    told.found += _outdated(project, client.name, (there.about, there.types))
    catalogue = ibexa(project.added().get("ibexa", ()))
    told.found += _operations(project, client, catalogue)
    gateway = Gateway(client, catalogue, clock)
    with gateway.looking():
        for one in mentions(project, client.name):
            if one.kind in _LOOK_UPS and not is_known(one, told.known):
                told.found += _looked_up(gateway, one)


def _outdated(
    project: Project, client: str, found: tuple[Mapping[str, Json], Mapping[str, Mapping[str, Json]]]
) -> Iterator[Found]:
    files = project.discovered.get(client)
    if files is None:
        return
    changes = plan(project.root / "configs" / "types", client, found, None)
    differing = [one for one in changes if one.state != "unchanged"]
    if differing:
        listed = ", ".join(_words(one.path, one.state, one.about) for one in differing)
        source: Declaration | Discovered = files.server or project.clients[client]
        message = f"what is written down is not what '{client}' has: {shown(listed, 300)}"
        hint = f"Run `connector discover {client}`, and look at what it changes."
        yield source, Finding("", "CFG193", message, hint, "warning")


def _words(path: Path, state: str, about: tuple[str, ...]) -> str:
    return f"{path.stem} ({', '.join(about) or state})"


def _operations(project: Project, client: IbexaClient, catalogue: Catalogue) -> Iterator[Found]:
    """What the server says of the address of each plain operation."""
    verdicts: dict[str, str] = {}
    for source in (*project.incomings.values(), *project.outgoings.values()):
        if text_in(source, "client") != client.name or text_in(source, "type") != "ibexa" or not source.enabled:
            continue
        operation = _operation(source, catalogue)
        if operation is None:
            continue
        if operation.id not in verdicts:
            found = allowed(client, operation, {})
            missing = found.status in (404, 405) or (found.methods and operation.method not in found.methods)
            verdicts[operation.id] = f"{operation.id}: {found.verdict} ({found.address})" if missing else ""
        if verdicts[operation.id]:
            key = "/action" if text_in(source, "action") else "/entity"
            hint = "Is that part of the product installed there? `connector catalogue show` tells more of it."
            yield source, Finding(key, "CFG192", verdicts[operation.id], hint)


def _operation(source: Declaration, catalogue: Catalogue) -> Operation | None:
    """The plain operation of an incoming or outgoing; None for a composed action, and when there is none."""
    entity, action = text_in(source, "entity"), text_in(source, "action")
    if (source.family == "outgoing" and (entity, action) in ACTIONS) or "${" in entity + action:
        return None
    try:
        return catalogue.find(entity, action) if action else catalogue.default_listing(entity)
    except ConfigError:
        return None  # told offline


def _looked_up(gateway: Gateway, one: Mention) -> Iterator[Found]:
    try:
        problem = _LOOK_UPS[one.kind](gateway, one.value)
    except (BadAnswer, AuthRefused) as error:
        hint = "Give the user the permission to read it, or look by hand."
        yield one.told("CFG191", f"whether this is there cannot be told: {error.message}", hint, "warning")
        return
    if problem is not None:
        yield one.told("CFG191", *problem)


_Problem = tuple[str, str, str] | None
"""Message, hint and severity."""


def _place(gateway: Gateway, value: Json) -> _Problem:
    if "remote_id" in value:
        if gateway.location_path(str(value["remote_id"])):
            return None
        hint = "That is as it should be when a route creates it: tasks wait for it."
        return f"'{value['remote_id']}' is not in Ibexa, or not published", hint, "warning"
    path = str(value.get("path", "")).strip("/")
    number = path.rpartition("/")[2] if path else str(value["id"])
    found = gateway.location_path_by_id(int(number)) if number.isdigit() else None
    if found is None:
        return f"there is no Location {path or number}", "Correct it, or let the user see it.", "error"
    if path and path != found:
        return f"Location {number} does not lie at {path}, but at {found}", f'Write "/{found}".', "error"
    return None


def _section(gateway: Gateway, value: Json) -> _Problem:
    answer = gateway.call("section.list", Message())
    rows = answer.body("SectionList").get("Section", []) if answer.ok else None
    if rows is None:
        raise BadAnswer(f"section.list answered {answer.status}")
    names = [str(row.get("identifier")) for row in rows]
    hint = f"{did_you_mean(str(value), names)}It has: {', '.join(names)}."
    return None if value in names else (f"there is no section '{value}'", hint, "error")


def _state(gateway: Gateway, value: Json) -> _Problem:
    group, state = value
    states = gateway.object_states(group)
    if states is None:
        return f"there is no object state group '{group}'", "Correct it, or make it in Ibexa.", "error"
    hint = f"{did_you_mean(str(state), states)}It has: {', '.join(states)}."
    return None if state in states else (f"'{group}' has no object state '{state}'", hint, "error")


def _role(gateway: Gateway, value: Json) -> _Problem:
    answer = gateway.call("role.list", Message(query={"identifier": value}))
    if not answer.ok:
        raise BadAnswer(f"role.list answered {answer.status}")
    rows = answer.body("RoleList").get("Role", [])
    there = any(row.get("identifier") == value for row in rows)
    return None if there else (f"there is no role '{value}'", "Correct it, or make it in Ibexa.", "error")


_LOOK_UPS = {"place": _place, "section": _section, "state": _state, "role": _role}
