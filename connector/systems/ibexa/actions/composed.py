"""What all composed actions have in common: checked offline, carried out in steps, each end an outcome."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar, Self

from msgspec.structs import replace

from connector.core.errors import ClientError, RecordError
from connector.core.jsonio import Json, type_name
from connector.core.model import Delivery, Message
from connector.core.outcome import Outcome, Waits
from connector.core.protocols import Capabilities
from connector.systems.ibexa.actions.base import Ended, known_keys, outcome_of_raised
from connector.systems.ibexa.assets import Assets
from connector.systems.ibexa.expected import referred_to
from connector.systems.ibexa.gateway import Gateway


class ComposedAction(ABC):
    """Several operations that look, compare, and write what differs."""

    can: ClassVar[Capabilities] = Capabilities(look_up=True, compares=True)
    replaced: ClassVar[tuple[str, ...]] = ()
    name: ClassVar[str]
    """Entity and action, as in a declaration."""
    keys: ClassVar[tuple[str, ...]]
    """What a payload may have."""

    def __init__(self, gateway: Gateway, assets: Assets) -> None:
        self._gateway = gateway
        self._assets = assets

    @classmethod
    def build(cls, gateway: Gateway, assets: Assets) -> Self:
        """For one outgoing."""
        return cls(gateway, assets)

    def prepare(self, message: Message) -> Message:
        """Check the message.

        Raises:
            RecordError: it can never be sent.
        """
        if message.path or message.query or message.destination is not None:
            raise RecordError(f"{self.name} takes a payload only", hint="Leave path, query and destination out.")
        payload = message.payload
        if not isinstance(payload, dict):
            raise RecordError(f"{self.name} wants an object as payload, not {type_name(payload)}", step="payload")
        known_keys(payload, self.keys, "payload")
        self.check(payload)
        return message

    @abstractmethod
    def check(self, payload: Mapping[str, Json]) -> None:
        """Check what can be checked offline; the keys are known ones.

        Raises:
            RecordError: it can never be sent.
        """

    @abstractmethod
    def key(self, message: Message) -> str | None:
        """The natural key at the target."""

    def send(self, delivery: Delivery) -> Outcome:
        """Carry the steps out; what waits says all that it refers to.

        Raises:
            AuthRefused, Stopped: they concern the run.
        """
        try:
            outcome = self.steps(delivery)
        except (Ended, RecordError, ClientError) as error:
            outcome = outcome_of_raised(self.name, error)
        if not isinstance(outcome, Waits):
            return outcome
        return replace(outcome, refers=tuple({*referred_to(delivery)} - {delivery.key}))

    @abstractmethod
    def steps(self, delivery: Delivery) -> Outcome:
        """Look, then write what differs.

        Raises:
            Ended, RecordError, ClientError: it could not be done.
        """
