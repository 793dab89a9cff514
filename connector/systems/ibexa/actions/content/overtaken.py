"""Versions that somebody published while ours was on its way, and that ours replaced: seen afterwards, when comparing.

The server has no way to publish a draft only if its version is still the current one, and publishing an older draft
later simply wins (seen on 4.6.25). Looking right before costs each change a request, and still leaves a moment.
"""

from __future__ import annotations

from datetime import datetime

from connector.core.jsonio import Json
from connector.core.model import Message
from connector.systems.ibexa.actions.base import checked
from connector.systems.ibexa.actions.content.held import Held
from connector.systems.ibexa.actions.content.memory import Memory
from connector.systems.ibexa.gateway import Gateway


def overtaken(gateway: Gateway, held: Held, memory: Memory) -> list[str]:
    """In words, each version that was published after our draft was made and before it was published.

    Raises:
        Ended, ClientError: its versions could not be read.
    """
    base, ours = memory.over
    if not ours or held.version != ours:
        return []  # somebody has published since: what it holds now is a person's decision
    message = Message(path={"contentId": held.id})
    rows = checked(gateway.call("content_version.list", message)).body("VersionList").get("VersionItem", [])
    infos = {int(row["VersionInfo"]["versionNo"]): row["VersionInfo"] for row in rows}
    if ours not in infos:
        return []
    begun = _moment(infos[ours].get("creationDate"))
    found = [
        number
        for number, info in infos.items()
        if number > base
        and number != ours
        and info.get("status") == "ARCHIVED"
        # An older draft may have been published before ours was begun.
        and _moment(info.get("modificationDate")) >= begun
    ]
    return [f"version {one}: published while ours, {ours}, was written, which replaced it" for one in sorted(found)]


def _moment(value: Json) -> datetime:
    return datetime.fromisoformat(str(value))
