"""What a field type must know: to turn a value into what REST takes, and to tell whether two values are equal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from msgspec import Struct, field

from connector.core.errors import RecordError
from connector.core.jsonio import Json, shown
from connector.systems.ibexa.assets import Assets
from connector.systems.ibexa.types import FieldDefinition


class NotThereYet(RecordError):
    """Something that the value refers to is not in Ibexa yet: nothing was sent, and a later attempt may succeed.

    Attributes:
        needs: its remote id; empty when it is named by an id.
    """

    code = "IBX410"

    def __init__(self, message: str, *, hint: str = "", step: str = "", needs: str = "") -> None:
        super().__init__(message, hint=hint, step=step)
        self.needs = needs


class NoSuchContent(RecordError):
    """The value refers to an id that no content item has; nothing was sent."""

    code = "IBX470"


class Finds(Protocol):
    """Looks up what a value names; a gateway does."""

    def content_id(self, remote_id: str) -> int | None:
        """The id of the content item with that remote id, or None."""

    def has_content(self, number: int) -> bool:
        """Whether there is a content item with that id, as far as one can tell."""

    def has_location(self, number: int) -> bool:
        """Whether there is a Location with that id, as far as one can tell."""

    def countries(self) -> Mapping[str, str]:
        """Alpha-2 code by every way to write a country, in small letters; empty: not known."""

    def location_path(self, remote_id: str) -> str | None:
        """The path (``1/2/61``) of the main Location of the item with that remote id; None if it has none."""


class Context(Struct, frozen=True):
    """What an encoder may use: the field's definition, look-ups, and downloads; ``lost`` takes what has no form."""

    content_type: str
    definition: FieldDefinition
    gateway: Finds
    assets: Assets
    lost: list[str] = field(default_factory=list)

    def refuse(self, value: Json, rule: str, hint: str = "") -> RecordError:
        """The error that names content type, field, value and rule."""
        place = f"{self.content_type}.{self.definition.identifier}"
        message = f"{place} ({self.definition.type}) cannot take {shown(value, 60)}: {rule}"
        return RecordError(
            message, hint=hint or "Correct the mapping or the source.", step=f"fields.{self.definition.identifier}"
        )


def same(desired: Json, current: Json) -> bool:
    """Equal as JSON, with empty text and null alike: Ibexa answers an empty text with null."""
    return (None if desired == "" else desired) == (None if current == "" else current)


def as_it_is(value: Json, _held: Json) -> Json:
    """Nothing left to do before sending."""
    return value


def holds_nothing(value: Json) -> bool:
    """Null, an empty text or list, or an object of nothing else: ``{"destinationContentId": null}``."""
    if isinstance(value, dict):
        return all(map(holds_nothing, value.values()))
    return value is None or value in ("", [])


def what_it_is(held: Json) -> Json:
    """A held value without what differs from version to version: most values are nothing else."""
    return None if held == "" else held


class Codec(Struct, frozen=True):
    """One field type.

    Attributes:
        encode: value of the mapping, context -> what REST takes (media: a note of what to fetch). Raises RecordError.
        empty: what REST takes to empty the field.
        equal: whether what we would send is what Ibexa holds.
        partial: ``equal`` may look at a part of the value only, so that equal does not mean that all of it is ours.
        ready: fetches what encode only noted, and holds it against the field's own rules, before anything is written.
            Raises RecordError.
        finish: what REST takes, just before sending; what was not said stays as the field holds it.
        is_nothing: whether a value as REST would take it is nothing to Ibexa, which a required field cannot be.
        essence: of a value that Ibexa holds, what stays the same while nobody changes the field; null when it is empty.
    """

    encode: Callable[[Json, Context], Json]
    empty: Json = None
    equal: Callable[[Json, Json], bool] = same
    partial: bool = False
    ready: Callable[[Json, Json], Json] = as_it_is
    finish: Callable[[Json, Json], Json] = as_it_is
    is_nothing: Callable[[Json], bool] = holds_nothing
    essence: Callable[[Json], Json] = what_it_is
