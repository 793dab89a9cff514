"""user.upsert: a user as it shall be, by login; the password is written once, and kept nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from connector.core.errors import RecordError
from connector.core.jsonio import Json
from connector.core.model import Delivery, Message
from connector.core.outcome import Done, Outcome, Skipped
from connector.systems.ibexa.actions.content_refers import path_of, type_of
from connector.systems.ibexa.actions.small import SmallAction
from connector.systems.ibexa.actions.user_account import change, create, fields_for, find
from connector.systems.ibexa.actions.user_groups import bring_groups, bring_roles
from connector.systems.ibexa.actions.user_password import check_password, password_of
from connector.systems.ibexa.content_refs import place_ref

_KINDS: Mapping[str, type] = {"update_password": bool, "enabled": bool, "content_type": str, "remote_id": str}
_ACCOUNT = "user_account"
"""The field that Ibexa fills from login, e-mail and password."""


class UserUpsert(SmallAction):
    """Creates the user, or brings account, fields, groups and roles to what the message says."""

    replaced: ClassVar[tuple[str, ...]] = ("group", "groups", "roles", "password")
    name = "user.upsert"
    keys = (
        *("login", "email", "main_language", "content_type", "group", "password", "update_password", "enabled"),
        *("remote_id", "fields", "groups", "roles"),
    )

    def check(self, payload: Mapping[str, Json]) -> None:
        """Everything but the fields' values, which need the content type."""
        self.need_texts(payload, ("login", "email", "main_language"))
        self.need_kinds(payload, {**_KINDS, "fields": dict, "groups": list, "roles": list})
        check_password(payload)
        if payload.get("group") is not None:
            place_ref(payload["group"], "payload.group")
        for number, group in enumerate(payload.get("groups") or []):
            place_ref(group, f"payload.groups[{number}]")
        for number, role in enumerate(payload.get("roles") or []):
            if not isinstance(role, str) or not role:
                raise RecordError("a role is named by its identifier", step=f"payload.roles[{number}]")
        if _ACCOUNT in (payload.get("fields") or {}):
            hint = "It follows from login, email, password and enabled."
            raise RecordError(f"{_ACCOUNT} cannot be written as a field", hint=hint, step=f"payload.fields.{_ACCOUNT}")

    def key(self, message: Message) -> str | None:
        """The login, which is the same in any case."""
        return f"user {message.payload['login'].lower()}"

    def steps(self, delivery: Delivery) -> Outcome:
        """Look up, create or change, then groups and roles."""
        payload = delivery.message.payload
        held = find(self._gateway, payload["login"])
        made = held is None
        if held is None:
            held = self._create(payload)
        user, changed = int(held["_id"]), self._change(held, payload, made=made)
        changed += bring_groups(self._gateway, user, payload.get("groups") or [])
        changed += bring_roles(self._gateway, user, payload.get("roles") or [])
        if made:
            return Done("created", str(user), {"changed": changed} if changed else {})
        return Done("updated", str(user), {"changed": changed}) if changed else Skipped("unchanged", str(user))

    def _create(self, payload: Mapping[str, Json]) -> dict[str, Json]:
        content_type = type_of(self._gateway, payload.get("content_type") or "user")
        values = fields_for(payload, content_type, payload["main_language"], (self._gateway, self._assets))
        group = payload.get("group") and path_of(self._gateway, payload["group"], "user group", "payload.group")
        return create(self._gateway, payload, group or "", (content_type, values))

    def _change(self, held: dict[str, Json], payload: Mapping[str, Json], *, made: bool) -> list[str]:
        content_type = self._gateway.content_type_at(str(held["ContentType"]["_href"]))
        language = str(held.get("mainLanguageCode") or payload["main_language"])
        values = fields_for(payload, content_type, language, (self._gateway, self._assets))
        anew = not made and payload.get("update_password") is True
        return change(self._gateway, held, payload, (values, password_of(payload) if anew else ""))
