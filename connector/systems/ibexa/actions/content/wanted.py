"""What a content.upsert message says, checked: the readable form as a value."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct, field

from connector.config.pointer import below
from connector.core.errors import RecordError
from connector.core.jsonio import Json, shown, type_name
from connector.core.nearest import did_you_mean
from connector.systems.ibexa.actions.base import known_keys
from connector.systems.ibexa.fields.numbers import LEAST, MOST
from connector.systems.ibexa.remote_ids import LONGEST, check_reference

KEYS: tuple[str, ...] = (
    "remote_id",
    "content_type",
    "parent",
    "main_language",
    "section",
    "always_available",
    "priority",
    "fields",
    "translations",
    "owners",
    "move",
    "match",
    "trashed",
    "states",
    "publish",
    "hidden",
)
OWNERS = ("source", "editor", "initial")
MOVES: tuple[Json, ...] = (False, True, "always")
TRASHED = ("report", "restore", "new")
_IDS = {"id": re.compile("[0-9]+"), "path": re.compile("/?[0-9]+(/[0-9]+)*/?")}
MATCHES = ("field", "name", "remote_id", "criteria")
"""What content made by others is found by; exactly one of them."""


class Wanted(Struct, frozen=True):
    """The message as a value; null fields are left out: they are not managed by it.

    Attributes:
        parents: where its Locations lie, the main one first: each ``{"remote_id"}``, ``{"id"}`` or ``{"path"}``.
        owners: field -> source, editor or initial; a field that is not named is the source's.
        move: whether the main Location follows the parent: False, True (while it lies where we put it) or "always".
        match: by what content made by others is found; empty: not looked for.
        trashed: what happens to an item in the trash: report, restore or new.
        states: object state group -> object state.
        publish: False: what is written is left as a draft, for an editor to publish.
        hidden: True: it is hidden; False: it is shown again if a message hid it; None: not managed.
    """

    remote_id: str
    content_type: str
    parents: tuple[Json, ...]
    main_language: str
    section: str
    always_available: bool | None
    priority: int | None
    fields: Mapping[str, Json]
    translations: Mapping[str, Mapping[str, Json]]
    owners: Mapping[str, str] = field(default_factory=dict)
    move: Json = False
    match: Mapping[str, Json] = field(default_factory=dict)
    trashed: str = "report"
    states: Mapping[str, str] = field(default_factory=dict)
    publish: bool = True
    hidden: bool | None = None

    @property
    def by_language(self) -> dict[str, Mapping[str, Json]]:
        """The fields of all languages, the main one first; it may stand among the translations too."""
        own = {**self.fields, **self.translations.get(self.main_language, {})}
        others = {language: of for language, of in self.translations.items() if language != self.main_language}
        return {self.main_language: own, **others}

    @property
    def languages(self) -> dict[str, str]:
        """Every language that is written -> where the payload names it, as a JSON pointer."""
        written = {code: below("/payload/translations", code) for code, fields in self.translations.items() if fields}
        return {**written, self.main_language: "/payload/main_language"}


def wanted_of(payload: Json) -> Wanted:
    """The message's payload as a value.

    Raises:
        RecordError: a key is unknown, missing, or of a wrong type.
    """
    if not isinstance(payload, dict):
        raise RecordError(f"content.upsert wants an object as payload, not {type_name(payload)}", step="payload")
    known_keys(payload, KEYS, "payload")
    translations, main_language = _object(payload, "translations"), _text(payload, "main_language", required=True)
    _check_said_once(payload, main_language)
    return Wanted(
        remote_id=_remote_id(payload.get("remote_id")),
        content_type=_text(payload, "content_type", required=True),
        parents=parents_of(payload.get("parent")),
        main_language=main_language,
        section=_text(payload, "section"),
        always_available=_flag(payload, "always_available"),
        priority=_whole(payload, "priority"),
        fields=_managed(_object(payload, "fields")),
        translations={str(name): _managed(_object(translations, str(name))) for name in translations},
        owners={name: str(_choice(owner, OWNERS, f"owners.{name}")) for name, owner in _said(payload, "owners")},
        move=_choice(payload.get("move") or False, MOVES, "move"),
        match=_match(_object(payload, "match")),
        trashed=str(_choice(payload.get("trashed") or "report", TRASHED, "trashed")),
        states=states_of(_object(payload, "states")),
        publish=_flag(payload, "publish") is not False,
        hidden=_flag(payload, "hidden"),
    )


def _check_said_once(payload: Mapping[str, Json], main_language: str) -> None:
    fields, own = _object(payload, "fields"), _object(_object(payload, "translations"), main_language)
    for name in fields:
        if None not in (fields[name], own.get(name)) and fields[name] != own[name]:
            place = f"translations.{main_language}"
            message = f"{name} stands in fields and, otherwise, in {place}, which is the main language"
            raise RecordError(message, hint="Map it in one of them.", step=f"payload.{place}.{name}")


def _managed(fields: Mapping[str, Json]) -> dict[str, Json]:
    return {str(name): value for name, value in fields.items() if value is not None}


def _remote_id(value: Json) -> str:
    if not isinstance(value, str) or not value.strip():
        hint = "Make it from the record's key, e.g. concat('pim-', identifier)."
        raise RecordError("content.upsert needs a remote_id, a text", hint=hint, step="payload.remote_id")
    if len(value) > LONGEST:
        message = f"the remote_id {shown(value, 40)!r} has {len(value)} characters; Ibexa keeps {LONGEST}"
        raise RecordError(message, hint="Shorten it, e.g. with hash().", step="payload.remote_id")
    if any(ord(char) < 32 for char in value) or value != value.strip():
        message = f"the remote_id {shown(value, 40)!r} has blanks around it or control characters"
        raise RecordError(message, hint="Use trim() in the mapping.", step="payload.remote_id")
    return value


def parents_of(value: Json) -> tuple[Json, ...]:
    """One parent or a list of them, each of a known form.

    Raises:
        RecordError: there is none, or one that names no place.
    """
    listed = value if isinstance(value, list) else [value]
    hint = 'Write {"remote_id": "…"}, {"id": 61} or {"path": "/1/2/61"}, or a list of such; the first is the main one.'
    for one in listed:
        keys = set(one) if isinstance(one, dict) else set()
        if len(keys) != 1 or not keys <= {"remote_id", "id", "path"} or one[next(iter(keys))] in (None, ""):
            raise RecordError("a parent is needed, and each must name a place", hint=hint, step="payload.parent")
        check_reference(str(one.get("remote_id", "")), "payload.parent")
        if not all(_IDS[name].fullmatch(str(value)) for name, value in one.items() if name in _IDS):
            raise RecordError(f"the parent {shown(one, 60)} is no place", hint=hint, step="payload.parent")
    if not listed:
        raise RecordError("a parent is needed", hint=hint, step="payload.parent")
    return tuple(one for number, one in enumerate(listed) if one not in listed[:number])


def states_of(given: Mapping[str, Json]) -> dict[str, str]:
    """Object state group -> object state; null leaves a group alone.

    Raises:
        RecordError: a state is no identifier.
    """
    for group, state in given.items():
        if state is not None and (not isinstance(state, str) or not state):
            hint = 'Such as {"ez_lock": "not_locked"}.'
            raise RecordError(f"states.{group} wants an identifier", hint=hint, step=f"payload.states.{group}")
    return {str(group): str(state) for group, state in given.items() if state is not None}


def _match(given: Mapping[str, Json]) -> Mapping[str, Json]:
    known_keys(given, (*MATCHES, "under"), "match")
    said = {name: value for name, value in given.items() if value not in (None, "", {})}
    if said and len(said.keys() & set(MATCHES)) != 1:
        hint = 'Such as {"field": "sku"}, {"name": "…"}, {"remote_id": "…"} or {"criteria": {…}}.'
        raise RecordError(f"match wants exactly one of {', '.join(MATCHES)}", hint=hint, step="payload.match")
    return said


def _said(payload: Mapping[str, Json], name: str) -> list[tuple[str, Json]]:
    return [(str(key), value) for key, value in _object(payload, name).items() if value is not None]


def _choice(value: Json, choices: tuple[Json, ...], name: str) -> Json:
    if not any(value == one and type(value) is type(one) for one in choices):
        words = [str(one).lower() if isinstance(one, bool) else str(one) for one in choices]
        hint = f"{did_you_mean(str(value), words)}One of: {', '.join(words)}."
        raise RecordError(f"{name} cannot be {shown(value, 40)!r}", hint=hint, step=f"payload.{name}")
    return value


def _flag(payload: Mapping[str, Json], name: str) -> bool | None:
    value = payload.get(name)
    if value is not None and not isinstance(value, bool):
        raise RecordError(f"{name} must be true or false, not {shown(value, 40)!r}", step=f"payload.{name}")
    return value


def _whole(payload: Mapping[str, Json], name: str) -> int | None:
    value = payload.get(name)
    if value in (None, ""):
        return None
    if isinstance(value, bool) or not re.fullmatch("-?[0-9]+", str(value).strip()):
        raise RecordError(f"{name} must be a whole number, not {shown(value, 40)!r}", step=f"payload.{name}")
    if not LEAST <= int(value) <= MOST:
        raise RecordError(f"{name} must be between {LEAST} and {MOST}, not {value}", step=f"payload.{name}")
    return int(value)


def _text(payload: Mapping[str, Json], name: str, *, required: bool = False) -> str:
    value = payload.get(name)
    if value is None and not required:
        return ""
    if not isinstance(value, str) or not value:
        raise RecordError(
            f"content.upsert needs {name}, a text", hint="Put it into the outgoing.", step=f"payload.{name}"
        )
    return value


def _object(payload: Mapping[str, Json], name: str) -> Mapping[str, Json]:
    value = payload.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise RecordError(f"{name} must be an object, not {type_name(value)}", step=f"payload.{name}")
    return value
