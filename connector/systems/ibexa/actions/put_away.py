"""content.delete, trash, hide and reveal by remote id; a message with a content id in its path is the plain operation.

Each looks first, and does what is not so yet: what is gone, trashed, hidden or shown already is skipped.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from msgspec.structs import replace

from connector.core.errors import RecordError
from connector.core.jsonio import Json
from connector.core.model import Delivery, Message
from connector.core.outcome import Done, NotSent, Outcome, Skipped
from connector.core.problem import Problem
from connector.systems.ibexa.actions.base import Ended, checked
from connector.systems.ibexa.actions.composed import ComposedAction
from connector.systems.ibexa.actions.content.below import nothing_below
from connector.systems.ibexa.actions.content.drop import DONE, carry_out
from connector.systems.ibexa.actions.content.held import Held, find, held_of, is_ghost
from connector.systems.ibexa.actions.content.places import paths_of
from connector.systems.ibexa.actions.content.trash import trash_item
from connector.systems.ibexa.content_refs import content_ref
from connector.systems.ibexa.expected import believed_id

_NOT_NOW = {"DRAFT": "is not published yet", "TRASHED": "lies in the trash", "": "is not in Ibexa"}
"""By status of what is there; empty: nothing is."""


class ContentPutAway(ComposedAction):
    """One of the four: a subclass says its name, and what counts as done already."""

    keys: ClassVar[tuple[str, ...]] = ("remote_id",)
    does: ClassVar[str]
    so_already: ClassVar[Mapping[str, str]]
    """Status of what is there (empty: nothing is; hidden, visible: published and so) -> why it is skipped."""
    now: ClassVar[tuple[str, ...]] = ("PUBLISHED",)
    """Statuses in which it can be done."""

    def check(self, payload: Mapping[str, Json]) -> None:
        """A remote id."""
        content_ref({"remote_id": payload.get("remote_id")}, "payload.remote_id")

    def key(self, message: Message) -> str | None:
        """The remote id: it is also the key of content.upsert, so that the two take turns."""
        return str(message.payload["remote_id"])

    def steps(self, delivery: Delivery) -> Outcome:
        """Look up, then do it if it is not so yet; what is answered by its id alone is not there."""
        try:
            return self._steps(delivery)
        except Ended as ended:
            if not is_ghost(self._gateway, delivery, ended.outcome):
                raise
            return self._steps(replace(delivery, target_id=""))

    def _steps(self, delivery: Delivery) -> Outcome:
        held = self._held(delivery)
        status = held.status if held else ""
        if held is not None and status == "PUBLISHED":
            status = ("hidden" if held.hidden else "visible") if {"hidden", "visible"} & {*self.so_already} else status
        if status in self.so_already:
            return Skipped(self.so_already[status], str(held.id) if held else delivery.target_id)
        if held is None or held.status not in self.now:
            return self._not_now(delivery, held)
        try:
            self._carry_out(held, below=delivery.message.payload.get("below") is True)
        finally:
            self._gateway.look_ups.spoil(held.remote_id)
            self._gateway.forget("content", held.remote_id)
        return Done(DONE[self.does], str(held.id))

    def _carry_out(self, held: Held, *, below: bool) -> None:  # noqa: ARG002 - what lies below matters to two of them
        carry_out(self._gateway, self.does, held)

    def _held(self, delivery: Delivery) -> Held | None:
        delivery = replace(delivery, target_id=believed_id(delivery))
        seen = None if delivery.target_id or delivery.suspect else self._gateway.look_ups.take(delivery.key)
        if seen is not None and seen.content is not None:
            return held_of(seen.content)
        return find(self._gateway, delivery, delivery.key)

    def _not_now(self, delivery: Delivery, held: Held | None) -> Outcome:
        message = f"'{delivery.key}' {_NOT_NOW[held.status if held else '']}: it cannot be {DONE[self.does]}"
        return NotSent(Problem("IBX410", message, hint="It is tried again later.", where=self.name))


class _WithAllBelow(ContentPutAway):
    """Takes along what lies below the item: only where the message says so."""

    keys: ClassVar[tuple[str, ...]] = ("remote_id", "below")

    def check(self, payload: Mapping[str, Json]) -> None:
        """A remote id, and perhaps a word on what lies below."""
        super().check(payload)
        if payload.get("below") not in (None, True, False):
            raise RecordError("below must be true or false", step="payload.below")

    def _paths(self, held: Held, *, below: bool) -> list[str]:
        """All its Locations."""
        paths = paths_of(self._gateway, held.id)
        if not below:
            nothing_below(self._gateway, held, paths, DONE[self.does])
        return paths


class ContentDelete(_WithAllBelow):
    """Deletes the content item with a remote id, also out of the trash; what is gone already is skipped."""

    name: ClassVar[str] = "content.delete"
    does: ClassVar[str] = "delete"
    so_already: ClassVar[Mapping[str, str]] = {"": "gone"}
    now: ClassVar[tuple[str, ...]] = ("PUBLISHED", "DRAFT", "TRASHED")

    def _carry_out(self, held: Held, *, below: bool) -> None:
        if held.status == "PUBLISHED":
            self._paths(held, below=below)
        if held.status != "TRASHED":
            super()._carry_out(held, below=below)
            return
        # To delete the item itself would leave a trash that nobody can list or empty any more (seen on 4.6.25).
        number = trash_item(self._gateway, held)
        answer = self._gateway.call("trash.delete", Message(path={"trashItemid": number}))
        if answer.status != 404:
            checked(answer)


class ContentTrash(_WithAllBelow):
    """Moves the content item with a remote id to the trash, from all places where it lies; once."""

    name: ClassVar[str] = "content.trash"
    does: ClassVar[str] = "trash"
    so_already: ClassVar[Mapping[str, str]] = {"": "gone", "TRASHED": "trashed"}

    def _carry_out(self, held: Held, *, below: bool) -> None:
        # With one Location left, the item would live on there.
        others = [path for path in self._paths(held, below=below) if path != held.location_path]
        for path in [*others, held.location_path]:
            carry_out(self._gateway, self.does, replace(held, location_path=path))


class ContentHide(ContentPutAway):
    """Hides the content item with a remote id; what is hidden already, or gone, is skipped."""

    name: ClassVar[str] = "content.hide"
    does: ClassVar[str] = "hide"
    so_already: ClassVar[Mapping[str, str]] = {"": "gone", "TRASHED": "trashed", "hidden": "hidden"}


class ContentReveal(ContentPutAway):
    """Shows the content item with a remote id again, whoever hid it; one that is not there is waited for."""

    name: ClassVar[str] = "content.reveal"
    does: ClassVar[str] = "reveal"
    so_already: ClassVar[Mapping[str, str]] = {"visible": "visible"}
