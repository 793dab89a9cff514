"""Field types that point to other content: by remote id (looked up) or by content id."""

from __future__ import annotations

from connector.core.jsonio import Json, shown
from connector.systems.ibexa.fields.codec import Codec, Context, NoSuchContent, NotThereYet
from connector.systems.ibexa.remote_ids import check_reference


def _one(value: Json, context: Context) -> Json:
    if isinstance(value, list):
        if len(value) > 1:
            raise context.refuse(value, "it takes one relation only")
        return {"destinationContentId": content_id(value[0], context) if value else None}
    return {"destinationContentId": content_id(value, context)}


def _several(value: Json, context: Context) -> Json:
    wanted = value if isinstance(value, list) else [value]
    found = list(dict.fromkeys(content_id(one, context) for one in wanted))
    limits = context.definition.validators.get("RelationListValueValidator") or {}
    limit = limits.get("selectionLimit")
    if isinstance(limit, int) and limit and len(found) > limit:
        raise context.refuse(f"{len(found)} relations", f"at most {limit} are allowed")
    return {"destinationContentIds": found}


def content_id(value: Json, context: Context) -> int:
    """The content id that a value names.

    Raises:
        NotThereYet: no content item has that remote id.
        NoSuchContent: none has that id.
        RecordError: the value names nothing.
    """
    remote_id = value.get("remote_id") if isinstance(value, dict) else None
    plain = value.get("id") if isinstance(value, dict) else value
    if isinstance(plain, int) and not isinstance(plain, bool):
        return _there(plain, context)
    if not isinstance(remote_id, str) or not remote_id:
        raise context.refuse(value, 'it wants {"remote_id": "…"} or {"id": 61}')
    place = f"{context.content_type}.{context.definition.identifier}"
    check_reference(remote_id, f"fields.{context.definition.identifier}")
    found = context.gateway.content_id(remote_id)
    if found is None:
        raise NotThereYet(
            f"{place} refers to '{shown(remote_id, 60)}', which is not in Ibexa yet",
            hint="Does a route create it, with that remote id? Then this is sent by itself.",
            step=f"fields.{context.definition.identifier}",
            needs=remote_id,
        )
    return found


def _there(number: int, context: Context) -> int:
    if not context.gateway.has_content(number):
        name = context.definition.identifier
        message = f"{context.content_type}.{name} refers to content {number}, which is not in Ibexa"
        hint = 'Correct the id; or name it by {"remote_id": "…"}, which is the same in every Ibexa, and is waited for.'
        raise NoSuchContent(message, hint=hint, step=f"fields.{name}")
    return number


def _same_one(desired: Json, current: Json) -> bool:
    return _target(desired) == _target(current)


def _target(value: Json) -> int | None:
    return value.get("destinationContentId") if isinstance(value, dict) else None


def _same_several(desired: Json, current: Json) -> bool:
    return _targets(desired) == _targets(current)


def _targets(value: Json) -> list[int]:
    return list(value.get("destinationContentIds") or []) if isinstance(value, dict) else []


RELATIONS = {
    "relation": Codec(_one, empty={"destinationContentId": None}, equal=_same_one, essence=_target),
    "relation_list": Codec(_several, empty={"destinationContentIds": []}, equal=_same_several, essence=_targets),
}
