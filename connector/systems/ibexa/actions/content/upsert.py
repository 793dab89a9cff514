"""content.upsert: create and publish, or draft what differs and publish; never twice, never over a foreign draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from msgspec.structs import replace

from connector.core.errors import AnswerLost, RecordError
from connector.core.jsonio import Json
from connector.core.model import Delivery, Message
from connector.core.outcome import Done, Outcome, Refused, Skipped, Unknown, Waits
from connector.core.problem import Problem
from connector.core.protocols import Capabilities
from connector.systems.ibexa.actions.base import Ended, checked, known_keys, refuse
from connector.systems.ibexa.actions.content import drafts
from connector.systems.ibexa.actions.content.about import bring_about, bring_states, known_states
from connector.systems.ibexa.actions.content.action import Absent, ContentAction
from connector.systems.ibexa.actions.content.create import creation
from connector.systems.ibexa.actions.content.drafts import Again, Draft
from connector.systems.ibexa.actions.content.drop import drop
from connector.systems.ibexa.actions.content.fields import bring_fields, said_before
from connector.systems.ibexa.actions.content.foreseen import foreseen
from connector.systems.ibexa.actions.content.held import Held, anew, fields_of_content, find, held_of, parent_id
from connector.systems.ibexa.actions.content.match import adopt, matching
from connector.systems.ibexa.actions.content.memory import Memory
from connector.systems.ibexa.actions.content.parents import bring_main, bring_others, made_below
from connector.systems.ibexa.actions.content.places import recollected
from connector.systems.ibexa.actions.content.progress import Progress
from connector.systems.ibexa.actions.content.refers import (
    check_languages,
    check_main_language,
    have_moved,
    last_id,
    no_such_parent,
    path_of,
    type_of,
)
from connector.systems.ibexa.actions.content.required import check_adopted, check_required
from connector.systems.ibexa.actions.content.shown import bring_shown, hide_new
from connector.systems.ibexa.actions.content.trash import out_of_trash, trashed
from connector.systems.ibexa.actions.content.values import FieldValue, told, values_of, without_missing
from connector.systems.ibexa.actions.content.waiting import bring_unpublished, is_edited, keep, unpublished
from connector.systems.ibexa.actions.content.wanted import KEYS, Wanted, wanted_of
from connector.systems.ibexa.answers import outcome_of, refused, says_remote_id_exists
from connector.systems.ibexa.types import ContentType


class ContentUpsert(ContentAction):
    """Brings the content item with a remote id to what a message says."""

    can: ClassVar[Capabilities] = Capabilities(look_up=True, drops=("hide", "trash", "delete"), compares=True)
    replaced: ClassVar[tuple[str, ...]] = ("parent", "match")
    name: ClassVar[str] = "content.upsert"
    keys: ClassVar[tuple[str, ...]] = KEYS

    def check(self, payload: Mapping[str, Json]) -> None:
        """The message as a value; of its fields only that they are an object: the rest needs the content type."""
        wanted_of(payload)

    def foresee(self, message: Message) -> str:
        """What of its texts Ibexa has no form for, and which content would be taken over, if it asks for that."""
        return foreseen(self._gateway, message, wanted_of(message.payload), self._matching)

    def carry_out(self, delivery: Delivery, progress: Progress) -> Outcome:
        """Create, or bring what is there to what the message says; or put it away."""
        if delivery.action in self.can.drops:
            return drop(self._gateway, delivery)
        wanted = wanted_of(delivery.message.payload)
        return self._alone(delivery, wanted, progress) if delivery.alone else self._steps(delivery, wanted, progress)

    def _alone(self, delivery: Delivery, wanted: Wanted, progress: Progress) -> Outcome:
        """What it refers to waits for it in turn: written without, it waits for its second pass."""
        tools = (self._gateway, self._assets)
        reduced, missing = without_missing(wanted, self._type(wanted), tools)
        outcome = self._steps(delivery, reduced, progress)
        if missing is None or not isinstance(outcome, Done | Skipped):
            return outcome
        return Waits(missing.needs, missing.problem(self.name), outcome.target_id, outcome.memory)

    def _steps(self, delivery: Delivery, wanted: Wanted, progress: Progress) -> Outcome:
        refusals = 0

        def once(held: Held | Absent, progress: Progress) -> Outcome:
            nonlocal refusals
            if isinstance(held, Held):
                return self._bring(held, wanted, delivery, progress)
            try:
                return self._create(wanted, delivery, progress, sure=held.sure)
            except Ended as ended:
                code = ended.outcome.problem.code if isinstance(ended.outcome, Refused) else ""
                if code == "IBX404" and have_moved(self._gateway, wanted.parents):
                    raise Again from None
                raise
            except _FailedInside as failed:
                # The same 500 again, and still nothing there: it is the message's fault, not the moment's.
                refusals += 1
                if refusals > 1:
                    return Refused(failed.problem)
                raise Again from None

        return self.rounds(delivery, progress, once)

    # -- a new item -------------------------------------------------------------------------------------------------

    def _adopt(self, wanted: Wanted, progress: Progress) -> None:
        """Take over content that was made before us, if there is such.

        Raises:
            Again: it has our remote id now.
        """
        if (found := self._matching(wanted)) is not None:
            check_adopted(found, wanted, self._type(wanted), (self._gateway, self._assets))
            adopt(self._gateway, found, wanted, progress)

    def _matching(self, wanted: Wanted) -> Held | None:
        if not wanted.match:
            return None
        content_type = self._type(wanted)
        values = values_of(wanted, content_type, wanted.main_language, (self._gateway, self._assets))
        return matching(self._gateway, wanted, content_type, values)

    def _create(self, wanted: Wanted, delivery: Delivery, progress: Progress, *, sure: bool) -> Outcome:
        try:
            self._adopt(wanted, progress)
            message, values, content_type = self._creation(wanted)
        except (RecordError, Ended):
            # What is said of a new item may not hold for one that a search has missed.
            if not sure and find(self._gateway, delivery, wanted.remote_id) is not None:
                raise Again from None
            raise
        try:
            answer = self._gateway.call("content.create", message)
        except AnswerLost as error:
            return self._after_lost_create(wanted, error)
        if says_remote_id_exists(answer.response):
            raise Again
        if answer.status == 500:
            raise _FailedInside(
                refused(answer.operation, answer.response, content_type.field_names_by_id, says=answer.says)
            )
        if not answer.ok:
            if answer.status == 404 and "path" in wanted.parents[0]:  # another one may have moved: see _steps
                no_such_parent(self._gateway, path_of(self._gateway, wanted.parents[0]))
            raise Ended(outcome_of(answer.operation, answer.response, content_type.field_names_by_id, says=answer.says))
        number = progress.content_id = drafts.created_id(answer)
        progress.begun = True
        parent = last_id(path_of(self._gateway, wanted.parents[0]))
        if not wanted.publish:
            written = Draft(1, fields_of_content(answer.body("Content")))
            progress.memory = made_below(Memory(), wanted, parent)
            keep(progress, written, values, (content_type, 0))
            progress.change, progress.begun = "drafted", False
            self._gateway.forget("content", wanted.remote_id)
            return unpublished(number, wanted, progress)
        # Should this fail, the draft stays: the next attempt finds it by its remote id and goes on from there.
        drafts.publish(self._gateway, number, 1)
        self._gateway.forget("content", wanted.remote_id)
        progress.change, progress.begun = "created", False
        progress.facts |= {"version": 1, "fields": len(values)}
        progress.leave(*told(values))
        progress.memory = made_below(Memory().wrote(values, fields_of_content(answer.body("Content"))), wanted, parent)
        hide_new(self._gateway, number, wanted, progress)
        if len(wanted.parents) > 1 or wanted.states:
            made = checked(self._gateway.call("content.get", Message(path={"contentId": number})))
            self._bring_rest(held_of(made.body("Content")), wanted, progress)
        return progress.outcome(number)

    def _creation(self, wanted: Wanted) -> tuple[Message, list[FieldValue], ContentType]:
        """The request that makes it, its values and its type; if something is not there yet, nothing is written."""
        content_type = self._type(wanted)
        check_languages(self._gateway, wanted.languages)
        for parent in wanted.parents:
            path_of(self._gateway, parent)
        values = values_of(wanted, content_type, wanted.main_language, (self._gateway, self._assets))
        check_required(values, content_type, (wanted.main_language, wanted.main_language))
        known_states(self._gateway, wanted.states)
        return Message(payload=creation(self._gateway, wanted, content_type, values)), values, content_type

    def _after_lost_create(self, wanted: Wanted, error: AnswerLost) -> Outcome:
        answer = self._gateway.call("content.find", Message(query={"remoteId": wanted.remote_id}))
        if answer.status == 404:
            return Unknown(error.problem("content.create"), client_down=True)
        raise Again

    # -- an item that is there --------------------------------------------------------------------------------------

    def _bring(self, held: Held, wanted: Wanted, delivery: Delivery, progress: Progress) -> Outcome:
        progress.content_id = held.id
        content_type = self._type(wanted)
        tools = (self._gateway, self._assets)
        if held.type_href.rstrip("/").rpartition("/")[2] != str(content_type.id):
            message = f"'{wanted.remote_id}' exists already, but is no {content_type.identifier}"
            raise refuse("IBX412", message, "Choose another remote id, or remove the other content item.")
        check_main_language(held.main_language, wanted.main_language, f"'{wanted.remote_id}'")
        if held.status == "TRASHED":
            if "trash" in delivery.put_away:
                progress.memory = trashed(progress.memory, held)
            out_of_trash(self._gateway, held, wanted, progress)
        if held.status == "DRAFT" and (not wanted.publish or is_edited(self._gateway, held, content_type, progress)):
            values = values_of(wanted, content_type, held.main_language or wanted.main_language, tools)
            bring_unpublished(self._gateway, held, values, (content_type, progress))
            return unpublished(held.id, wanted, progress)
        if held.status == "DRAFT":
            self._finish_draft(held, wanted, content_type, progress)
            held = anew(self._gateway, held)
            progress.memory = replace(progress.memory, parent=parent_id(held.location_path))
        self._gateway.learn_content(wanted.remote_id, held.id, held.location_path)
        for parent in wanted.parents[1:]:
            path_of(self._gateway, parent)  # if it is not there yet, nothing is written
        before = said_before(delivery, wanted_of)
        unsure = [wanted, *before] if delivery.suspect else []
        progress.memory = recollected(self._gateway, held, progress.memory, unsure)
        bring_fields(tools, held, wanted, delivery, (content_type, progress, before))
        if bring_main(self._gateway, held, wanted, (progress, before)):
            held = anew(self._gateway, held)  # a move brings the section of the target
        self._bring_rest(held, wanted, progress)
        bring_shown(self._gateway, held, wanted, delivery, (progress, before))
        return progress.outcome(held.id)

    def _bring_rest(self, held: Held, wanted: Wanted, progress: Progress) -> None:
        """What is not a field, and not its main place."""
        bring_others(self._gateway, held, wanted, progress)
        bring_about(self._gateway, held, wanted, progress)
        progress.changed += bring_states(self._gateway, held.id, wanted.states)

    def _finish_draft(self, held: Held, wanted: Wanted, content_type: ContentType, progress: Progress) -> None:
        """Never published: an earlier attempt, here or elsewhere, stopped between create and publish."""
        tools = (self._gateway, self._assets)
        values = values_of(wanted, content_type, held.main_language or wanted.main_language, tools)
        check_required(values, content_type, (held.main_language, wanted.main_language), held.fields)
        draft = (held.id, held.version, held.fields)
        progress.leave(*told(values))
        progress.begun = True
        fields = drafts.write(self._gateway, draft, values, content_type.field_names_by_id)
        drafts.publish(self._gateway, held.id, held.version)
        progress.change, progress.begun = "created", False
        progress.facts |= {"version": held.version, "adopted": True}
        progress.memory = Memory().wrote(values, fields)

    def _type(self, wanted: Wanted) -> ContentType:
        """The content type; every field with an owner is one of its fields."""
        found = type_of(self._gateway, wanted.content_type)
        known_keys(wanted.owners, found.fields, f"owners (fields of {found.identifier})")
        return found


class _FailedInside(Exception):
    """The server failed inside on a create: look up before anything else."""

    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self.problem = problem
