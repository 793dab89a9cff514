"""location.ensure: a content item has a Location below each of these parents; what we added goes with its parent.

A Location that we did not make, or that an editor has moved since, is never moved or removed, nor is the main one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from msgspec import Struct, field
from msgspec.structs import replace

from connector.core.errors import ClientError, RecordError
from connector.core.jsonio import Json
from connector.core.model import Delivery, Message
from connector.core.outcome import Done, NotSent, Outcome, Skipped
from connector.core.problem import Problem
from connector.systems.ibexa.actions.base import Ended, checked, outcome_of_raised
from connector.systems.ibexa.actions.content.drafts import Again
from connector.systems.ibexa.actions.content.held import held_of, parent_id
from connector.systems.ibexa.actions.content.parents import has_children
from connector.systems.ibexa.actions.content.places import ensure_ours, id_of, is_marked, paths_of
from connector.systems.ibexa.actions.content.refers import last_id, path_of
from connector.systems.ibexa.actions.content.wanted import parents_of
from connector.systems.ibexa.actions.small import SmallAction
from connector.systems.ibexa.content_refs import content_id, content_ref
from connector.systems.ibexa.fields.numbers import LEAST, MOST

_MAKER = "location.ensure"
"""In the mark of our Locations: those of content.upsert are its own."""


class _Places(Struct):
    """Where an item lies, while it is brought to what a message says.

    Attributes:
        item: its content id.
        asked: parent's id -> path of the parent, in the message's order.
        there: parent's id -> path of the Location below it.
        made: id of a Location that we made -> id of the parent below which we put it.
        said: priority and hidden, where the message says them.
    """

    item: int
    asked: Mapping[int, str]
    there: dict[int, str]
    made: dict[int, int]
    said: Mapping[str, Json]
    created: bool = False
    changed: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    @property
    def memory(self) -> Json:
        """For the next delivery."""
        return {"made": {str(one): parent for one, parent in sorted(self.made.items())}}

    @property
    def missing(self) -> list[int]:
        """Parents below which it does not lie."""
        return [parent for parent in self.asked if parent not in self.there]

    @property
    def spare(self) -> list[int]:
        """Parents below which we put it, and that are not asked for any more."""
        return [parent for parent in self.made.values() if parent not in self.asked]

    def outcome(self) -> Outcome:
        """Done if anything was written."""
        below = [last_id(self.there[parent]) for parent in self.asked if parent in self.there]
        target = str(below[0]) if below else ""
        lists: dict[str, Json] = {"changed": self.changed, "left": self.left}
        detail = {name: one for name, one in lists.items() if one}
        if not self.changed:
            return Skipped("unchanged", target, detail, self.memory)
        return Done("created" if self.created else "updated", target, detail, self.memory)


class LocationEnsure(SmallAction):
    """Gives a content item a Location below each of some parents; one that it added goes with its parent."""

    replaced: ClassVar[tuple[str, ...]] = ("content", "parent")
    name = "location.ensure"
    keys = ("content", "parent", "priority", "hidden", "move")

    def check(self, payload: Mapping[str, Json]) -> None:
        """A content item, parents, and values of their types."""
        content_ref(payload.get("content"), "payload.content")
        if payload.get("parent") != []:
            parents_of(payload.get("parent"))
        self.need_kinds(payload, {"hidden": bool, "move": bool})
        priority = payload.get("priority")
        if priority is not None and (not isinstance(priority, int) or isinstance(priority, bool)):
            raise RecordError("priority must be a whole number", step="payload.priority")
        if priority is not None and not LEAST <= priority <= MOST:
            raise RecordError(f"priority must be between {LEAST} and {MOST}", step="payload.priority")

    def key(self, message: Message) -> str | None:
        """The content item: one message names all the parents below which we put it."""
        return f"locations of {content_ref(message.payload['content'], 'payload.content')}"

    def steps(self, delivery: Delivery) -> Outcome:
        """Look up, then move, add, remove and correct what differs; what took effect is remembered in any case."""
        payload = delivery.message.payload
        places = self._places(delivery)
        try:
            if payload.get("move") is True:
                self._move(places)
                self._gateway.forget("content", str(payload["content"].get("remote_id", "")))
            self._correct(places)
            self._add(places)
            self._remove(places)
        except Again:
            message = "somebody else changed the same Location at the same moment"
            return NotSent(Problem("IBX409", message, hint="It is tried again."), memory=places.memory)
        except (Ended, RecordError, ClientError) as error:
            return replace(outcome_of_raised(self.name, error), memory=places.memory)
        return places.outcome()

    def _places(self, delivery: Delivery) -> _Places:
        payload = delivery.message.payload
        number = content_id(self._gateway, payload["content"], "payload.content")
        parents = parents_of(payload["parent"]) if payload["parent"] != [] else ()
        asked = {last_id(path): path for path in (path_of(self._gateway, one) for one in parents)}
        there = {parent_id(path): path for path in paths_of(self._gateway, number)}
        said = {name: payload[name] for name in ("priority", "hidden") if payload.get(name) is not None}
        return _Places(number, asked, there, self._made(delivery, number, (asked, there)), said)

    def _made(
        self, delivery: Delivery, number: int, known: tuple[Mapping[int, str], Mapping[int, str]]
    ) -> dict[int, int]:
        """Which of those that are there are ours: as remembered, or made by an attempt that we never heard of."""
        asked, there = known
        remembered = (delivery.memory or {}).get("made") or {}
        now = {last_id(path): parent for parent, path in there.items()}
        meant = {*asked, *self._meant_before(delivery)} if delivery.suspect else set()
        made = {}
        for text, parent in remembered.items():
            one = int(text)
            if one in now and (now[one] == parent or now[one] in meant):
                made[one] = now[one]
        for parent in meant - set(made.values()):
            if parent in there and is_marked(self._gateway, number, there[parent], _MAKER):
                made[last_id(there[parent])] = parent
        return made

    def _meant_before(self, delivery: Delivery) -> set[int]:
        given = [message.payload.get("parent") for message in delivery.earlier if isinstance(message.payload, dict)]
        listed = [one for parents in given for one in (parents if isinstance(parents, list) else [parents])]
        return {id_of(self._gateway, one) for one in listed if isinstance(one, dict)} - {0}

    def _move(self, places: _Places) -> None:
        """What we put below a parent that is left out goes below one that is new, with all that lies below it."""
        for former, parent in list(zip(places.spare, places.missing, strict=False)):
            path, target = places.there[former], places.asked[parent]
            if target == path or target.startswith(f"{path}/"):
                continue  # below itself: it is added there, and stays here as long as something lies below it
            answer = self._gateway.call("location.move", Message(path={"path": path}, destination=target))
            if answer.status == 404:
                raise Again
            checked(answer)
            del places.there[former]
            places.there[parent] = f"{target}/{last_id(path)}"
            places.made[last_id(path)] = parent
            places.changed.append(f"Location {last_id(path)} moved below {target}")

    def _correct(self, places: _Places) -> None:
        for parent in places.asked if places.said else ():
            path = places.there.get(parent)
            if path is None:
                continue
            held = checked(self._gateway.call("location.get", Message(path={"path": path}))).body("Location")
            differs = {name: value for name, value in places.said.items() if held.get(name) != value}
            if differs:
                checked(self._gateway.call("location.update", Message(path={"path": path}, payload=differs)))
                places.changed += [name for name in sorted(differs) if name not in places.changed]

    def _add(self, places: _Places) -> None:
        for parent in places.missing:
            path = places.asked[parent]
            number = ensure_ours(self._gateway, places.item, path, places.said, _MAKER)
            places.there[parent] = f"{path}/{number}"
            places.made[number] = parent
            places.created = True
            places.changed.append(f"Location below {path}")

    def _remove(self, places: _Places) -> None:
        """Ours that are not asked for; with its main Location an item may go, and with any what lies below it."""
        spare = places.spare
        if not spare:
            return
        answer = checked(self._gateway.call("content.get", Message(path={"contentId": places.item})))
        main = held_of(answer.body("Content")).location_path
        for parent in spare:
            path = places.there[parent]
            if path == main:
                places.left.append(f"Location {path}: it is the main one")
            elif has_children(self._gateway, path):
                places.left.append(f"Location {path}: content lies below it")
            else:
                checked(self._gateway.call("location.delete", Message(path={"path": path})))
                del places.there[parent], places.made[last_id(path)]
                places.changed.append(f"no Location {path}")
