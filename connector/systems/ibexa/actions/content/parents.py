"""Where an item lies: its main Location follows the declared parent as far as it is ours, further Locations are added.

A Location that we did not make is never removed.
"""

from __future__ import annotations

from msgspec.structs import replace

from connector.core.jsonio import Json, fingerprint
from connector.core.model import Message
from connector.systems.ibexa.actions.base import Ended, checked
from connector.systems.ibexa.actions.content.drafts import Again
from connector.systems.ibexa.actions.content.held import Held, parent_id
from connector.systems.ibexa.actions.content.memory import Memory
from connector.systems.ibexa.actions.content.places import LOCATIONS, by_parent, ensure_ours, id_of, with_places
from connector.systems.ibexa.actions.content.progress import Progress
from connector.systems.ibexa.actions.content.refers import last_id, no_such_parent, path_of
from connector.systems.ibexa.actions.content.wanted import Wanted
from connector.systems.ibexa.answers import outcome_of
from connector.systems.ibexa.fields.codec import NotThereYet
from connector.systems.ibexa.gateway import Gateway


def put_below(memory: Memory, wanted: Wanted, parent: int) -> Memory:
    """Knowing that its main Location lies where the message says."""
    return replace(memory, declared=_declared(wanted), parent=parent)


def made_below(memory: Memory, wanted: Wanted, parent: int) -> Memory:
    """Knowing that its main Location was made where and as the message says."""
    return replace(put_below(memory, wanted, parent), priority=wanted.priority)


def is_declared(memory: Memory, wanted: Wanted) -> bool:
    """Whether the message names the parent that one named when the item was put there."""
    return memory.declared == _declared(wanted)


def bring_main(gateway: Gateway, held: Held, wanted: Wanted, known: tuple[Progress, list[Wanted]]) -> bool:
    """Let the main Location follow the declared parent, or say why not. Returns whether it moved.

    Args:
        gateway: the client's Ibexa.
        held: the item as it is.
        wanted: where it shall lie.
        known: what was done so far, and what messages said that may have been carried out.

    Raises:
        NotThereYet: it shall move, and there is no such parent yet.
        Again, Ended, ClientError: it could not be done.
    """
    progress, before = known
    memory, now = progress.memory, parent_id(held.location_path)
    if memory.displaced:
        return _put_back(gateway, held, wanted, progress)
    if now != memory.parent and now in {id_of(gateway, one.parents[0]) for one in before}:
        memory = replace(memory, parent=now, declared="")  # an attempt that we heard nothing of put it there
    same = memory.parent > 0 and memory.declared == _declared(wanted)
    if same and (now == memory.parent or wanted.move != "always"):
        return False  # the message asks for nothing new; where an editor took it since is no business of ours
    if not now:
        progress.leave("parent: it has no main Location")
        return False
    try:
        path = path_of(gateway, wanted.parents[0])
    except NotThereYet as error:
        if wanted.move:
            raise
        progress.leave(f"parent: {error.message}")
        return False
    if last_id(path) == now:
        progress.memory = put_below(memory, wanted, now)
        return False
    why = _why_not(memory, now, wanted.move)
    if why:
        progress.leave(f"parent: {why}")
        return False
    swapped = _move(gateway, held, path)
    gateway.forget("content", wanted.remote_id)
    progress.changed.append("parent")
    memory = put_below(memory, wanted, last_id(path))
    progress.memory = with_places(memory, last_id(held.location_path or "")) if swapped else memory
    return True


def bring_others(gateway: Gateway, held: Held, wanted: Wanted, progress: Progress) -> None:
    """Add the Locations that are missing; remove those that we made and that are no longer asked for.

    Raises:
        NotThereYet: there is no such parent yet.
        Again, Ended, ClientError: it could not be done.
    """
    if len(wanted.parents) == 1 and not progress.memory.locations:
        return
    there = by_parent(gateway, held)
    made = {one for one in progress.memory.locations if one in {last_id(path) for path in there.values()}}
    asked = {last_id(path): path for path in (path_of(gateway, one) for one in wanted.parents)}
    first, now = next(iter(asked)), parent_id(held.location_path)
    for parent, path in asked.items():
        # The main Location stands for the first, also where an editor took it; but not from one place to another.
        if parent not in there and (parent != first or now in asked):
            made.add(ensure_ours(gateway, held.id, path))
            progress.memory = with_places(progress.memory, *made)  # the next step may fail
            progress.changed.append(f"Location below {path}")
    for parent, path in there.items():
        if last_id(path) in made and parent not in asked and path != held.location_path:
            if has_children(gateway, path):
                progress.leave(f"Location {path}: content lies below it")
                continue
            checked(gateway.call("location.delete", Message(path={"path": path})))
            made.remove(last_id(path))
            progress.changed.append(f"no Location {path}")
    progress.memory = replace(progress.memory, locations=tuple(sorted(made)))


def _put_back(gateway: Gateway, held: Held, wanted: Wanted, progress: Progress) -> bool:
    """We took its places away, and it lived on elsewhere: it lies below its parent again, and there first of all."""
    path = path_of(gateway, wanted.parents[0])
    there = last_id(path) == parent_id(held.location_path)
    if not there:
        if last_id(path) not in by_parent(gateway, held):
            ensure_ours(gateway, held.id, path)
            progress.memory = replace(progress.memory, parent=last_id(path))  # the next step may fail
        _move(gateway, held, path)
        gateway.forget("content", wanted.remote_id)
        progress.changed.append("parent")
    progress.memory = put_below(replace(progress.memory, displaced=False), wanted, last_id(path))
    return not there


def _why_not(memory: Memory, now: int, move: Json) -> str:
    """Why the main Location stays; empty: it may be moved."""
    if move == "always":
        return ""
    if move is not True:
        return f'it stays below Location {now}: "move" is not declared'
    if memory.adopted:
        return f'it stays below Location {now}: it was made by others, and "move" is not "always"'
    if not memory.parent:
        return f"it stays below Location {now}: not known to be where we put it"
    return "" if memory.parent == now else f"it stays below Location {now}: an editor moved it"


def _move(gateway: Gateway, held: Held, path: str) -> bool:
    """Returns whether another Location became the main one: then the former one is still there, as a further one."""
    other = by_parent(gateway, held).get(last_id(path))
    if other is not None:  # it lies there already, but not as its main Location
        payload = {"MainLocation": {"_href": f"{LOCATIONS}/{other}"}}
        checked(gateway.call("content.update_metadata", Message(path={"contentId": held.id}, payload=payload)))
        return True
    answer = gateway.call("location.move", Message(path={"path": held.location_path}, destination=path))
    if answer.status == 404 and gateway.location_path_by_id(last_id(str(held.location_path))) != held.location_path:
        raise Again  # somebody moved it under our hands
    if answer.status == 404:
        no_such_parent(gateway, path)
    if not answer.ok:
        raise Ended(outcome_of(answer.operation, answer.response, says=answer.says))
    return False


def has_children(gateway: Gateway, path: str) -> bool:
    """Whether content lies below that Location.

    Raises:
        Ended, ClientError: it could not be read.
    """
    found = checked(gateway.call("location.get", Message(path={"path": path}))).body("Location")
    return int(found.get("childCount") or 0) > 0


def _declared(wanted: Wanted) -> str:
    return fingerprint(wanted.parents[0])[:12]
