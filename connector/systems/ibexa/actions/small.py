"""What the actions with a few steps have in common: a subclass says its name, keys, checks and steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from connector.core.errors import RecordError
from connector.core.jsonio import Json, type_name
from connector.systems.ibexa.actions.composed import ComposedAction

_KINDS: Mapping[type, str] = {bool: "true or false", str: "a text", list: "a list", dict: "an object"}


class SmallAction(ComposedAction):
    """An action that looks, then writes what differs; most remember nothing between two deliveries."""

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

    def need_lengths(self, given: Mapping[str, Json], longest: Mapping[str, int], where: str = "payload") -> None:
        """Check that texts fit into the database's columns: Ibexa answers 500 for a longer one.

        Raises:
            RecordError: one does not.
        """
        for name, most in longest.items():
            value = given.get(name)
            if isinstance(value, str) and len(value) > most:
                message = f"{name} has {len(value)} characters; Ibexa keeps {most}"
                raise RecordError(message, hint="Shorten it.", step=f"{where}.{name}")

    def need_texts(self, payload: Mapping[str, Json], names: Iterable[str]) -> None:
        """Check that these are texts and not empty.

        Raises:
            RecordError: one is not.
        """
        for name in names:
            if not isinstance(payload.get(name), str) or not payload[name]:
                raise RecordError(f"{self.name} needs {name}, a text", step=f"payload.{name}")
