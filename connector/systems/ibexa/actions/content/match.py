"""Finds content that was made before the connector, by what the message says, and gives it our remote id: once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from connector.core.errors import AnswerLost, RecordError
from connector.core.jsonio import Json
from connector.core.model import Message
from connector.core.numbers import Number
from connector.systems.ibexa.actions.base import Ended, checked, known_keys, refuse
from connector.systems.ibexa.actions.content.drafts import Again
from connector.systems.ibexa.actions.content.held import Held, held_of
from connector.systems.ibexa.actions.content.memory import Memory
from connector.systems.ibexa.actions.content.progress import Progress
from connector.systems.ibexa.actions.content.values import FieldValue
from connector.systems.ibexa.actions.content.wanted import MATCHES, Wanted
from connector.systems.ibexa.answers import outcome_of
from connector.systems.ibexa.find import view_input
from connector.systems.ibexa.gateway import Gateway
from connector.systems.ibexa.types import ContentType

_MADE_BY_IBEXA = re.compile("[0-9a-f]{32}")
"""A remote id of this form belongs to nobody: Ibexa makes it for what an editor creates."""
_AT_MOST = 50
"""Of content that a search finds; which of it really matches is looked at here, for searches fold case and accents."""
_Rule = tuple[Mapping[str, Json], Callable[[Mapping[str, Json], Held], bool]]
"""Words of a search, and whether a hit really is meant."""


def matching(gateway: Gateway, wanted: Wanted, content_type: ContentType, values: list[FieldValue]) -> Held | None:
    """The one content item that the message's ``match`` means, or None.

    Raises:
        Ended: Refused: several match, or the one that does belongs to somebody.
        RecordError: the message lacks what it shall be matched by.
        ClientError: Ibexa cannot be asked.
    """
    kind = next((name for name in MATCHES if name in wanted.match), "")
    if not kind:
        return None
    if kind == "field":
        _must_be_searchable(content_type, str(wanted.match["field"]))
    found = _by_remote_id(gateway, wanted) if kind == "remote_id" else _searched(gateway, wanted, values, kind)
    if len(found) > 1:
        ids = ", ".join(str(one.id) for one in found[:10])
        hint = "Give the right one our remote id in Ibexa, or match by something that only one has."
        raise refuse("IBX418", f"{len(found)} content items match '{wanted.remote_id}': {ids}", hint, "match")
    if found and kind != "remote_id" and not _MADE_BY_IBEXA.fullmatch(found[0].remote_id):
        message = (
            f"content item {found[0].id} matches '{wanted.remote_id}', but has the remote id '{found[0].remote_id}'"
        )
        hint = 'It belongs to another record or system; if it shall be taken over, use "match": {"remote_id": …}.'
        raise refuse("IBX420", message, hint, "match")
    return found[0] if found else None


def adopt(gateway: Gateway, held: Held, wanted: Wanted, progress: Progress) -> None:
    """Give the item our remote id.

    Raises:
        Again: always, when it worked or somebody was faster: look it up anew.
        Ended, ClientError: it could not be done.
    """
    message = Message(path={"contentId": held.id}, payload={"remoteId": wanted.remote_id})
    with gateway.adopting:  # two records that match the same item must not take it from each other
        now = held_of(checked(gateway.call("content.get", Message(path={"contentId": held.id}))).body("Content"))
        if now.remote_id != held.remote_id:
            raise Again
        try:
            answer = gateway.call("content.update_metadata", message)
        except AnswerLost:
            found = gateway.call("content.find", Message(query={"remoteId": wanted.remote_id}))
            if not found.ok or held_of(found.body("Content")).id != held.id:
                raise
            answer = found
    if answer.status == 406:
        raise Again
    if not answer.ok:
        raise Ended(outcome_of(answer.operation, answer.response, says=answer.says))
    progress.change = "adopted"
    progress.facts["remote_id_before"] = held.remote_id
    progress.memory = Memory(adopted=True)
    raise Again


def _by_remote_id(gateway: Gateway, wanted: Wanted) -> list[Held]:
    answer = gateway.call("content.find", Message(query={"remoteId": wanted.match["remote_id"]}))
    found = [] if answer.status == 404 else [held_of(checked(answer).body("Content"))]
    return [one for one in found if one.status == "PUBLISHED" and one.remote_id == wanted.match["remote_id"]]


def _searched(gateway: Gateway, wanted: Wanted, values: list[FieldValue], kind: str) -> list[Held]:
    words, fits = _RULES[kind](wanted, values)
    find = {"content_types": [wanted.content_type], "under": wanted.match.get("under"), **words}
    payload = view_input(find)
    payload["ContentQuery"]["limit"] = _AT_MOST
    view = checked(gateway.call("content.search", Message(payload=payload))).body("View")
    result = view.get("Result", {})
    contents = [hit["value"]["Content"] for hit in result.get("searchHits", {}).get("searchHit", [])]
    found = [held for content in contents if fits(content, held := held_of(content))]
    count = int(result.get("count") or 0)
    if count > len(contents) and len(found) <= 1:
        message = f"{count} content items are found for '{wanted.remote_id}', more than are looked at ({_AT_MOST})"
        raise refuse("IBX418", message, "Match by what only one has, or look below one place: match.under.", "match")
    return found


def _must_be_searchable(content_type: ContentType, name: str) -> None:
    known_keys({name: None}, content_type.fields, f"the fields of {content_type.identifier}")
    if not content_type.fields[name].searchable:
        hint = 'Make it searchable in Ibexa (content_type.ensure: "searchable": true), or match by something else.'
        raise RecordError(f"{content_type.identifier}.{name} is not searchable", hint=hint, step="match.field")


def _by_field(wanted: Wanted, values: list[FieldValue]) -> _Rule:
    name = str(wanted.match["field"])
    mine = [one for one in values if one.identifier == name and one.value not in (None, "", [])]
    if not mine:
        hint = "Map that field, or match by something else."
        raise RecordError(
            f"match wants the field '{name}', and the message has no value for it", hint=hint, step="match"
        )
    one = mine[0]
    if not isinstance(one.value, str | Number) or isinstance(one.value, bool):
        hint = "Fields with text or a number can be searched for."
        raise RecordError(f"match cannot go by the field '{name}'", hint=hint, step="match.field")
    criterion = {"Field": {"name": name, "operator": "EQ", "value": one.value}}

    def fits(_content: Mapping[str, Json], held: Held) -> bool:
        return any(field == name and one.codec.equal(one.value, value) for (_, field), value in held.fields.items())

    return {"criteria": criterion}, fits


def _by_name(wanted: Wanted, _values: list[FieldValue]) -> _Rule:
    name = str(wanted.match["name"])

    def fits(content: Mapping[str, Json], _held: Held) -> bool:
        return name in (content.get("Name"), content.get("TranslatedName"))

    return {"criteria": {"ContentNameCriterion": name}}, fits


def _by_criteria(wanted: Wanted, _values: list[FieldValue]) -> _Rule:
    return {"criteria": wanted.match["criteria"]}, lambda _content, _held: True


_RULES: Mapping[str, Callable[[Wanted, list[FieldValue]], _Rule]] = {
    "field": _by_field,
    "name": _by_name,
    "criteria": _by_criteria,
}
