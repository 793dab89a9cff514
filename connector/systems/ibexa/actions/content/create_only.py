"""content.create_only: as content.upsert, but what is there already is left as it is."""

from __future__ import annotations

from typing import ClassVar

from connector.core.model import Delivery
from connector.core.outcome import Outcome, Skipped
from connector.systems.ibexa.actions.content.held import Held
from connector.systems.ibexa.actions.content.progress import Progress
from connector.systems.ibexa.actions.content.shown import show_again
from connector.systems.ibexa.actions.content.upsert import ContentUpsert
from connector.systems.ibexa.actions.content.wanted import Wanted


class ContentCreateOnly(ContentUpsert):
    """Creates the content item with a remote id; one that is there is left as it is."""

    name: ClassVar[str] = "content.create_only"

    def _bring(self, held: Held, wanted: Wanted, delivery: Delivery, progress: Progress) -> Outcome:
        waits = held.status == "DRAFT" and not wanted.publish
        if (
            held.status != "PUBLISHED" and not waits
        ):  # a draft that an attempt left behind is published; what is trashed: as declared
            return super()._bring(held, wanted, delivery, progress)
        show_again(self._gateway, held, delivery, progress)
        return progress.outcome(held.id) if progress.change else Skipped("exists", str(held.id))
