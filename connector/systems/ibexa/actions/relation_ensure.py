"""relation.ensure: a content item is related to others, beside what its fields say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from msgspec import Struct

from connector.core.errors import RecordError
from connector.core.jsonio import Json
from connector.core.model import Delivery, Message
from connector.core.outcome import Done, NotSent, Outcome, Refused, Skipped
from connector.core.problem import Problem
from connector.systems.ibexa.actions.base import Ended, checked
from connector.systems.ibexa.actions.content import drafts
from connector.systems.ibexa.actions.content.drafts import Again, Draft
from connector.systems.ibexa.actions.content.held import Held, held_of
from connector.systems.ibexa.actions.content.memory import Memory
from connector.systems.ibexa.actions.content.recognised import Recognised
from connector.systems.ibexa.actions.content.refers import last_id
from connector.systems.ibexa.actions.small import SmallAction
from connector.systems.ibexa.content_refs import content_id, content_ref
from connector.systems.ibexa.fields.codec import NotThereYet

_BASE = "/api/ibexa/v2/content/objects"
_OWN_TYPE = "COMMON"
"""A relation of the version itself; those of fields and rich text belong to their fields."""


class _Change(Struct, frozen=True):
    """What a version lacks, and what it has too much: content ids; the latter with the ids of their relations."""

    missing: list[int]
    extra: Mapping[int, int]

    def __bool__(self) -> bool:
        return bool(self.missing or self.extra)


class _Wanted(Struct, frozen=True):
    """A message with everything looked up.

    Attributes:
        to: the content ids that the item shall be related to.
        exact: relations that others made go too.
        made: content ids of the relations that we made before.
    """

    to: list[int]
    exact: bool
    made: frozenset[int]

    def change(self, rows: list[dict[str, Json]]) -> _Change:
        """What has to be done to a version with these relations."""
        there = {last_id(str(row["DestinationContent"]["_href"])) for row in rows}
        own = [row for row in rows if row.get("RelationType") == _OWN_TYPE]
        common = {last_id(str(row["DestinationContent"]["_href"])): last_id(str(row["_href"])) for row in own}
        extra = {one: number for one, number in common.items() if one not in self.to}
        if not self.exact:
            extra = {one: number for one, number in extra.items() if one in self.made}
        return _Change([one for one in self.to if one not in there], extra)

    def memory(self, more: list[int]) -> Json:
        """What is ours from now on."""
        return {"made": [one for one in self.to if one in self.made or one in more]}


class RelationEnsure(SmallAction):
    """Relates a content item to others in one new version; relations that others made stay, unless asked otherwise."""

    replaced: ClassVar[tuple[str, ...]] = ("from", "to")
    name = "relation.ensure"
    keys = ("from", "to", "exact")

    def check(self, payload: Mapping[str, Json]) -> None:
        """One content item, and a list of others."""
        self.need_kinds(payload, {"to": list, "exact": bool})
        content_ref(payload.get("from"), "payload.from")
        if payload.get("to") is None:
            hint = 'Write a list of {"remote_id": "…"} or {"id": 52}; an empty list means none.'
            raise RecordError(f"{self.name} needs to, a list", hint=hint, step="payload.to")
        for number, one in enumerate(payload["to"]):
            if content_ref(one, f"payload.to[{number}]") == content_ref(payload["from"], "payload.from"):
                message = "a content item cannot be related to itself"
                raise RecordError(message, hint="Leave it out.", step=f"payload.to[{number}]")

    def key(self, message: Message) -> str | None:
        """The item that is related: it is also the key of content.upsert, so that the two never draft side by side."""
        return content_ref(message.payload["from"], "payload.from")

    def steps(self, delivery: Delivery) -> Outcome:
        """Look up, compare, then bring one draft to what is wanted and publish it."""
        payload = delivery.message.payload
        held = self._held(payload)
        made = (delivery.memory or {}).get("made") or []
        to = [content_id(self._gateway, one, f"payload.to[{at}]") for at, one in enumerate(payload["to"])]
        wanted = _Wanted(list(dict.fromkeys(to)), payload.get("exact") is True, frozenset(made))
        try:
            return self._bring(held, wanted, delivery)
        except Again:
            message = f"content item {held.id} was published by somebody else at the same moment"
            return NotSent(Problem("IBX409", message, hint="It is tried again."), begun=True)

    def _held(self, payload: Mapping[str, Json]) -> Held:
        number = content_id(self._gateway, payload["from"], "payload.from")
        answer = self._gateway.call("content.get", Message(path={"contentId": number}))
        held = None if answer.status == 404 else held_of(checked(answer).body("Content"))
        if held is not None and held.status == "PUBLISHED":
            return held
        self._gateway.forget("content", str(payload["from"].get("remote_id", "")))
        where = {"DRAFT": "is not published yet", "TRASHED": "lies in the trash"}.get(held.status if held else "", "")
        message = f"'{content_ref(payload['from'], 'payload.from')}' {where or 'is not in Ibexa any more'}"
        needs = str(payload["from"].get("remote_id", ""))
        raise NotThereYet(message, hint="Once it is there, this is sent.", step="payload.from", needs=needs)

    def _bring(self, held: Held, wanted: _Wanted, delivery: Delivery) -> Outcome:
        recognised = Recognised(held, self._gateway.content_type_at(held.type_href), Memory(), [])
        left = drafts.leftovers(self._gateway, held, recognised) if delivery.suspect else []
        rows = self._relations(held, held.version)
        change = wanted.change(rows)
        if not change:
            for one in left:
                self._remove_if_ours(held, one.number, wanted, rows)
            # What an attempt that we never heard of may have made is ours, if this message says it.
            more = wanted.to if delivery.suspect else []
            return Skipped("unchanged", str(held.id), memory=wanted.memory(more))
        ours = [one for one in left if self._is_ours(held, one.number, wanted, rows)]
        draft = ours[0] if ours else drafts.new_draft(self._gateway, held, recognised)
        for spare in ours[1:]:
            drafts.remove(self._gateway, held.id, spare.number)
        self._write(held, draft, wanted)
        changed = [f"related to {one}" for one in change.missing]
        changed += [f"no longer related to {one}" for one in change.extra]
        return Done("updated", str(held.id), {"changed": changed}, wanted.memory(change.missing))

    def _write(self, held: Held, draft: Draft, wanted: _Wanted) -> None:
        """Bring the draft to what is wanted and publish it; one that is refused is removed."""
        number = draft.number
        place = {"contentId": held.id, "versionNo": number}
        try:
            change = wanted.change(self._relations(held, number))
            for one in change.missing:
                payload = {"Destination": {"_href": f"{_BASE}/{one}"}}
                answer = self._gateway.call("relation.create", Message(path=place, payload=payload))
                if answer.status == 500:  # the second time it is refused if it was made
                    answer = self._gateway.call("relation.create", Message(path=place, payload=payload))
                if answer.status != 403 or one in wanted.change(self._relations(held, number)).missing:
                    checked(answer)
            for relation in change.extra.values():
                answer = self._gateway.call("relation.delete", Message(path={**place, "relationId": relation}))
                if answer.status != 404:
                    checked(answer)
            drafts.publish_over(self._gateway, held, draft)
        except Again:
            drafts.remove(self._gateway, held.id, number)
            raise
        except Ended as ended:
            if isinstance(ended.outcome, Refused):
                drafts.remove(self._gateway, held.id, number)
            raise

    def _remove_if_ours(self, held: Held, number: int, wanted: _Wanted, rows: list[dict[str, Json]]) -> None:
        if self._is_ours(held, number, wanted, rows):
            drafts.remove(self._gateway, held.id, number)

    def _is_ours(self, held: Held, number: int, wanted: _Wanted, rows: list[dict[str, Json]]) -> bool:
        """Whether a draft with nobody's fields has no relations either that somebody else must have made or removed."""
        published, here = _own(rows), _own(self._relations(held, number))
        gone = published - here
        return here <= published | set(wanted.to) and gone <= set(wanted.change(rows).extra)

    def _relations(self, held: Held, number: int) -> list[dict[str, Json]]:
        answer = checked(self._gateway.call("relation.list", Message(path={"contentId": held.id, "versionNo": number})))
        rows: list[dict[str, Json]] = answer.body("Relations").get("Relation", [])
        return rows


def _own(rows: list[dict[str, Json]]) -> set[int]:
    return {last_id(str(row["DestinationContent"]["_href"])) for row in rows if row.get("RelationType") == _OWN_TYPE}
