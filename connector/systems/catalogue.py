"""All operations of a system, loaded from the package's data when first asked for."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from functools import cache
from importlib import resources

from connector.core.errors import ConfigError
from connector.core.jsonio import parse
from connector.systems.operation import Operation


class Catalogue:
    """The operations of one system, by id, entity and action."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        self._by_id = {one.id: one for one in operations}

    def __len__(self) -> int:
        return len(self._by_id)

    def operations(self) -> list[Operation]:
        """All of them, sorted by id."""
        return [self._by_id[name] for name in sorted(self._by_id)]

    def entities(self) -> list[str]:
        """All entities, sorted."""
        return sorted({one.entity for one in self._by_id.values()})

    def actions(self, entity: str) -> list[str]:
        """The actions of an entity, sorted; empty for an unknown entity."""
        return sorted(one.action for one in self._by_id.values() if one.entity == entity)

    def get(self, name: str) -> Operation:
        """By id.

        Raises:
            ConfigError: there is none, with the nearest name.
        """
        if name not in self._by_id:
            near = difflib.get_close_matches(name, self._by_id, 1)
            hint = f"Did you mean '{near[0]}'?" if near else "`connector catalogue list` shows them all."
            raise ConfigError(f"there is no operation '{name}'", hint=hint)
        return self._by_id[name]

    def find(self, entity: str, action: str) -> Operation:
        """By entity and action.

        Raises:
            ConfigError: there is none; the hint lists what there is.
        """
        actions = self._actions_of(entity)
        if action not in actions:
            near = difflib.get_close_matches(action, actions, 1)
            listed = f"Its actions are: {', '.join(actions)}."
            hint = f"Did you mean '{near[0]}'? {listed}" if near else listed
            raise ConfigError(f"'{entity}' has no action '{action}'", hint=hint)
        return self._by_id[f"{entity}.{action}"]

    def default_listing(self, entity: str) -> Operation:
        """The one operation that lists an entity: its search, or its only listing.

        Raises:
            ConfigError: no such entity; or it has none, or more than one to choose from.
        """
        names = self._actions_of(entity)
        found = [one for name in names if (one := self._by_id[f"{entity}.{name}"]).reads and one.list_at]
        for action in ("search", "list"):
            if any(one.action == action for one in found):
                return self._by_id[f"{entity}.{action}"]
        if len(found) == 1:
            return found[0]
        choice = ", ".join(sorted(one.action for one in found)) or "none that lists"
        raise ConfigError(f"'{entity}' needs an action to read by", hint=f"It has: {choice}.")

    def _actions_of(self, entity: str) -> list[str]:
        actions = self.actions(entity)
        if not actions:
            near = difflib.get_close_matches(entity, self.entities(), 1)
            hint = f"Did you mean '{near[0]}'?" if near else f"Entities are: {', '.join(self.entities())}."
            raise ConfigError(f"there is no entity '{entity}'", hint=hint)
        return actions


@cache
def ibexa() -> Catalogue:
    """The 224 operations of the Ibexa REST reference, as corrected by what a real server does."""
    folder = resources.files("connector.systems.ibexa") / "operations"
    rows = [row for file in folder.iterdir() if file.name.endswith(".json") for row in parse(file.read_bytes())]
    return Catalogue([Operation.from_row(row) for row in rows])
