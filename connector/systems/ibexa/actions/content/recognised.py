"""Whether a draft holds nobody's work: all in it is or was published, or is what our messages say or said."""

from __future__ import annotations

from collections.abc import Callable

from connector.core.jsonio import Json
from connector.systems.ibexa.actions.content.held import Fields, Held
from connector.systems.ibexa.actions.content.memory import Memory
from connector.systems.ibexa.actions.content.values import FieldValue
from connector.systems.ibexa.fields import codec_of
from connector.systems.ibexa.types import ContentType

_Place = tuple[str, str]


class Recognised:
    """Tells our drafts by what is in them.

    Args:
        held: the item as it is published.
        content_type: its type: values are compared by what they are, since a picture's path is another in each version.
        memory: what we wrote before; a draft made before an editor published still has it.
        values: what this message says, and what those said that it replaced: hence several of one field.
    """

    def __init__(self, held: Held, content_type: ContentType, memory: Memory, values: list[FieldValue]) -> None:
        self._held = held
        self._type = content_type
        self._memory = memory
        self._languages = {language for language, _ in held.fields}
        self._said: dict[_Place, list[FieldValue]] = {}
        for one in values:
            self._said.setdefault((one.language, one.identifier), []).append(one)

    def is_ours(self, fields: Fields, base: Callable[[], Fields]) -> bool:
        """Whether a draft with these fields holds nobody's work.

        Args:
            fields: what the draft holds.
            base: tells what was published when it was made, asked only where it matters: an editor may have published
                since, and what the draft has of the time before is kept in that version.
        """
        strange = {place: value for place, value in fields.items() if not self._is_known(place, value)}
        if not strange:
            return True
        before = base()
        return all(self._is_same(place, value, before) for place, value in strange.items())

    def adds_nothing(self, fields: Fields, written: list[FieldValue]) -> bool:
        """Whether publishing it, after those values were written, changes nothing else."""
        places = {(one.language, one.identifier) for one in written}
        others = {place: value for place, value in fields.items() if self._written_at(place) not in places}
        return all(self._is_published(place, value) for place, value in others.items())

    def _is_known(self, place: _Place, value: Json) -> bool:
        place = self._written_at(place)
        if self._is_published(place, value):
            return True
        known = self._memory.fields.get(place[0], {}).get(place[1])
        if known and known == self._memory.digest_by(self._essence(place, value)):
            return True
        return any(one.codec.equal(one.value, value) for one in self._said.get(place, ()))

    def _written_at(self, place: _Place) -> _Place:
        """Where we write what is there: a field that is not translatable is copied into every language by Ibexa."""
        definition = self._type.fields.get(place[1])
        copied = definition is not None and not definition.translatable
        return (self._held.main_language, place[1]) if copied else place

    def _is_published(self, place: _Place, value: Json) -> bool:
        fields = self._held.fields
        if self._is_same(place, value, fields):
            return True
        essence = self._essence(place, value)
        main = (self._held.main_language, place[1])
        if main in fields and self._essence(place, fields[main]) == essence:
            return True  # a field that is not translatable, in a new language
        return place[0] not in self._languages and self._is_empty(place, value)

    def _is_empty(self, place: _Place, value: Json) -> bool:
        definition = self._type.fields.get(place[1])
        empty = codec_of(definition.type).empty if definition else None
        return value in (None, "", []) or self._essence(place, value) == self._essence(place, empty)

    def _is_same(self, place: _Place, value: Json, fields: Fields) -> bool:
        return place in fields and self._essence(place, fields[place]) == self._essence(place, value)

    def _essence(self, place: _Place, value: Json) -> Json:
        definition = self._type.fields.get(place[1])
        return codec_of(definition.type).essence(value) if definition else value
