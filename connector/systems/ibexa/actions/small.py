"""What the actions with a few steps have in common: a subclass says its name, keys, checks and steps."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import ClassVar, Self

from connector.core.errors import AuthRefused, ClientError, RecordError
from connector.core.jsonio import Json, type_name
from connector.core.model import Delivery, Message
from connector.core.outcome import Outcome
from connector.core.protocols import Capabilities
from connector.systems.ibexa.actions.base import Ended, known_keys, outcome_of_raised
from connector.systems.ibexa.assets import Assets
from connector.systems.ibexa.gateway import Gateway

_KINDS: Mapping[type, str] = {bool: "true or false", str: "a text", list: "a list", dict: "an object"}


class SmallAction(ABC):
    """An action that looks, then writes what differs; most remember nothing between two deliveries."""

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
        """Check the payload.

        Raises:
            RecordError: it can never be sent.
        """
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
        """Carry the steps out.

        Raises:
            AuthRefused, Stopped: they concern the run.
        """
        try:
            return self.steps(delivery)
        except AuthRefused:
            raise
        except (Ended, RecordError, ClientError) as error:
            return outcome_of_raised(self.name, error)

    @abstractmethod
    def steps(self, delivery: Delivery) -> Outcome:
        """Look, then write what differs.

        Raises:
            Ended, RecordError, ClientError: it could not be done.
        """

    def need_kinds(self, payload: Mapping[str, Json], kinds: Mapping[str, type]) -> None:
        """Check that these, where they are given, are of that kind.

        Raises:
            RecordError: one is not.
        """
        for name, kind in kinds.items():
            value = payload.get(name)
            if value is not None and not isinstance(value, kind):
                message = f"{name} must be {_KINDS[kind]}, not {type_name(value)}"
                raise RecordError(message, step=f"payload.{name}")

    def need_texts(self, payload: Mapping[str, Json], names: Iterable[str]) -> None:
        """Check that these are texts and not empty.

        Raises:
            RecordError: one is not.
        """
        for name in names:
            if not isinstance(payload.get(name), str) or not payload[name]:
                raise RecordError(f"{self.name} needs {name}, a text", step=f"payload.{name}")
