"""What Ibexa holds of a content item: read by its id or its remote id, drafts and trashed items included."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from connector.core.jsonio import Json
from connector.core.model import Delivery, Message
from connector.core.outcome import Outcome, Refused, Skipped
from connector.systems.ibexa.actions.base import checked, refuse
from connector.systems.ibexa.actions.content.values import FieldValue
from connector.systems.ibexa.answered import content_place
from connector.systems.ibexa.gateway import Gateway
from connector.systems.ibexa.look_ups import must_be

Fields = Mapping[tuple[str, str], Json]
"""(language, field identifier) -> value as REST gives it."""


class Held(Struct, frozen=True):
    """A content item as it is: status is DRAFT (never published), PUBLISHED or TRASHED."""

    id: int
    remote_id: str
    status: str
    version: int
    main_language: str
    hidden: bool
    type_href: str
    location_path: str | None
    section_href: str
    always_available: bool
    fields: Fields

    def differing(self, values: list[FieldValue]) -> list[FieldValue]:
        """The values that are not what this item holds."""
        return differing(values, self.fields)


def find(gateway: Gateway, delivery: Delivery, remote_id: str) -> Held | None:
    """The item: first by the id that an earlier delivery learned, then by remote id; None when there is none.

    Raises:
        OtherSpelling: there is one whose remote id Ibexa takes for the same, and that is another's.
        Ended, ClientError: it cannot be said.
    """
    if delivery.target_id.isdigit():
        answer = gateway.call("content.get", Message(path={"contentId": delivery.target_id}))
        if answer.status != 404:
            held = held_of(checked(answer).body("Content"))
            if held.remote_id == remote_id:
                return held
    answer = gateway.call("content.find", Message(query={"remoteId": remote_id}))
    if answer.status == 404:
        return None
    content = checked(answer).body("Content")
    must_be(content, remote_id)
    return held_of(content)


def ensure_not_renamed(gateway: Gateway, delivery: Delivery, remote_id: str) -> None:
    """Before one is made: the item that we made is not there under another remote id, which an editor gave it.

    Raises:
        Ended: Refused: it is; a second one would stand beside it.
        ClientError: it cannot be said.
    """
    if not delivery.target_id.isdigit():
        return
    answer = gateway.call("content.get", Message(path={"contentId": delivery.target_id}))
    held = held_of(answer.body("Content")) if answer.ok else None
    if held is not None and held.status == "PUBLISHED" and held.remote_id != remote_id:
        message = f"content item {held.id} was '{remote_id}', and somebody has called it '{held.remote_id}'"
        raise refuse(
            "IBX451", message, "Give it back its remote id in Ibexa; or trash it there, to have a new one made."
        )


def anew(gateway: Gateway, held: Held) -> Held:
    """The same item as it is now.

    Raises:
        Ended, ClientError: it cannot be said.
    """
    return held_of(checked(gateway.call("content.get", Message(path={"contentId": held.id}))).body("Content"))


def is_ghost(gateway: Gateway, delivery: Delivery, outcome: Outcome) -> bool:
    """After a step that ended so: whether there is no such item any more as its id gave, or another one by now.

    What Ibexa deletes along with its parent can still be read by id, out of a cache (seen on 4.6.25); the first step
    that writes to it is a 404.

    Raises:
        OtherSpelling, Ended, ClientError: it cannot be said.
    """
    refused = isinstance(outcome, Refused) and outcome.problem.code == "IBX404"
    if not (refused or isinstance(outcome, Skipped)) or not delivery.target_id:
        return False
    gateway.forget("content", delivery.key)
    found = find(gateway, replace(delivery, target_id=""), delivery.key)
    return found is None or str(found.id) != delivery.target_id


def held_of(content: Mapping[str, Json]) -> Held:
    """From the REST form with the current version embedded."""
    number, location_path = content_place(content)
    version, section = content["CurrentVersion"]["Version"], content.get("Section")
    return Held(
        id=number,
        remote_id=str(content.get("_remoteId", "")),
        status=str(content.get("status", "PUBLISHED")),
        version=int(version["VersionInfo"]["versionNo"]),
        main_language=str(content.get("mainLanguageCode") or version["VersionInfo"].get("initialLanguageCode", "")),
        hidden=bool(content.get("isHidden", False)),
        type_href=str(content["ContentType"]["_href"]),
        location_path=location_path,
        section_href=str(section.get("_href", "")) if isinstance(section, dict) else "",
        always_available=bool(content.get("alwaysAvailable", False)),
        fields=fields_of(version),
    )


def parent_id(path: str | None) -> int:
    """Id of the Location above that one: 2 for ``1/2/61``; 0 when there is none."""
    ids = (path or "").strip("/").split("/")
    return int(ids[-2]) if len(ids) > 1 and ids[-2].isdigit() else 0


def fields_of(version: Mapping[str, Json]) -> Fields:
    """The field values of a REST version."""
    rows = version.get("Fields", {}).get("field", [])
    return {(str(one["languageCode"]), str(one["fieldDefinitionIdentifier"])): one.get("fieldValue") for one in rows}


def fields_of_content(content: Mapping[str, Json]) -> Fields:
    """The field values of a Content object; none when its version is not embedded."""
    version = content.get("CurrentVersion", {}).get("Version")
    return fields_of(version) if isinstance(version, dict) else {}


def differing(values: list[FieldValue], fields: Fields) -> list[FieldValue]:
    """The values that are not what these fields hold; a language that is not there yet differs in all of its fields."""
    return [
        one
        for one in values
        if (one.language, one.identifier) not in fields
        or not one.codec.equal(one.value, fields[one.language, one.identifier])
    ]
