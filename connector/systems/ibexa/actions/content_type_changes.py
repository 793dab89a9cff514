"""What a declared content type asks for beyond what Ibexa has: what can be changed, and what is better left alone.

Left is what content may depend on: the type of a field, its being translatable, options that items hold. Only what is
declared is looked at; what is not said is the editors'.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from connector.core.jsonio import Json
from connector.systems.ibexa.actions.content_type_declared import texts, translated, words_of
from connector.systems.ibexa.actions.content_type_settings import changed_settings, changed_validators
from connector.systems.ibexa.fields import CODECS
from connector.systems.ibexa.types import own_name

_PLAIN: Mapping[str, str] = {
    "required": "isRequired",
    "searchable": "isSearchable",
    "position": "position",
    "group": "fieldGroup",
}
"""Of a field: the message's key, and where REST has it."""

_NOTHING: tuple[Json, ...] = (None, "", [], {})


class Changes(Struct):
    """What a content type lacks.

    Attributes:
        about: of the type itself, as content_type.update_draft takes it.
        fields: id of a field definition -> what field_definition.update takes.
        added: declared fields that are not there.
        shown: for people: what is changed.
        left: for people: what is not, and why.
    """

    about: dict[str, Json] = field(default_factory=dict)
    fields: dict[int, dict[str, Json]] = field(default_factory=dict)
    added: list[Mapping[str, Json]] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.about or self.fields or self.added)


def changes(row: Mapping[str, Json], payload: Mapping[str, Json], countries: Mapping[str, str]) -> Changes:
    """Compare.

    Args:
        row: the REST form of a content type or of its draft, with field definitions.
        payload: of the message.
        countries: as ``Gateway.countries``.
    """
    found = Changes()
    _about(row, payload, found)
    held = {str(one["identifier"]): one for one in definitions(row)}
    for one in payload["fields"]:
        there = held.get(one["identifier"])
        if there is None:
            found.added.append(one)
            found.shown.append(str(one["identifier"]))
            continue
        update, left = field_changes(there, one, (row, payload["main_language"], countries))
        if update:
            found.fields[int(there["id"])] = update
            found.shown += [f"{one['identifier']}: {name}" for name in _named(update)]
        found.left += [f"{one['identifier']}: {words}" for words in left]
    return found


def definitions(row: Mapping[str, Json]) -> list[Mapping[str, Json]]:
    """The field definitions of the REST form of a content type."""
    found = row.get("FieldDefinitions") or {}
    listed = found.get("FieldDefinition", []) if isinstance(found, dict) else []
    return listed if isinstance(listed, list) else []


def field_changes(
    held: Mapping[str, Json], one: Mapping[str, Json], around: tuple[Mapping[str, Json], str, Mapping[str, str]]
) -> tuple[dict[str, Json], list[str]]:
    """What field_definition.update takes to make a field what is declared, and what is left, in words.

    Args:
        held: the REST form of the field definition.
        one: as declared.
        around: the REST form of its content type, the message's main language, and the countries.
    """
    row, language, countries = around
    kind = own_name(str(held["fieldType"]))
    if kind != own_name(str(one["type"])):
        return {}, [f"it is a {kind} in Ibexa, not a {one['type']}, and stays so: declare another identifier"]
    left = []
    said = {name: one[name] for name in _PLAIN if one.get(name) is not None}
    update = {_PLAIN[name]: value for name, value in said.items() if held.get(_PLAIN[name]) != value}
    update |= _texts(held, one, language)
    if one.get("translatable") is not None and bool(held.get("isTranslatable", True)) != one["translatable"]:
        now = "translatable" if held.get("isTranslatable", True) else "not translatable"
        left.append(f"it is {now} in Ibexa, and stays so: content has its values in languages accordingly")
    settings, kept = changed_settings(held, one, str(row.get("mainLanguageCode") or language))
    update |= {"fieldSettings": settings} if settings else {}
    validators = changed_validators(held, one)
    update |= {"validatorConfiguration": validators} if validators else {}
    default = one.get("default")
    if default is not None and not _same_default(kind, _in_codes(kind, default, countries), held.get("defaultValue")):
        update["defaultValue"] = default
    return update, [*left, *kept]


def _about(row: Mapping[str, Json], payload: Mapping[str, Json], found: Changes) -> None:
    found.about |= _texts(row, payload, payload["main_language"])
    schema = payload.get("name_schema")
    if schema is not None and row.get("nameSchema") != schema:
        found.about["nameSchema"] = schema
        if row.get("urlAliasSchema") == row.get("nameSchema"):
            found.about["urlAliasSchema"] = schema
    if payload.get("is_container") is True and not row.get("isContainer"):
        found.about["isContainer"] = True
    found.shown += _named(found.about)
    if payload.get("is_container") is False and row.get("isContainer"):
        found.left.append("is_container: it is one in Ibexa, and stays so: content may lie below its items")
    if row.get("mainLanguageCode") not in (None, payload["main_language"]):
        found.left.append(f"main_language: it is {row['mainLanguageCode']} in Ibexa, and stays so")


def _texts(held: Mapping[str, Json], said: Mapping[str, Json], language: str) -> dict[str, Json]:
    """Names and descriptions that differ, together with those in languages that are not declared."""
    found = {}
    for one, many in (("name", "names"), ("description", "descriptions")):
        wanted, there = texts(said, one, many, language), words_of(held.get(many))
        if any(there.get(code, "") != text for code, text in wanted.items()):
            found[many] = translated({**there, **wanted})
    return found


_NAMED: Mapping[str, str] = {
    **{theirs: ours for ours, theirs in _PLAIN.items()},
    "nameSchema": "name_schema",
    "isContainer": "is_container",
    "urlAliasSchema": "",
    "fieldSettings": "settings",
    "validatorConfiguration": "validators",
    "defaultValue": "default",
}


def _named(update: Mapping[str, Json]) -> Sequence[str]:
    return [ours for name in update if (ours := _NAMED.get(name, name))]


def _in_codes(kind: str, default: Json, countries: Mapping[str, str]) -> Json:
    if kind != "country" or not isinstance(default, list):
        return default
    return [countries.get(str(one).casefold(), one) for one in default]


def _same_default(kind: str, said: Json, held: Json) -> bool:
    if held in _NOTHING:
        return said in _NOTHING
    codec = CODECS.get(kind)
    try:
        return bool(said == held or (codec is not None and codec.equal(said, held)))
    except (AttributeError, KeyError, TypeError, ValueError):
        return False  # of a form that only Ibexa reads
