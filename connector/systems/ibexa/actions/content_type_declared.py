"""A content type as a message declares it: checked, and as the requests that make it and its fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from connector.config.pointer import below
from connector.core.errors import RecordError
from connector.core.jsonio import Json, shown, type_name
from connector.core.nearest import did_you_mean
from connector.systems.ibexa.actions.base import known_keys
from connector.systems.ibexa.fields import CODECS
from connector.systems.ibexa.fields.account import ACCOUNT
from connector.systems.ibexa.rest_forms import rest_misfit
from connector.systems.ibexa.types import FieldDefinition, own_name, server_name

KEYS: tuple[str, ...] = (
    *("identifier", "group", "name", "names", "description", "descriptions", "main_language", "name_schema"),
    *("is_container", "fields"),
)
FIELD_KEYS: tuple[str, ...] = (
    *("identifier", "type", "name", "names", "description", "descriptions", "required", "searchable", "translatable"),
    *("position", "group", "options", "settings", "validators", "default"),
)
_IN_SCHEMA = re.compile(r"<([^<>]+)>")
_KINDS: Mapping[str, tuple[type, str]] = {
    **dict.fromkeys(("required", "searchable", "translatable", "is_container"), (bool, "true or false")),
    **dict.fromkeys(("name", "description", "group", "name_schema"), (str, "a text")),
    **dict.fromkeys(("names", "descriptions", "settings", "validators"), (dict, "an object")),
    "options": (list, "a list"),
    "position": (int, "a whole number"),
}


def check_kinds(given: Mapping[str, Json], where: str) -> None:
    """Check that what is given is of its kind.

    Raises:
        RecordError: it is not.
    """
    for name, (kind, words) in _KINDS.items():
        value = given.get(name)
        if value is not None and (not isinstance(value, kind) or (kind is int and isinstance(value, bool))):
            raise RecordError(f"{name} must be {words}, not {type_name(value)}", step=f"{where}.{name}")


def check_fields(fields: Json) -> None:
    """Check the declared fields.

    Raises:
        RecordError: one is none, or is there twice.
    """
    if not isinstance(fields, list) or not fields:
        raise RecordError("content_type.ensure needs fields, a list", step="payload.fields")
    seen = set()
    for number, one in enumerate(fields):
        where = f"payload.fields[{number}]"
        if not isinstance(one, dict) or not one.get("identifier") or not one.get("type"):
            raise RecordError("a field needs identifier and type", step=where)
        known_keys(one, FIELD_KEYS, where)
        check_kinds(one, where)
        _check_default(one, where)
        if one["identifier"] in seen:
            raise RecordError(f"the field '{one['identifier']}' is there twice", step=where)
        seen.add(one["identifier"])


def unfamiliar(payload: Mapping[str, Json]) -> list[str]:
    """Field types that are declared and not known here: of the site itself, or misspelt."""
    named = (str(one["type"]) for one in payload["fields"])
    return sorted({one for one in named if own_name(one) not in (*CODECS, ACCOUNT)})


def _check_default(one: Mapping[str, Json], where: str) -> None:
    """A default is as REST has it; over another form Ibexa fails with a 500."""
    if one.get("default") is None:
        return
    definition = FieldDefinition(str(one["identifier"]), own_name(str(one["type"])))
    if words := rest_misfit(definition, one["default"]):
        message = f"the default of {definition.identifier} ({definition.type}) {words}; not {shown(one['default'], 40)}"
        raise RecordError(message, hint="A default is written as REST has it.", step=f"{where}.default")


def check_schema(payload: Mapping[str, Json], held: Iterable[str]) -> None:
    """Check that the name schema names fields that there are: else items get empty names.

    Args:
        payload: of the message.
        held: identifiers of the fields that the content type has already.

    Raises:
        RecordError: it names another.
    """
    known = [*(str(one["identifier"]) for one in payload["fields"]), *held]
    for named in _IN_SCHEMA.findall(str(payload.get("name_schema") or "")):
        for name in named.split("|"):
            if name.strip() not in known:
                hint = f"{did_you_mean(name.strip(), known)}It has: {', '.join(dict.fromkeys(known))}."
                message = f"name_schema: {payload['identifier']} has no field '{shown(name.strip(), 40)}'"
                raise RecordError(message, hint=hint, step="payload.name_schema")


def texts(given: Mapping[str, Json], one: str, many: str, language: str) -> dict[str, str]:
    """What is declared of a text by language: ``many`` by its language, or ``one`` in the main language."""
    plain = {language: given[one]} if given.get(one) else {}
    return {str(code): str(text) for code, text in (given.get(many) or plain).items() if text is not None}


def languages(payload: Mapping[str, Json]) -> dict[str, str]:
    """Every language that is declared -> where the payload names it, as a JSON pointer."""
    found: dict[str, str] = {}
    parts = [("/payload", payload), *((f"/payload/fields/{at}", one) for at, one in enumerate(payload["fields"]))]
    for place, part in parts:
        for many in ("names", "descriptions"):
            for code in part.get(many) or {}:
                found.setdefault(str(code), below(f"{place}/{many}", code))
    return {**found, str(payload["main_language"]): "/payload/main_language"}


def translated(words: Mapping[str, str]) -> dict[str, Json]:
    """As REST has a text in languages."""
    return {"value": [{"_languageCode": code, "#text": text} for code, text in words.items()]}


def words_of(held: Json) -> dict[str, str]:
    """Language -> text of a text in languages."""
    rows = held.get("value") if isinstance(held, dict) else None
    return {str(row.get("_languageCode")): str(row.get("#text") or "") for row in rows or []}


def new_type(payload: Mapping[str, Json], version: str) -> dict[str, Json]:
    """The payload of content_type.create, for an Ibexa of that version."""
    language = payload["main_language"]
    rows = [new_field(one, number, language, version) for number, one in enumerate(payload["fields"], start=1)]
    schema = payload.get("name_schema") or f"<{payload['fields'][0]['identifier']}>"
    return {
        "identifier": payload["identifier"],
        "names": _names(payload, language),
        "descriptions": translated(texts(payload, "description", "descriptions", language)),
        "nameSchema": schema,
        "urlAliasSchema": schema,
        "mainLanguageCode": language,
        "defaultAlwaysAvailable": True,
        "defaultSortField": "PATH",
        "defaultSortOrder": "ASC",
        "isContainer": bool(payload.get("is_container", False)),
        "FieldDefinitions": {"FieldDefinition": rows},
    }


def new_field(one: Mapping[str, Json], number: int, language: str, version: str) -> dict[str, Json]:
    """The payload of field_definition.create.

    Args:
        one: the field as declared.
        number: its place, where none is declared.
        language: of its texts, where they have none.
        version: of Ibexa, see ``server_name``.
    """
    settings = dict(one.get("settings") or {})
    if one.get("options") is not None:
        settings["options"] = one["options"]
    position = one.get("position")
    row: dict[str, Json] = {
        "identifier": one["identifier"],
        "fieldType": server_name(str(one["type"]), version),
        "fieldGroup": one.get("group") or "content",
        "position": number if position is None else position,
        "isTranslatable": one.get("translatable") is not False,
        "isRequired": bool(one.get("required", False)),
        "isInfoCollector": False,
        "isSearchable": bool(one.get("searchable", False)),
        "names": _names(one, language),
        "descriptions": translated(texts(one, "description", "descriptions", language)),
    }
    if "default" in one:
        row["defaultValue"] = one["default"]
    if settings:
        row["fieldSettings"] = settings
    if one.get("validators"):
        row["validatorConfiguration"] = one["validators"]
    return row


def _names(one: Mapping[str, Json], language: str) -> dict[str, Json]:
    return translated(texts(one, "name", "names", language) or {language: str(one["identifier"])})
