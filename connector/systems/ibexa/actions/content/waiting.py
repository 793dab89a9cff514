"""A draft that waits for an editor to publish it (``"publish": false``): told from what an editor made of it since.

Who saves a draft becomes its creator (seen on 4.6.25). So it is still as we left it while it is ours, and holds what it
held then: only such a draft is written again or removed.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from connector.core.jsonio import Json, fingerprint
from connector.core.model import Message
from connector.core.outcome import Done, Refused, Skipped
from connector.systems.ibexa.actions.base import Ended, checked
from connector.systems.ibexa.actions.content import drafts
from connector.systems.ibexa.actions.content.drafts import Draft
from connector.systems.ibexa.actions.content.held import Fields, Held, differing, fields_of
from connector.systems.ibexa.actions.content.memory import Memory
from connector.systems.ibexa.actions.content.owners import Sorted
from connector.systems.ibexa.actions.content.parents import is_declared
from connector.systems.ibexa.actions.content.progress import Progress
from connector.systems.ibexa.actions.content.recognised import Recognised
from connector.systems.ibexa.actions.content.required import check_required
from connector.systems.ibexa.actions.content.values import FieldValue
from connector.systems.ibexa.actions.content.wanted import Wanted
from connector.systems.ibexa.fields import codec_of
from connector.systems.ibexa.gateway import Gateway
from connector.systems.ibexa.types import ContentType


class Waiting(Struct, frozen=True):
    """What became of the draft that we left.

    Attributes:
        number: of its version.
        fields: what it holds now.
        touched: an editor has changed it since.
        current: it was made from the version that is published now.
    """

    number: int
    fields: Fields
    touched: bool
    current: bool

    def as_draft(self) -> Draft:
        """To be written, or published after a look."""
        return Draft(self.number, self.fields)


def look(gateway: Gateway, held: Held, content_type: ContentType, progress: Progress) -> Waiting | None:
    """The draft that waits; None: there is none, or none any more, and what an editor published counts as written.

    Raises:
        Ended, ClientError: it could not be read.
    """
    known = progress.memory.draft
    number = int(known.get("version") or (held.version if held.status == "DRAFT" else 0))
    if not number:
        return None
    answer = gateway.call("content_version.get", Message(path={"contentId": held.id, "versionNo": number}))
    version = {} if answer.status == 404 else checked(answer).body("Version")
    info = version.get("VersionInfo", {})
    if info.get("status") != "DRAFT":
        progress.memory = _settled(progress.memory, published=bool(info))
        return None
    fields = fields_of(version)
    ours = str(info["Creator"]["_href"]).endswith(f"/user/users/{gateway.user_id()}")
    same = not known or known.get("all") == _print_of(fields, content_type)
    return Waiting(number, fields, not (ours and same), known.get("over", 0) in (0, held.version))


def _settled(memory: Memory, *, published: bool) -> Memory:
    """It waits no more; what was published of it is what we last wrote: an editor's changes to it are told by that."""
    written = memory.draft.get("fields") or {}
    languages = {*memory.fields, *written} if published else {*memory.fields}
    fields = {one: {**memory.fields.get(one, {}), **(written.get(one, {}) if published else {})} for one in languages}
    return replace(memory, fields=fields, draft={})


def is_edited(gateway: Gateway, held: Held, content_type: ContentType, progress: Progress) -> bool:
    """Whether an editor works in the draft that we left.

    Raises:
        Ended, ClientError: it could not be read.
    """
    waiting = look(gateway, held, content_type, progress) if progress.memory.draft else None
    return waiting is not None and waiting.touched


def leave(progress: Progress, waiting: Waiting, changes: list[FieldValue]) -> None:
    """An editor works in it: it is not written; the task says what it has otherwise than the message."""
    _wait(progress, waiting.number)
    names = ", ".join(one.shown for one in differing(changes, waiting.fields))
    if names:
        progress.leave(f"version {waiting.number}: an editor has changed this draft, so it does not get {names}")


