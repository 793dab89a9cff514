"""What we remember of a content item between two deliveries: what we wrote, where we put it.

Kept by the engine with the item, as JSON that only this file understands. Losing it loses no content: what is not known
to be ours is left alone.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from connector.core.jsonio import Json, fingerprint
from connector.systems.ibexa.actions.content.held import Fields
from connector.systems.ibexa.actions.content.values import FieldValue

_DIGITS = 12
"""Of a digest: two values of one field that share them are not to be expected."""


class Memory(Struct, frozen=True):
    """What is known of one item.

    Attributes:
        fields: language -> field -> digest of the value that Ibexa held after we last wrote it.
        declared: fingerprint of the parent as the message last gave it, once the item lay there.
        parent: id of the Location below which we put it or found it; 0: not known.
        locations: ids of further Locations that we made.
        adopted: it was made by others, and found by ``match``.
        trashed: id of the Location that it had when we put it into the trash; -1: we did, and it is not known; 0: we
            did not.
        over: the version that our last one was made from, and our last one; 0, 0: we have published none over another.
        displaced: we took its places away, and it lived on where an editor had placed it.
        found_hidden: it was hidden already when we were to hide it: that is not ours to undo.
        hidden: it is hidden because a message said so.
        priority: of its main Location, as we last wrote or found it; None: not known.
        draft: what we know of the draft that we left for an editor to publish; see waiting.py. Empty: there is none.
    """

    fields: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    declared: str = ""
    parent: int = 0
    locations: tuple[int, ...] = ()
    adopted: bool = False
    trashed: int = 0
    displaced: bool = False
    found_hidden: bool = False
    hidden: bool = False
    priority: int | None = None
    over: tuple[int, int] = (0, 0)
    draft: Mapping[str, Json] = field(default_factory=dict)

    @classmethod
    def of(cls, stored: Json) -> Memory:
        """From what the engine kept; what is of another form counts as nothing."""
        plain = stored if isinstance(stored, dict) else {}
        fields, locations, over = plain.get("fields"), plain.get("locations"), plain.get("over")
        draft, priority = plain.get("draft"), plain.get("priority")
        return cls(
            fields=fields if isinstance(fields, dict) else {},
            declared=str(plain.get("declared", "")),
            parent=int(plain.get("parent") or 0),
            locations=tuple(locations) if isinstance(locations, list) else (),
            adopted=plain.get("adopted") is True,
            trashed=int(plain.get("trashed") or 0),
            displaced=plain.get("displaced") is True,
            found_hidden=plain.get("found_hidden") is True,
            hidden=plain.get("hidden") is True,
            priority=int(priority) if isinstance(priority, str) else None,
            over=(int(over[0]), int(over[1])) if isinstance(over, list) and len(over) == 2 else (0, 0),
            draft=draft if isinstance(draft, dict) else {},
        )

    def as_json(self) -> Json:
        """For the engine; what is empty is left out."""
        found = {"fields": self.fields, "declared": self.declared, "parent": self.parent}
        found |= {"locations": list(self.locations), "adopted": self.adopted, "trashed": self.trashed}
        found |= {"displaced": self.displaced, "hidden": self.hidden}
        found |= {"priority": None if self.priority is None else str(self.priority)}
        found |= {"found_hidden": self.found_hidden, "over": list(self.over) if self.over[1] else None}
        found |= {"draft": dict(self.draft)}
        return {name: value for name, value in found.items() if value}

    def digest(self, one: FieldValue) -> str:
        """Of what we wrote into that field; empty when we do not know of having written it."""
        return self.fields.get(one.language, {}).get(one.identifier, "")

    @staticmethod
    def digest_by(essence: Json) -> str:
        """Of a held value's essence."""
        return fingerprint(essence)[:_DIGITS]

    def wrote(self, values: list[FieldValue], fields: Fields) -> Memory:
        """Having seen that Ibexa holds these values of ours, in its own form in ``fields``."""
        languages = {language: dict(known) for language, known in self.fields.items()}
        for one in values:
            place = (one.language, one.identifier)
            if place in fields:
                languages.setdefault(one.language, {})[one.identifier] = digest_of(one, fields[place])
        return replace(self, fields=languages)


def digest_of(one: FieldValue, held: Json) -> str:
    """A digest of what Ibexa holds in a field, that is the same in every version while nobody changes it."""
    return Memory.digest_by(one.codec.essence(held))
