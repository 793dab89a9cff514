"""Drafts of content types: whether one that is there is what an attempt of ours left, or somebody's work.

A content type has one draft at most, and publishing it publishes all that is in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from connector.core.jsonio import Json
from connector.core.model import Message
from connector.core.outcome import NotSent
from connector.core.problem import Problem
from connector.systems.ibexa.actions.base import Ended, checked
from connector.systems.ibexa.actions.content_type_changes import Changes, definitions, field_changes
from connector.systems.ibexa.actions.content_type_declared import words_of
from connector.systems.ibexa.answers import description
from connector.systems.ibexa.gateway import Gateway

_OF_ITS_OWN = frozenset(
    ["_href", "_media-type", "status", "modificationDate", "Modifier", "Groups", "Draft", "FieldDefinitions"]
)
"""In which a draft differs from its content type anyway."""
_TEXTS = ("names", "descriptions")

Said = Iterable[tuple[Mapping[str, Json], Changes]]
"""Messages that may have been carried out in part, each with what it asks of the published content type."""


def open_draft(gateway: Gateway, row: Mapping[str, Json], said: Said, countries: Mapping[str, str]) -> Json:
    """The REST form of a draft into which may be written: a new one, or one that an attempt of ours has left.

    Args:
        gateway: the client's Ibexa.
        row: the published content type.
        said: whose draft may be taken for ours.
        countries: as ``Gateway.countries``.

    Raises:
        Ended: NotSent: there is a draft that somebody else has begun.
    """
    place = Message(path={"contentTypeId": row["id"]}, payload={})
    answer = gateway.call("content_type.create_draft", place)
    if answer.status != 403:
        checked(answer)
        return row
    found = gateway.call("content_type.get_draft", Message(path={"contentTypeId": row["id"]}))
    if found.status == 404:  # it is not shown to others than its owner
        raise _in_the_way(row, f"Ibexa gives no draft of it: {description(answer.response)}")
    draft = checked(found).body("ContentType")
    by = str((draft.get("Modifier") or {}).get("_href", "")).rstrip("/").rpartition("/")[2]
    mine = by == str(gateway.user_id())
    if mine and any(_is_made_of(draft, row, one, countries) for one in said):
        return draft
    who = f"the connector's own user, '{gateway.client.user}'," if mine else _who(gateway, by)
    raise _in_the_way(row, f"there is a draft that {who} has begun, last changed {draft.get('modificationDate')}")


def _in_the_way(row: Mapping[str, Json], why: str) -> Ended:
    message = f"the content type '{row['identifier']}' is left as it is: {why}"
    hint = "Publish or discard that draft in Ibexa, below Content types. Until then this is tried again."
    return Ended(NotSent(Problem("IBX428", message, hint=hint)))


def _who(gateway: Gateway, number: str) -> str:
    answer = gateway.call("user.get", Message(path={"userId": number})) if number else None
    login = answer.body("User").get("login") if answer is not None and answer.ok else None
    return f"the user '{login}'" if login else f"user {number or '(not told)'}"


def _is_made_of(
    draft: Mapping[str, Json],
    row: Mapping[str, Json],
    said: tuple[Mapping[str, Json], Changes],
    countries: Mapping[str, str],
) -> bool:
    """Whether a draft holds nothing but what is published, and what that message asks for."""
    payload, wanted = said
    if not _holds(draft, row, wanted.about):
        return False
    published = {int(one["id"]): one for one in definitions(row)}
    here = {int(one["id"]): one for one in definitions(draft)}
    if published.keys() - here.keys():
        return False
    added = {str(one["identifier"]): one for one in wanted.added}
    around = (row, str(payload["main_language"]), countries)
    for number, one in here.items():
        if number in published:
            if not _holds(one, published[number], wanted.fields.get(number, {})):
                return False
        elif (new := added.get(str(one["identifier"]))) is None or field_changes(one, new, around) != ({}, []):
            return False
    return True


def _holds(here: Mapping[str, Json], published: Mapping[str, Json], wanted: Mapping[str, Json]) -> bool:
    return all(
        _plain(name, here[name]) in (_plain(name, published.get(name)), _plain(name, wanted.get(name, ...)))
        for name in here
        if name not in _OF_ITS_OWN
    )


def _plain(name: str, value: Json) -> Json:
    """As it is compared: without order of languages, and with nothing, an empty list and an empty map alike."""
    if name in _TEXTS and value is not ...:
        return {code: text for code, text in words_of(value).items() if text}
    return _without_nothing(value)


def _without_nothing(value: Json) -> Json:
    if isinstance(value, dict):
        kept = {name: _without_nothing(one) for name, one in value.items()}
        return {name: one for name, one in kept.items() if one is not None} or None
    if isinstance(value, list):
        return [_without_nothing(one) for one in value] or None
    return value
