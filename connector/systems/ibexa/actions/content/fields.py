"""Brings the fields of a published item to what a message says: one draft with what differs and is ours to write."""

from __future__ import annotations

import logging
from collections.abc import Callable

from connector.core.errors import RecordError
from connector.core.jsonio import Json
from connector.core.model import Delivery
from connector.core.outcome import Refused
from connector.systems.ibexa.actions.base import Ended
from connector.systems.ibexa.actions.content import drafts
from connector.systems.ibexa.actions.content.drafts import Again
from connector.systems.ibexa.actions.content.held import Fields, Held
from connector.systems.ibexa.actions.content.memory import Memory
from connector.systems.ibexa.actions.content.owners import Sorted, sort_out
from connector.systems.ibexa.actions.content.progress import Progress
from connector.systems.ibexa.actions.content.recognised import Recognised
from connector.systems.ibexa.actions.content.values import FieldValue, values_of
from connector.systems.ibexa.actions.content.wanted import Wanted
from connector.systems.ibexa.assets import Assets
from connector.systems.ibexa.gateway import Gateway
from connector.systems.ibexa.types import ContentType

log = logging.getLogger("connector.ibexa")
_Tools = tuple[Gateway, Assets]
_Left = list[tuple[int, Fields]]
"""Drafts of an interrupted attempt: number and fields."""


def bring_fields(
    tools: _Tools, held: Held, wanted: Wanted, delivery: Delivery, known: tuple[ContentType, Progress, list[Wanted]]
) -> None:
    """Write what differs into a draft and publish it.

    Args:
        tools: for look-ups and downloads.
        held: the item as it is.
        wanted: what its fields shall be.
        delivery: for what came before.
        known: its content type, what was done so far, and what messages said that may have been written.

    Raises:
        Again: the state has changed under us.
        Ended, RecordError, ClientError: it could not be done; a draft that was refused is removed.
    """
    content_type, progress, before = known
    values = values_of(wanted, content_type, held.main_language or wanted.main_language, tools)
    said = _values_before(tools, held, content_type, before)
    recognised = Recognised(held, content_type, progress.memory, [*values, *said])
    left = drafts.leftovers(tools[0], held, recognised) if delivery.suspect else []
    sorted_out = sort_out(held.differing(values), held.fields, (wanted.owners, progress.memory, said))
    progress.leave(*sorted_out.shown)
    fields: Fields = held.fields
    if sorted_out.ours:
        draft = _draft(tools[0], held, recognised, (left, sorted_out.ours))
        progress.begun = True
        fields = _published(tools[0], held, draft, (sorted_out.ours, content_type.field_names_by_id))
        progress.begun = False
        progress.facts["version"] = draft[0]
        progress.changed += [one.shown for one in sorted_out.ours]
    else:
        _remove(tools[0], held, left)
    progress.memory = progress.memory.wrote(_ours(values, sorted_out, progress.memory), fields)


def _ours(values: list[FieldValue], sorted_out: Sorted, memory: Memory) -> list[FieldValue]:
    """The values that Ibexa now holds as we mean them: written, or found equal."""
    kept = [one for one, _ in sorted_out.left]
    written = sorted_out.ours
    equal = [one for one in values if one not in kept and one not in written]
    return [*written, *(one for one in equal if not (one.codec.partial and memory.digest(one)))]


def _draft(
    gateway: Gateway, held: Held, recognised: Recognised, spare: tuple[_Left, list[FieldValue]]
) -> tuple[int, Fields]:
    """A draft to write into: one that was left behind, unless it would change more than we mean to; else a new one."""
    left, written = spare
    usable = [one for one in left if recognised.adds_nothing(one[1], written)]
    draft = usable[0] if usable else drafts.new_draft(gateway, held, recognised)
    _remove(gateway, held, [one for one in left if one[0] != draft[0]])
    return draft


def _published(
    gateway: Gateway, held: Held, draft: tuple[int, Fields], what: tuple[list[FieldValue], dict[int, str]]
) -> Fields:
    """Write and publish; returns the fields as Ibexa then holds them."""
    number, fields = draft
    try:
        fields = drafts.write(gateway, (held.id, number, fields), *what)
        drafts.publish(gateway, held.id, number)
    except Again:
        drafts.remove(gateway, held.id, number)
        raise
    except (Ended, RecordError) as error:
        if not isinstance(error, Ended) or isinstance(error.outcome, Refused):
            drafts.remove(gateway, held.id, number)
        raise
    return fields


def _remove(gateway: Gateway, held: Held, left: _Left) -> None:
    for number, _ in left:
        drafts.remove(gateway, held.id, number)


def said_before(delivery: Delivery, read: Callable[[Json], Wanted]) -> list[Wanted]:
    """What messages said that this one replaced, and that may have been written without our learning of it."""
    said: list[Wanted] = []
    for message in delivery.earlier if delivery.suspect else ():
        try:
            said.append(read(message.payload))
        except RecordError as error:  # it could not have been written either
            log.info("an earlier message of '%s' cannot be read again: %s", delivery.key, error.message)
    return said


def _values_before(tools: _Tools, held: Held, content_type: ContentType, before: list[Wanted]) -> list[FieldValue]:
    said: list[FieldValue] = []
    for one in before:
        try:
            said += values_of(one, content_type, held.main_language, tools)
        except RecordError as error:  # as above
            log.info("what was said before of '%s' cannot be converted: %s", one.remote_id, error.message)
    return said
