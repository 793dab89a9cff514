"""Brings the fields of a published item to what a message says: one draft with what differs and is ours to write."""

from __future__ import annotations

import logging
from collections.abc import Callable

from msgspec.structs import replace

from connector.core.errors import RecordError
from connector.core.jsonio import Json
from connector.core.model import Delivery
from connector.core.outcome import Refused
from connector.systems.ibexa.actions.base import Ended
from connector.systems.ibexa.actions.content import drafts
from connector.systems.ibexa.actions.content.drafts import Again, Draft
from connector.systems.ibexa.actions.content.held import Fields, Held
from connector.systems.ibexa.actions.content.memory import Memory
from connector.systems.ibexa.actions.content.overtaken import overtaken
from connector.systems.ibexa.actions.content.owners import Sorted, sort_out
from connector.systems.ibexa.actions.content.progress import Progress
from connector.systems.ibexa.actions.content.recognised import Recognised
from connector.systems.ibexa.actions.content.refers import check_languages
from connector.systems.ibexa.actions.content.required import check_required
from connector.systems.ibexa.actions.content.values import FieldValue, told, values_of
from connector.systems.ibexa.actions.content.waiting import Waiting, bring_draft, leave, look
from connector.systems.ibexa.actions.content.wanted import Wanted
from connector.systems.ibexa.assets import Assets
from connector.systems.ibexa.expected import COMPARING
from connector.systems.ibexa.gateway import Gateway
from connector.systems.ibexa.types import ContentType

log = logging.getLogger("connector.ibexa")
_Tools = tuple[Gateway, Assets]
_Left = list[Draft]
"""Drafts of an interrupted attempt."""


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
    check_languages(tools[0], wanted.languages, {language for language, _ in held.fields})
    if delivery.action in COMPARING:
        progress.leave(*overtaken(tools[0], held, progress.memory))
    values = values_of(wanted, content_type, held.main_language or wanted.main_language, tools)
    progress.leave(*told(values))
    said = _values_before(tools, held, content_type, before)
    recognised = Recognised(held, content_type, progress.memory, [*values, *said])
    waiting = look(tools[0], held, content_type, progress)
    sorted_out = sort_out(held.differing(values), held.fields, (wanted.owners, progress.memory, said))
    _check_required(tools[0], sorted_out, content_type, (held, wanted, waiting))
    if waiting is not None and not (waiting.touched or waiting.current):
        drafts.remove(tools[0], held.id, waiting.number)  # published as it is, it would undo what was published since
        waiting = None
    unknown = not wanted.publish and delivery.memory is None and held.differing(values)  # the run log may be lost
    left = drafts.leftovers(tools[0], held, recognised) if delivery.suspect or unknown else []
    left = _with_waiting(left, waiting)
    progress.leave(*sorted_out.shown)
    fields: Fields = held.fields
    if waiting is not None and waiting.touched:
        leave(progress, waiting, sorted_out.ours)
        if not wanted.publish:
            return
    if not wanted.publish:
        bring_draft(tools[0], held, (sorted_out, recognised, left), (content_type, progress))
        equal = Sorted([], [*sorted_out.left, *((one, "") for one in sorted_out.ours)])
        progress.memory = progress.memory.wrote(_ours(values, equal, progress.memory), fields)
        return
    progress.memory = replace(progress.memory, draft={})
    if sorted_out.ours:
        # A picture that cannot be sent must not cost a draft; who only looks need not fetch it.
        ours = sorted_out.ours if tools[0].only_looks else [_ready(one, held) for one in sorted_out.ours]
        draft = _draft(tools[0], held, recognised, (left, ours))
        fields = _published(tools[0], held, draft, (ours, content_type.field_names_by_id), progress)
        progress.memory = replace(progress.memory, over=(held.version, draft.number))
        progress.facts["version"] = draft.number
        progress.changed += [one.shown for one in sorted_out.ours]
    else:
        _remove(tools[0], held, left)
    progress.memory = progress.memory.wrote(_ours(values, sorted_out, progress.memory), fields)


def _check_required(
    gateway: Gateway, sorted_out: Sorted, content_type: ContentType, around: tuple[Held, Wanted, Waiting | None]
) -> None:
    """Before a draft is made, or one removed; not where nothing is written: a look, a draft that an editor is in."""
    held, wanted, waiting = around
    if gateway.only_looks or (waiting is not None and waiting.touched and not wanted.publish):
        return
    there = held.fields if waiting is None else {**waiting.fields, **held.fields}
    check_required(sorted_out.ours, content_type, (held.main_language, wanted.main_language), there)


def _ready(one: FieldValue, held: Held) -> FieldValue:
    return one.ready(held.fields.get((one.language, one.identifier)))


def _with_waiting(left: _Left, waiting: Waiting | None) -> _Left:
    """The draft that waits is no leftover; it is ours to write, unless an editor works in it."""
    if waiting is None:
        return left
    others = [one for one in left if one.number != waiting.number]
    return others if waiting.touched else [waiting.as_draft(), *others]


def _ours(values: list[FieldValue], sorted_out: Sorted, memory: Memory) -> list[FieldValue]:
    """The values that Ibexa now holds as we mean them: written, or found equal."""
    kept = [one for one, _ in sorted_out.left]
    written = sorted_out.ours
    equal = [one for one in values if one not in kept and one not in written]
    return [*written, *(one for one in equal if not (one.codec.partial and memory.digest(one)))]


def _draft(gateway: Gateway, held: Held, recognised: Recognised, spare: tuple[_Left, list[FieldValue]]) -> Draft:
    """A draft to write into: one that was left behind, unless it would change more than we mean to; else a new one."""
    left, written = spare
    usable = [one for one in left if recognised.adds_nothing(one.fields, written)]
    draft = usable[0] if usable else drafts.new_draft(gateway, held, recognised)
    _remove(gateway, held, [one for one in left if one.number != draft.number])
    return draft


def _published(
    gateway: Gateway, held: Held, draft: Draft, what: tuple[list[FieldValue], dict[int, str]], progress: Progress
) -> Fields:
    """Write and publish; returns the fields as Ibexa then holds them."""
    progress.begun = True
    try:
        fields = drafts.write(gateway, (held.id, draft.number, draft.fields), *what)
        drafts.publish_over(gateway, held, draft)
    except Again:
        progress.begun = not drafts.remove(gateway, held.id, draft.number)
        raise
    except (Ended, RecordError) as error:
        if not isinstance(error, Ended) or isinstance(error.outcome, Refused):
            progress.begun = not drafts.remove(gateway, held.id, draft.number)
        raise
    progress.begun = False
    return fields


def _remove(gateway: Gateway, held: Held, left: _Left) -> None:
    for draft in left:
        drafts.remove(gateway, held.id, draft.number)


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
