"""What one delivery has done to a content item so far, and the outcome that follows from it."""

from __future__ import annotations

from msgspec import Struct, field
from msgspec.structs import replace

from connector.core.jsonio import Json
from connector.core.outcome import Done, NotSent, Outcome, Refused, Skipped, Unknown
from connector.systems.ibexa.actions.content.memory import Memory


class Progress(Struct):
    """Grows with each step that took effect; steps before an ``Again`` stay in it.

    Attributes:
        memory: what the next delivery shall know.
        change: what it was in one word (created, adopted, restored, revealed); empty: updated, if anything changed.
        changed: for people: what was written.
        left: for people: what was not written because it is not ours, and why.
        facts: more for people.
        begun: a draft of ours is there that is not published yet.
        content_id: the item that it is about, as soon as it is known; 0 before.
    """

    memory: Memory
    change: str = ""
    changed: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    facts: dict[str, Json] = field(default_factory=dict)
    begun: bool = False
    content_id: int = 0

    def leave(self, *words: str) -> None:
        """What is not written, and why; told once, however often we look."""
        self.left += [one for one in words if one not in self.left]

    def kept_in(self, outcome: Outcome) -> Outcome:
        """An outcome that a step ended with, with what the steps before it wrote."""
        kept: Outcome = replace(outcome, memory=self.memory.as_json())
        if isinstance(kept, Refused | NotSent | Unknown) and self.done:
            kept = replace(kept, target_id=str(self.content_id), done=self.done)
        return replace(kept, begun=self.begun) if isinstance(kept, Refused | NotSent) else kept

    @property
    def done(self) -> list[str]:
        """What took effect so far, in words."""
        if not self.content_id:
            return []
        item = f"content item {self.content_id}"
        whole = [f"{item} {self.change}"] if self.change else []
        draft = [f"{item} has a draft of ours that is not published"] if self.begun else []
        return [*whole, *(f"{one} written" for one in self.changed), *draft]

    def outcome(self, content_id: int) -> Done | Skipped:
        """Done if anything was written, else Skipped."""
        lists: dict[str, Json] = {"changed": self.changed, "left": self.left}
        detail = {**self.facts, **{name: value for name, value in lists.items() if value}}
        if self.change or self.changed:
            return Done(self.change or "updated", str(content_id), detail, self.memory.as_json())
        return Skipped("unchanged", str(content_id), detail, self.memory.as_json())