def keep(progress: Progress, draft: Draft, written: list[FieldValue], about: tuple[ContentType, int]) -> None:
    """Remember a draft as it is left, with the values of ours that it holds.

    Args:
        progress: gets it, and says that it waits.
        draft: with its fields as they are now.
        written: our values in it.
        about: the content type, and the version that it was made from; 0: none.
    """
    content_type, over = about
    known = {"version": draft.number, "over": over, "all": _print_of(draft.fields, content_type)}
    fields = {language: dict(one) for language, one in Memory().wrote(written, draft.fields).fields.items()}
    progress.memory = replace(progress.memory, draft={**known, "fields": fields})
    _wait(progress, draft.number)


def bring_draft(
    gateway: Gateway, held: Held, found: tuple[Sorted, Recognised, list[Draft]], known: tuple[ContentType, Progress]
) -> None:
    """Let one draft hold what differs from what is published and is ours to write; none if nothing is.

    Args:
        gateway: the client's Ibexa.
        held: the item as it is published.
        found: the values that differ; what tells our drafts; and those of ours that are there.
        known: its content type, and what was done so far.

    Raises:
        Again, Ended, ClientError: it could not be done.
    """
    (sorted_out, recognised, ours), (content_type, progress) = found, known
    usable = [one for one in ours if sorted_out.ours and recognised.adds_nothing(one.fields, sorted_out.ours)]
    for spare in ours:
        if spare not in usable[:1]:
            drafts.remove(gateway, held.id, spare.number)
            if not sorted_out.ours:
                progress.changed.append(f"no draft {spare.number}: nothing differs from what is published")
    if not sorted_out.ours:
        progress.memory = replace(progress.memory, draft={})
        return
    draft = usable[0] if usable else drafts.new_draft(gateway, held, recognised)
    progress.begun = True
    changes = differing(sorted_out.ours, draft.fields)
    try:
        fields = drafts.write(gateway, (held.id, draft.number, draft.fields), changes, content_type.field_names_by_id)
    except Ended as ended:
        if isinstance(ended.outcome, Refused) and not usable:
            progress.begun = not drafts.remove(gateway, held.id, draft.number)
        raise
    progress.begun = False
    keep(progress, replace(draft, fields=fields), sorted_out.ours, (content_type, held.version))
    if changes or not usable:
        progress.change = progress.change or "drafted"
        progress.changed += [one.shown for one in changes]


def bring_unpublished(
    gateway: Gateway, held: Held, values: list[FieldValue], known: tuple[ContentType, Progress]
) -> None:
    """Let the only version of an item that was never published hold these values, while no editor works in it.

    Raises:
        Again, Ended, ClientError: it could not be done.
    """
    content_type, progress = known
    waiting = look(gateway, held, content_type, progress)
    if waiting is None:
        raise drafts.Again  # published, or removed, just now
    if waiting.touched:
        leave(progress, waiting, values)
        return
    check_required(values, content_type, (held.main_language, held.main_language), waiting.fields)
    changes = differing(values, waiting.fields)
    names = content_type.field_names_by_id
    fields = drafts.write(gateway, (held.id, waiting.number, waiting.fields), changes, names)
    keep(progress, Draft(waiting.number, fields), values, (content_type, 0))
    if changes:
        progress.change = progress.change or "drafted"
        progress.changed += [one.shown for one in changes]


def unpublished(number: int, wanted: Wanted, progress: Progress) -> Done | Skipped:
    """The outcome for an item that was never published: what belongs to no version of it comes later, and is told."""
    further = {"further parents": wanted.parents[1:], "states": wanted.states, "hidden": wanted.hidden}
    later = [name for name, said in further.items() if said]
    if later:
        progress.leave(f"{', '.join(later)}: it is not published yet")
    if progress.memory.declared and not is_declared(progress.memory, wanted):
        progress.leave("parent: it is not published yet, and stays where it was made")
    return progress.outcome(number)


def _wait(progress: Progress, number: int) -> None:
    progress.facts |= {"version": number, "waits": f"version {number} is a draft: an editor is to publish it"}


def _print_of(fields: Fields, content_type: ContentType) -> str:
    """Of all that a draft holds, the same as long as nobody changes it."""
    found: Mapping[str, Json] = {
        f"{language} {name}": codec_of(definition.type).essence(value) if definition else value
        for (language, name), value in fields.items()
        for definition in (content_type.fields.get(name),)
    }
    return fingerprint(found)
