"""What a content type requires, asked for before anything is written: the server refuses it once a draft is made."""

from __future__ import annotations

from collections.abc import Iterator

from connector.config.pointer import below
from connector.core.jsonio import shown
from connector.systems.ibexa.actions.base import refuse
from connector.systems.ibexa.actions.content.held import Fields, Held
from connector.systems.ibexa.actions.content.owners import SOURCE
from connector.systems.ibexa.actions.content.values import FieldValue, values_of
from connector.systems.ibexa.actions.content.wanted import Wanted
from connector.systems.ibexa.assets import Assets
from connector.systems.ibexa.fields import codec_of
from connector.systems.ibexa.fields.account import ACCOUNT, ensure_no_user
from connector.systems.ibexa.gateway import Gateway
from connector.systems.ibexa.types import ContentType, FieldDefinition

_Lack = tuple[str, str, str]
"""Field, language, and what is wrong, in words."""


def check_required(
    values: list[FieldValue], content_type: ContentType, languages: tuple[str, str], held: Fields | None = None
) -> None:
    """Every required field must have a value, in every language that is new; and none may be emptied.

    Args:
        values: those to write.
        content_type: of the item.
        languages: the item's main language, and that of the message's ``fields``.
        held: what the item holds, and drafts that are written on; None: it is a new one.

    Raises:
        Ended: Refused, naming content type, fields, languages, and what is wrong with each.
        AccountField: it would be a new user.
    """
    if held is None:
        ensure_no_user(content_type)
    lacks = [*_emptied(values, content_type, is_new=held is None), *_left_out(values, content_type, languages[0], held)]
    if not lacks:
        return
    told = "; ".join(f"{name} ({language}), {why}" for name, language, why in lacks)
    hint = "Fill it in the mapping, with default(…) if need be."
    if held and any(language not in {code for code, _ in held} for _, language, _ in lacks):
        hint += " A language that is new to an item needs every required field that is translatable."
    name, language, _ = lacks[0]
    in_fields = language == languages[1] or not content_type.fields[name].translatable
    part = "/payload/fields" if in_fields else below("/payload/translations", language)
    raise refuse("IBX411", f"{content_type.identifier} requires {told}", hint, "fields", below(part, name))


def check_adopted(held: Held, wanted: Wanted, content_type: ContentType, tools: tuple[Gateway, Assets]) -> None:
    """What a message lacks is told before content of others is taken over for it.

    Raises:
        Ended: as ``check_required``.
        RecordError: as ``values_of``.
    """
    values = values_of(wanted, content_type, held.main_language, tools)
    ours = [one for one in held.differing(values) if wanted.owners.get(one.identifier, SOURCE) == SOURCE]
    check_required(ours, content_type, (held.main_language, wanted.main_language), held.fields)


def _emptied(values: list[FieldValue], content_type: ContentType, *, is_new: bool) -> Iterator[_Lack]:
    for one in values:
        definition = content_type.fields[one.identifier]
        if definition.required and one.codec.is_nothing(one.value) and not (is_new and definition.has_default):
            blank = isinstance(one.value, str) and one.value
            said = f'for which the message has "{shown(one.value, 40)}", nothing but blanks'
            yield one.identifier, one.language, said if blank else "which the message empties"


def _left_out(values: list[FieldValue], content_type: ContentType, main: str, held: Fields | None) -> Iterator[_Lack]:
    """In languages that are not there yet."""
    there = {language for language, _ in held or ()}
    said = {(one.language, one.identifier) for one in values}
    new = dict.fromkeys([main, *(one.language for one in values)])
    for language in (one for one in new if one not in there):
        for name, definition in content_type.fields.items():
            of_language = definition.translatable or language == main
            if of_language and (language, name) not in said and _is_needed(definition):
                yield name, language, "of which the message says nothing"


def _is_needed(definition: FieldDefinition) -> bool:
    if definition.type == ACCOUNT:
        return False  # login, email and password stand for it
    codec = codec_of(definition.type)
    return definition.required and not definition.has_default and codec.is_nothing(codec.empty)
