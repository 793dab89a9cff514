"""Asks a client's system what offline checks cannot know: whether it answers, and whether what is named is there.

Only reads (GET, OPTIONS) after the log-in. A system that is away is one finding, and says nothing of the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct, field

from connector.checks.mapping import Found, object_in, text_in
from connector.checks.mentions import Mention, mentions
from connector.checks.named import is_known
from connector.checks.there import LOOK_UPS
from connector.clients import HttpClient
from connector.clients.ibexa import IbexaClient
from connector.clients.request import Request
from connector.config.declaration import Declaration, Discovered
from connector.config.project import Project
from connector.core.clock import StopEvent
from connector.core.errors import AuthRefused, BadAnswer, ClientError, ConfigError, RateLimited
from connector.core.jsonio import Json, shown
from connector.core.problem import Finding
from connector.core.protocols import Clock
from connector.incoming.first_look import first_look
from connector.incoming.http import HttpIncoming
from connector.systems.catalogue import Catalogue, ibexa
from connector.systems.ibexa.actions import ACTIONS
from connector.systems.ibexa.discover import discovered
from connector.systems.ibexa.gateway import Gateway
from connector.systems.ibexa.known import Known, known_of
from connector.systems.ibexa.type_document import server_document
from connector.systems.ibexa.written_down import plan
from connector.systems.live import allowed
from connector.systems.operation import Operation

Source = tuple[Declaration, HttpIncoming]


class Told(Struct):
    """What a client's system said.

    Attributes:
        known: what it has, by identifier; None: no Ibexa, or it did not say.
        found: what is wrong.
        lacks: True: a variable is not set, or does not fit, as is told of its file.
    """

    known: Known | None = None
    found: list[Found] = field(default_factory=list)
    lacks: bool = False


class Online(Struct, frozen=True):
    """What all systems said that were asked.

    Attributes:
        known: by client, what it has, of those that answered.
        found: what is wrong.
        needed: files of clients that could not be asked for want of a variable, which is an error then.
    """

    known: Mapping[str, Known]
    found: Sequence[Found]
    needed: frozenset[str] = frozenset()


def ask(
    project: Project, declaration: Declaration, client: HttpClient, clock: Clock, sources: Sequence[Source] = ()
) -> Told:
    """Everything of one client; a system that fails on the way ends it with one finding.

    Args:
        project: the project.
        declaration: of the client.
        client: to ask with.
        clock: time.
        sources: what is read with it by requests of their own: each is asked for its first page.
    """
    told = Told()
    try:
        if isinstance(client, IbexaClient):
            _ask_ibexa(project, client, clock, told)
        elif not sources:
            _ask_any(client)
        for source, incoming in sources:
            told.found += [(source, one) for one in _looked_at(incoming, clock)]
    except ClientError as error:
        told.found.append(unusable(declaration, error))
    return told


def _looked_at(incoming: HttpIncoming, clock: Clock) -> list[Finding]:
    """Raises: ClientError: the source is away, or does not take the credentials."""
    try:
        return first_look(incoming, StopEvent(), clock.now())
    except BadAnswer as error:
        hint = "Check auth of the client, and what its variables hold."
        raise AuthRefused(f"it answers {error.status} to what '{incoming.name}' asks for", hint=hint) from None


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
            if one.kind in LOOK_UPS and not is_known(one, told.known):
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
    verdicts: dict[tuple[str, str], str] = {}
    for source in (*project.incomings.values(), *project.outgoings.values()):
        if text_in(source, "client") != client.name or text_in(source, "type") != "ibexa" or not source.enabled:
            continue
        operation = _operation(source, catalogue)
        if operation is None:
            continue
        path = _declared_path(source, operation)
        asked = operation.id, str(sorted(path.items()))
        if asked not in verdicts:
            found = allowed(client, operation, path)
            missing = found.status in (404, 405) or (found.methods and operation.method not in found.methods)
            verdicts[asked] = f"{operation.id}: {found.verdict} ({found.address})" if missing else ""
        if verdicts[asked]:
            key = "/action" if text_in(source, "action") else "/entity"
            hint = "Is that part of the product installed there? `connector catalogue show` tells more of it."
            yield source, Finding(key, "CFG192", verdicts[asked], hint)


def _declared_path(source: Declaration, operation: Operation) -> dict[str, Json]:
    """Path parameters that are words, such as the kind of an event: numbers of items may stand for any."""
    declared = object_in(source, "path")
    return {
        name: one
        for name, one in declared.items()
        if name in operation.path_params and isinstance(one, str) and one.isidentifier()
    }


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
        problem = LOOK_UPS[one.kind](gateway, one.value)
    except (BadAnswer, AuthRefused) as error:
        hint = "Give the user the permission to read it, or look by hand."
        yield one.told("CFG191", f"whether this is there cannot be told: {error.message}", hint, "warning")
        return
    if problem is not None:
        yield one.told("CFG191", *problem)
