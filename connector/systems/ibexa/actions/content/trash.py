"""A content item that lies in the trash under our remote id: reported, restored, or left there for a new one."""

from __future__ import annotations

from msgspec.structs import replace

from connector.core.model import Message
from connector.systems.ibexa.actions.base import checked, refuse
from connector.systems.ibexa.actions.content.drafts import Again
from connector.systems.ibexa.actions.content.held import Held
from connector.systems.ibexa.actions.content.memory import Memory
from connector.systems.ibexa.actions.content.parents import put_below
from connector.systems.ibexa.actions.content.progress import Progress
from connector.systems.ibexa.actions.content.refers import last_id, path_of
from connector.systems.ibexa.actions.content.wanted import Wanted
from connector.systems.ibexa.gateway import Gateway
from connector.systems.ibexa.remote_ids import LONGEST

_PAGE = 200
_SOMEWHERE = -1
"""As a Location id: which one it had is not known."""


def out_of_trash(gateway: Gateway, held: Held, wanted: Wanted, progress: Progress) -> None:
    """Do with a trashed item what the message says; what we trashed ourselves is restored, the mapping yields it again.

    Raises:
        Again: always, if anything was done: look it up anew.
        Ended: Refused: it stays in the trash.
        NotThereYet, ClientError: it could not be done.
    """
    how = "restore" if progress.memory.trashed else wanted.trashed
    if how == "report":
        message = f"'{wanted.remote_id}' lies in the trash (content item {held.id})"
        hint = 'Restore it or delete it from the trash in Ibexa, then retry; or declare "trashed": "restore" or "new".'
        raise refuse("IBX413", message, hint)
    if how == "restore":
        _restore(gateway, held, wanted, progress)
    else:
        _give_up(gateway, held, wanted)
    raise Again


def _restore(gateway: Gateway, held: Held, wanted: Wanted, progress: Progress) -> None:
    """Below the declared parent, which is there: the one that it had may lie in the trash too."""
    path = path_of(gateway, wanted.parents[0])
    number = trash_item(gateway, held, progress.memory.trashed)
    answer = gateway.call("trash.restore", Message(path={"trashItemid": number}, destination=path))
    if answer.status == 404:
        raise Again
    checked(answer)
    gateway.forget("content", wanted.remote_id)
    progress.change = "restored"
    progress.memory = put_below(
        replace(progress.memory, trashed=0, displaced=False, locations=()), wanted, last_id(path)
    )


def trash_item(gateway: Gateway, held: Held, known: int = 0) -> int:
    """Its number in the trash: that of the Location which it had.

    Raises:
        Ended: Refused: the trash does not list it; or it could not be read.
        ClientError: it could not be read.
    """
    if known > 0:
        answer = gateway.call("trash.get", Message(path={"trashItemid": known}))
        if answer.ok and _is(answer.body("TrashItem"), held):
            return known
    offset = 0
    while True:
        query = {"limit": _PAGE, "offset": offset}
        rows = checked(gateway.call("trash.list", Message(query=query))).body("Trash").get("TrashItem", [])
        for row in rows:
            if _is(row, held):
                return int(row["id"])
        if not rows:  # a short page is not the last: what we may not read drops out of it
            message = f"'{held.remote_id}' (content item {held.id}) is trashed, but the trash does not list it"
            raise refuse("IBX413", message, "May the connector's user see and empty the trash? Else delete the item.")
        offset += _PAGE


def _is(row: dict[str, object], held: Held) -> bool:
    content = row.get("Content")
    return isinstance(content, dict) and last_id(str(content.get("_href", ""))) == held.id


def _give_up(gateway: Gateway, held: Held, wanted: Wanted) -> None:
    """Take our remote id from the trashed item, so that a new one can have it.

    The server answers a trashed item's change with an empty 500 and applies it all the same (seen on 4.6.25).
    """
    ending = f"-trashed-{held.id}"
    payload = {"remoteId": wanted.remote_id[: LONGEST - len(ending)] + ending}
    answer = gateway.call("content.update_metadata", Message(path={"contentId": held.id}, payload=payload))
    found = gateway.call("content.find", Message(query={"remoteId": wanted.remote_id}))
    if found.status != 404:
        checked(answer)
        raise refuse("IBX413", f"'{wanted.remote_id}' lies in the trash and keeps its remote id", "Delete it there.")


def trashed(memory: Memory, held: Held) -> Memory:
    """Knowing that we put it into the trash, also if only seen there: then it has no Location any more."""
    return replace(memory, trashed=last_id(held.location_path or "") or memory.trashed or _SOMEWHERE, locations=())
