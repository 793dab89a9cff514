"""user.upsert: a user as it shall be, by login; the password is written once, and kept nowhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from msgspec.structs import replace

from connector.core.errors import ClientError, RecordError
from connector.core.jsonio import Json, shown
from connector.core.model import Delivery, Message
from connector.core.outcome import Done, NotSent, Outcome, Refused, Skipped, Unknown
from connector.systems.ibexa.actions.base import Ended, outcome_of_raised
from connector.systems.ibexa.actions.content.refers import check_languages, type_of
from connector.systems.ibexa.actions.content.required import check_required
from connector.systems.ibexa.actions.small import SmallAction
from connector.systems.ibexa.actions.user.account import change, create, fields_for, find
from connector.systems.ibexa.actions.user.groups import bring_groups, bring_roles, group_path, group_paths, role_hrefs
from connector.systems.ibexa.actions.user.password import Passwords, check_password
from connector.systems.ibexa.assets import Assets
from connector.systems.ibexa.content_refs import place_ref
from connector.systems.ibexa.fields.texts import is_email
from connector.systems.ibexa.gateway import Gateway

_KINDS: Mapping[str, type] = {"update_password": bool, "enabled": bool, "content_type": str, "remote_id": str}
_LONGEST = 150
"""Characters of a login or an e-mail address that the database has room for."""
_COMPARING = ("verify", "repair")
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

    secret: ClassVar[tuple[str, ...]] = ("password",)

    def __init__(self, gateway: Gateway, assets: Assets) -> None:
        super().__init__(gateway, assets)
        self._passwords = Passwords()

    def prepare(self, message: Message) -> Message:
        """Check the payload, and take its password out: only memory has it from now on.

        Raises:
            RecordError: it can never be sent.
        """
        return replace(message, payload=self._passwords.taken_out(super().prepare(message).payload))

    def withheld(self, message: Message) -> Sequence[str]:
        """The password that ``prepare`` took out."""
        given = self._passwords.given_in(message.payload)
        return [given] if given else []

    def lacks(self, message: Message) -> bool:
        """Whether its password went with the process that knew it."""
        return self._passwords.is_lost(message.payload)

    def check(self, payload: Mapping[str, Json]) -> None:
        """Everything but the fields' values, which need the content type."""
        self.need_texts(payload, ("login", "email", "main_language"))
        self.need_lengths(payload, {"login": _LONGEST, "email": _LONGEST})
        if not is_email(payload["email"]):
            message = f"email must be an e-mail address, not {shown(payload['email'], 40)}"
            raise RecordError(message, hint="Ibexa answers 500 for any other.", step="payload.email")
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
        # Before anything is written: what is not there would leave a user half done.
        groups = group_paths(self._gateway, payload.get("groups") or [])
        roles = role_hrefs(self._gateway, payload.get("roles") or [])
        held = find(self._gateway, payload["login"])
        made = held is None
        if held is None:
            held = self._create(payload)
        # Whether it differs cannot be seen: a look at what is there is no occasion to write it.
        anew = not made and payload.get("update_password") is True and delivery.action not in _COMPARING
        password = self._passwords.to_send(payload) if anew else ""
        user, changed = int(held["_id"]), ["user created"] if made else []
        try:
            changed += self._change(held, payload, password)
            changed += bring_groups(self._gateway, user, groups)
            changed += bring_roles(self._gateway, user, roles)
        except (Ended, RecordError, ClientError) as error:
            outcome = outcome_of_raised(self.name, error)
            if isinstance(outcome, Refused | NotSent | Unknown) and changed:
                return replace(outcome, target_id=str(user), done=changed)
            return outcome
        changed = changed[made:]
        self._passwords.sent(payload)
        if made:
            return Done("created", str(user), {"changed": changed} if changed else {})
        return Done("updated", str(user), {"changed": changed}) if changed else Skipped("unchanged", str(user))

    def _create(self, payload: Mapping[str, Json]) -> dict[str, Json]:
        content_type = type_of(self._gateway, payload.get("content_type") or "user")
        check_languages(self._gateway, {payload["main_language"]: "/payload/main_language"})
        language = payload["main_language"]
        values = fields_for(payload, content_type, language, (self._gateway, self._assets))
        check_required(values, content_type, (language, language), {})
        group = payload.get("group") and group_path(self._gateway, payload["group"], "payload.group")
        secret = {**payload, "password": self._passwords.to_send(payload)}
        return create(self._gateway, secret, group or "", (content_type, values))

    def _change(self, held: dict[str, Json], payload: Mapping[str, Json], password: str) -> list[str]:
        content_type = self._gateway.content_type_at(str(held["ContentType"]["_href"]))
        language = str(held.get("mainLanguageCode") or payload["main_language"])
        values = fields_for(payload, content_type, language, (self._gateway, self._assets))
        return change(self._gateway, held, payload, (values, password))
