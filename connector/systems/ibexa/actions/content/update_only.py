"""content.update_only and content.translate: change what is there; what is not there is not created."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace

from connector.core.errors import RecordError
from connector.core.jsonio import Json
from connector.core.model import Delivery, Message
from connector.core.outcome import Outcome, Skipped, Waits
from connector.core.problem import Problem
from connector.systems.ibexa.actions.base import known_keys, refuse
from connector.systems.ibexa.actions.content.about import bring_about, bring_states
from connector.systems.ibexa.actions.content.action import Absent, ContentAction
from connector.systems.ibexa.actions.content.drafts import Again
from connector.systems.ibexa.actions.content.fields import bring_fields, said_before
from connector.systems.ibexa.actions.content.held import Held
from connector.systems.ibexa.actions.content.progress import Progress
from connector.systems.ibexa.actions.content.refers import check_languages, check_main_language
from connector.systems.ibexa.actions.content.values import lost_of
from connector.systems.ibexa.actions.content.wanted import Wanted, wanted_of

_NOWHERE: Mapping[str, Json] = {"parent": {"id": 1}, "content_type": "-", "main_language": "-"}
"""Stand in for what a new item would need, and what is known once the item was read."""


class _Change(Struct, frozen=True):
    """A checked message: what is wanted, and whether an item that is not there is waited for."""

    wanted: Wanted
    language: str
    content_type: str
    waits: bool

    def spoken(self, held: Held) -> Wanted:
        """With its fields in the language that is meant: the item's own unless the message names one."""
        return replace(self.wanted, main_language=self.language or held.main_language)


class ContentUpdateOnly(ContentAction):
    """Changes the content item with a remote id; one that is not there is not created."""

    name: ClassVar[str] = "content.update_only"
    keys: ClassVar[tuple[str, ...]] = (
        *("remote_id", "content_type", "main_language", "section", "always_available", "fields", "translations"),
        *("owners", "states", "publish", "absent"),
    )

    def check(self, payload: Mapping[str, Json]) -> None:
        """All but what the content type says."""
        self._change(payload)

    def foresee(self, message: Message) -> str:
        """What of its texts Ibexa has no form for."""
        change = self._change(message.payload)
        return "; ".join(lost_of(replace(change.wanted, main_language=change.language or "its main language")))

    def carry_out(self, delivery: Delivery, progress: Progress) -> Outcome:
        """Bring what is there to what the message says."""
        change = self._change(delivery.message.payload)

        def once(held: Held | Absent, progress: Progress) -> Outcome:
            if isinstance(held, Absent) and not held.sure:
                raise Again
            if isinstance(held, Absent) or held.status != "PUBLISHED":
                return self._absent(change, None if isinstance(held, Absent) else held)
            return self._bring(held, change, delivery, progress)

        return self.rounds(delivery, progress, once)

    def upsert_payload(self, payload: Mapping[str, Json]) -> Mapping[str, Json]:
        """The same in the words of content.upsert, as far as the message says it."""
        return payload

    def _change(self, payload: Mapping[str, Json]) -> _Change:
        absent = payload.get("absent") or "wait"
        if absent not in ("wait", "skip"):
            raise RecordError("absent must be wait or skip", step="payload.absent")
        said = {name: one for name, one in self.upsert_payload(payload).items() if name != "absent" and one is not None}
        wanted = wanted_of({**_NOWHERE, **said})
        language, content_type = (str(said.get(name, "")) for name in ("main_language", "content_type"))
        return _Change(wanted, language, content_type, absent == "wait")

    def _absent(self, change: _Change, held: Held | None) -> Outcome:
        where = {"DRAFT": "is not published yet", "TRASHED": "lies in the trash"}.get(held.status if held else "", "")
        message = f"'{change.wanted.remote_id}' {where or 'is not in Ibexa yet'}"
        if not change.waits:
            return Skipped("absent", str(held.id) if held else "", {"left": [message]})
        hint = (
            'Does a route create it, with that remote id? Then this is sent by itself; "absent": "skip" passes over it.'
        )
        return Waits(change.wanted.remote_id, Problem("IBX410", message, hint=hint, where=self.name))

    def _bring(self, held: Held, change: _Change, delivery: Delivery, progress: Progress) -> Outcome:
        content_type = self._gateway.content_type_at(held.type_href)
        if change.content_type and change.content_type != content_type.identifier:
            message = f"'{change.wanted.remote_id}' is a {content_type.identifier}, no {change.content_type}"
            raise refuse("IBX412", message, "Correct content_type, or leave it out.")
        check_main_language(held.main_language, change.language or held.main_language, f"'{change.wanted.remote_id}'")
        known_keys(change.wanted.owners, content_type.fields, f"owners (fields of {content_type.identifier})")
        wanted = change.spoken(held)
        tools = (self._gateway, self._assets)
        before = said_before(delivery, lambda payload: self._change(payload).spoken(held))
        bring_fields(tools, held, wanted, delivery, (content_type, progress, before))
        bring_about(self._gateway, held, wanted, progress)
        progress.changed += bring_states(self._gateway, held.id, wanted.states)
        return progress.outcome(held.id)


class ContentTranslate(ContentUpdateOnly):
    """Writes one translation of the content item with a remote id."""

    name: ClassVar[str] = "content.translate"
    keys: ClassVar[tuple[str, ...]] = ("remote_id", "language", "fields", "owners", "publish", "absent")

    def upsert_payload(self, payload: Mapping[str, Json]) -> Mapping[str, Json]:
        """The fields are those of a translation."""
        language, fields = payload.get("language"), payload.get("fields")
        if not isinstance(language, str) or not language:
            raise RecordError(f"{self.name} needs language, such as nor-NO", step="payload.language")
        kept = {name: value for name, value in payload.items() if name not in ("language", "fields")}
        return {**kept, "translations": {language: fields}}

    def _bring(self, held: Held, change: _Change, delivery: Delivery, progress: Progress) -> Outcome:
        places = dict.fromkeys(change.wanted.translations, "/payload/language")
        check_languages(self._gateway, places, {language for language, _ in held.fields})
        return super()._bring(held, change, delivery, progress)
