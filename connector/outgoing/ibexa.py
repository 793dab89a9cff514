"""The Ibexa publisher: a composed action, or any single operation of the reference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Self

from msgspec.structs import replace

from connector.core.errors import AuthRefused, ClientError, RecordError
from connector.core.jsonio import Json, JsonError, fingerprint, merge, parse, shown
from connector.core.model import Delivery, Message
from connector.core.outcome import Done, Outcome, Refused, Skipped, Unknown
from connector.core.problem import Finding, Problem
from connector.core.protocols import Capabilities, Foresees
from connector.core.services import Services
from connector.core.spec import Spec
from connector.outgoing.ibexa_checks import findings
from connector.outgoing.ibexa_spec import SPEC
from connector.systems.catalogue import ibexa
from connector.systems.ibexa.actions import ACTIONS, Action
from connector.systems.ibexa.actions.base import KeepsSecrets, outcome_of_raised
from connector.systems.ibexa.answers import outcome_of, says_gone
from connector.systems.ibexa.asset_sources import Sources
from connector.systems.ibexa.assets import Assets
from connector.systems.ibexa.beforehand import ensure_taken
from connector.systems.ibexa.destinations import resolved, unchecked
from connector.systems.ibexa.expected import own_remote_id, referred_to
from connector.systems.ibexa.gateway import Gateway
from connector.systems.ibexa.looking import WouldWrite
from connector.systems.ibexa.rest_values import misformed_in
from connector.systems.operation import Operation

_NOT_YET = frozenset({202, 207})
"""Accepted for later, or of several things: no success of this one."""
_PUTS_AWAY = frozenset({"hide", "trash", "delete"})
"""What a route may want done to a key that the source no longer has, or the mapping no longer yields."""


class IbexaOutgoing:
    """Writes messages to one entity of Ibexa by one action."""

    spec: ClassVar[Spec] = SPEC

    def __init__(self, name: str, config: Mapping[str, Json], services: Services) -> None:
        filled = self.spec.filled(config)
        self.name = name
        self.client = str(filled["client"])
        self.action = str(filled["action"])
        self.messages = str(filled["messages"])
        self.version = fingerprint(
            {key: value for key, value in config.items() if key not in ("client", "description")}
        )
        self._again = filled["delivery"] == "at_least_once"
        self._defaults = {part: config[part] for part in ("path", "query", "payload", "destination") if part in config}
        client = services.client(self.client)
        catalogue = ibexa(services.systems.get("ibexa", ()))
        self._gateway = gateway = Gateway(client, catalogue, services.clock)
        fetcher = Assets(services.root, Sources.of(filled["assets"]))
        composed = ACTIONS.get((str(filled["entity"]), self.action))
        self._action: Action | None = composed.build(gateway, fetcher) if composed else None
        action: object = self._action
        self._secretive = action if isinstance(action, KeepsSecrets) else None  # slow to ask for each message
        self._operation: Operation | None = None
        if composed is None or self.action in catalogue.actions(str(filled["entity"])):
            self._operation = catalogue.find(str(filled["entity"]), self.action)
        self._client = client

    @classmethod
    def build(cls, name: str, config: Mapping[str, Json], services: Services) -> Self:
        """From the declaration.

        Raises:
            ConfigError: no such entity or action.
        """
        return cls(name, config, services)

    @classmethod
    def lint(cls, config: Mapping[str, Json], systems: Mapping[str, Sequence[Json]]) -> list[Finding]:
        """See ibexa_checks."""
        return findings(config, systems.get("ibexa", ()))

    @property
    def can(self) -> Capabilities:
        """What it can promise."""
        if self._action is not None and self._plain(Message(path=self._defaults.get("path", {}))) is None:
            return self._action.can
        assert self._operation is not None
        return Capabilities(look_up=self._operation.idempotent)

    def prepare(self, message: Message) -> Message:
        """Merge the declaration's defaults under the message and check it.

        Raises:
            RecordError: it can never be sent as it is.
        """
        prepared = Message(**self._merged(message))
        operation = self._plain(prepared)
        if operation is None:
            assert self._action is not None
            return self._action.prepare(prepared)
        operation.check(unchecked(prepared))
        return prepared

    def _plain(self, message: Message) -> Operation | None:
        """The operation that a message means; None: the composed action, which may have its name.

        ``content.hide`` is both: with a remote id in its payload, and with a content id in its path.
        """
        return self._operation if self._action is None or message.path else None

    def _merged(self, message: Message) -> dict[str, Json]:
        """The message over the defaults; where one of them names the root element and the other does not, neither."""
        if self._action is not None and "parent" in self._action.replaced:
            message = _without_empty(message)
        under, over = dict(self._defaults_under(message)), message.as_json()
        plain = self._operation.unwrapped if self._operation is not None else None
        base, given = under.get("payload"), over.get("payload")
        if plain and base and given and (plain(base) is base) != (plain(given) is given):
            under["payload"], over["payload"] = plain(base), plain(given)
        merged: dict[str, Json] = merge(under, over)
        return merged

    def _defaults_under(self, message: Message) -> dict[str, Json]:
        """The declared defaults, without the parts that this message replaces as a whole."""
        replaced = self._action.replaced if self._action is not None else ()
        payload, given = self._defaults.get("payload"), message.payload
        if not isinstance(payload, dict) or not isinstance(given, dict):
            return self._defaults
        kept = {key: value for key, value in payload.items() if key not in replaced or key not in given}
        return {**self._defaults, "payload": kept}

    def key(self, message: Message) -> str | None:
        """The natural key of a composed action; plain operations have none: the record's key stands for them."""
        return self._action.key(message) if self._action is not None and self._plain(message) is None else None

    def foresee(self, message: Message) -> str:
        """See core.protocols.Foresees; only some actions can, and only of some messages."""
        action: object = self._action
        return action.foresee(message) if isinstance(action, Foresees) else ""

    def expect(self, coming: Sequence[Delivery]) -> None:
        """See core.protocols.Expects: remote ids that are looked up will be looked up together."""
        self._gateway.look_ups.expect(filter(None, map(own_remote_id, coming)), to_write=True)
        self._gateway.refer_to(one for delivery in coming for one in referred_to(delivery))

    @property
    def withholds(self) -> bool:
        """Whether a mapping may yield a password; not if the declaration says what it is."""
        declared = self._defaults.get("payload") or {}
        hidden = () if self._secretive is None else self._secretive.secret
        return any(declared.get(name) is None for name in hidden)

    def withheld(self, message: Message) -> Sequence[str]:
        """See core.protocols.Withholds."""
        return () if self._secretive is None else self._secretive.withheld(message)

    def lacks(self, message: Message) -> bool:
        """See core.protocols.Withholds."""
        return self._secretive is not None and self._secretive.lacks(message)

    def request_of(self, message: Message) -> Json:
        """See core.protocols.ShowsRequests; composed actions look first, and are none."""
        operation = self._plain(message)
        if operation is None:
            return None
        known = unchecked(message)
        made = operation.request(known)
        headers = dict(made.headers)
        if known is not message:
            headers["Destination"] = f"(looked up: {shown(message.destination)})"
        body = None if made.body is None else parse(made.body)
        query = dict(made.query)
        return {"method": made.method, "path": made.path, "query": query, "headers": headers, "body": body}

    def send(self, delivery: Delivery) -> Outcome:
        """See core.protocols.Outgoing.send."""
        if self._cannot(delivery):
            message = f"{self.name} cannot {delivery.action} what the source or the mapping no longer gives"
            hint = f'Say "keep" for when_missing and when_dropped of the route; {delivery.key} stays as it is.'
            return Refused(Problem("IBX429", message, hint=hint))
        operation = self._plain(delivery.message)
        if operation is not None and self._action is not None and delivery.action in ("verify", "repair"):
            return Skipped("not compared", delivery.target_id)
        if operation is not None:
            return self._send_one(operation, delivery)
        assert self._action is not None
        return self._look(delivery) if delivery.action == "verify" else self._action.send(delivery)

    def _cannot(self, delivery: Delivery) -> bool:
        """Whether it is to put something away that this action can only bring about; its message says nothing."""
        if delivery.action not in _PUTS_AWAY or delivery.action in self.can.drops:
            return False
        if delivery.action != self.action:
            return True
        says_nothing = not delivery.message.as_json()
        return says_nothing and (self._operation is None or bool(self._operation.path_params))  # else it needs none

    def _look(self, delivery: Delivery) -> Outcome:
        """Everything but writing: the first operation that would write tells that there is a difference."""
        assert self._action is not None
        try:
            with self._gateway.looking():
                return self._action.send(delivery)
        except WouldWrite as found:
            return Skipped("drifted", delivery.target_id, {"would": found.operation})

    def _send_one(self, operation: Operation, delivery: Delivery) -> Outcome:
        if delivery.suspect and not operation.idempotent and not self._again:
            message = f"an earlier {operation.id} may have taken effect, and nothing tells whether it did"
            hint = 'Look in Ibexa, then retry or skip it; or declare "delivery": "at_least_once".'
            return Refused(Problem("IBX417", message, hint=hint))
        try:
            complete = resolved(self._gateway, delivery.message)
            ensure_taken(self._gateway, operation, complete)
            response = self._client.send(operation.request(complete))
        except AuthRefused:
            raise
        except (RecordError, ClientError) as error:
            return outcome_of_raised(operation.id, error)
        if operation.method == "DELETE" and says_gone(response):
            return Skipped("gone")
        if response.status in _NOT_YET:
            message = f"{operation.id} answered {response.status}, which does not say that it was done"
            return Unknown(Problem(f"IBX{response.status}", message, hint="Look in Ibexa before it is sent again."))
        if not 200 <= response.status < 300:
            outcome = outcome_of(operation.id, response, says=operation.says)
            return _with_hint(outcome, misformed_in(operation, delivery.message.payload))
        location = response.headers.get("location", "")
        target_id = location.rstrip("/").rpartition("/")[2] or _id_in(response.body, operation.response_root)
        return Done("sent", target_id, {"status": response.status, "href": location})


def _with_hint(outcome: Outcome, hint: str) -> Outcome:
    """Before what the answer itself suggests."""
    if not hint or not isinstance(outcome, Refused | Unknown):
        return outcome
    return replace(outcome, problem=replace(outcome.problem, hint=f"{hint} {outcome.problem.hint}".strip()))


def _id_in(body: bytes, root: str) -> str:
    try:
        found = parse(body).get(root, {}) if body.strip() else {}
    except (JsonError, AttributeError):
        return ""
    value = found.get("_id", found.get("id", "")) if isinstance(found, dict) else ""
    return str(value)


def _without_empty(message: Message) -> Message:
    """Without a parent that is null or an empty text, as an optional column has it: then the declared one counts."""
    given = message.payload
    if not isinstance(given, dict) or "parent" not in given or given["parent"] not in (None, ""):
        return message
    return replace(message, payload={key: value for key, value in given.items() if key != "parent"})
