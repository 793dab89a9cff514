"""Reads what a server has: content types with their fields and groups, and what else is named by an identifier.

Only reads, and says what it may not. A handful of requests: one each for languages, sections and roles; one for the
groups of object states and one a group, the same for those of content types; one for every hundred types.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct, field

from connector.clients import HttpClient
from connector.core.errors import AuthRefused, BadAnswer
from connector.core.jsonio import Json
from connector.core.model import Message
from connector.systems.catalogue import ibexa
from connector.systems.ibexa.answers import description
from connector.systems.ibexa.type_document import document_of

PAGE = 100
"""Content types of one request."""


class Discovered(Struct, frozen=True):
    """What a server has.

    Attributes:
        languages: code -> name; empty: it does not say (before 4.6 there is no such address).
        types: identifier -> document, see type_document.py; sorted.
        sections: identifiers; empty: the user may not see them, and so for the two that follow.
        states: group -> identifiers of its object states, in the group's order.
        roles: identifiers.
    """

    languages: Mapping[str, str]
    types: Mapping[str, Mapping[str, Json]]
    sections: Sequence[str] = ()
    states: Mapping[str, Sequence[str]] = field(default_factory=dict)
    roles: Sequence[str] = ()

    @property
    def about(self) -> dict[str, Json]:
        """What is not of one content type, as it is written down; what is not known is left out."""
        states = {group: list(self.states[group]) for group in sorted(self.states)}
        named = {"sections": sorted(self.sections), "object_states": states, "roles": sorted(self.roles)}
        return {"languages": dict(sorted(self.languages.items()))} | {key: one for key, one in named.items() if one}


def discovered(client: HttpClient, told: Callable[[str], None] = lambda _text: None) -> Discovered:
    """Ask.

    Args:
        client: of an Ibexa.
        told: is given a few words now and then.

    Raises:
        AuthRefused: the log-in is refused, or the user may not read content types.
        BadAnswer: this is no Ibexa, or it shows no content type at all.
        ClientError: it cannot be asked.
    """
    told("logging in")
    client.login()
    languages = _languages(client)
    told("groups of content types")
    groups = _groups(client)
    rows = _types(client, told)
    if not rows:
        hint = f"Does the user {client.user or '(anonymous)'} have a role in Ibexa? Is siteaccess right?"
        raise BadAnswer(f"{client.base_url} shows no content type", hint=hint)
    types = {name: document_of(rows[name], groups.get(str(rows[name]["id"]), ())) for name in sorted(rows)}
    told("sections, object states and roles")
    sections, roles = (_identifiers(client, name) for name in ("section.list", "role.list"))
    return Discovered(languages, types, sections, _states(client), roles)


def _types(client: HttpClient, told: Callable[[str], None]) -> dict[str, Mapping[str, Json]]:
    """Identifier -> row; a type in two groups comes twice, so what is asked next is counted in rows."""
    rows: dict[str, Mapping[str, Json]] = {}
    seen, before = 0, [""]
    while True:
        told(f"{len(rows)} content types")
        found = _listed(
            client, "content_type.list", Message(query={"limit": PAGE, **({"offset": seen} if seen else {})})
        )
        names = [str(one["identifier"]) for one in found]
        if names == before:  # it does not page
            return rows
        rows |= dict(zip(names, found, strict=True))
        seen, before = seen + len(found), names
        if len(found) < PAGE:
            return rows


def _languages(client: HttpClient) -> dict[str, str]:
    rows = _listed(client, "language.list", Message(), optional=True)
    return {str(one["languageCode"]): str(one.get("name") or "") for one in rows}


def _identifiers(client: HttpClient, name: str) -> list[str]:
    """Of a listing that not every user may see: Ibexa leaves out, or refuses, what is not theirs."""
    return [str(one["identifier"]) for one in _listed(client, name, Message(), optional=True)]


def _states(client: HttpClient) -> dict[str, list[str]]:
    """Group -> its object states."""
    found: dict[str, list[str]] = {}
    for group in _listed(client, "object_state_group.list", Message(), optional=True):
        message = Message(path={"objectStateGroupId": str(group["id"])})
        states = _listed(client, "object_state.list", message, optional=True)
        found[str(group["identifier"])] = [str(one["identifier"]) for one in states]
    return found


def _groups(client: HttpClient) -> dict[str, list[str]]:
    """Id of a content type -> identifiers of its groups."""
    found: dict[str, list[str]] = {}
    for group in _listed(client, "content_type_group.list", Message()):
        number = str(group["_href"]).rstrip("/").rpartition("/")[2]
        message = Message(path={"contentTypeGroupId": number})
        for one in _listed(client, "content_type.list_for_group", message):
            found.setdefault(str(one["id"]), []).append(str(group["identifier"]))
    return found


def _listed(client: HttpClient, name: str, message: Message, *, optional: bool = False) -> list[Mapping[str, Json]]:
    operation = ibexa().get(name)
    response = client.send(operation.request(message))
    if optional and response.status in (401, 403, 404):
        return []
    if response.status in (401, 403):
        user = client.user or "(anonymous)"
        hint = f"Give {user} a role in Ibexa that may log in and read content, or let another user discover."
        raise AuthRefused(f"the user {user} may not do {name}: {description(response)}", hint=hint)
    if response.status != 200:
        hint = "base_url must lead to the site's /api/ibexa/v2."
        raise BadAnswer(f"{name} answered {response.status}: {description(response)}", hint=hint)
    found = operation.items(response.json())
    if found is None:
        raise BadAnswer(f"{name} answered without {operation.list_at}", hint="Is a proxy in between?")
    return found
