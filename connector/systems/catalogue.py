"""All operations of a system, loaded from the package's data when first asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib import resources

from connector.core.errors import ConfigError
from connector.core.jsonio import Json, dumps, parse
from connector.core.nearest import did_you_mean
from connector.core.synonyms import choice_meant
from connector.core.template import placeholders
from connector.systems.bodies import Bodies
from connector.systems.body_form import BODY_FORM, usable
from connector.systems.body_schema import BodySchema
from connector.systems.operation import Operation
from connector.systems.places import BASE_PATH


class Catalogue:
    """The operations of one system, by id, entity and action; and what the payloads of composed actions may hold."""

    def __init__(self, operations: Sequence[Operation], bodies: Bodies | None = None) -> None:
        self._by_id = {one.id: one for one in operations}
        self._bodies = bodies or Bodies({})

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
        """By id, or by address: ``GET /content/objects/52``, without the method where there is one only.

        Raises:
            ConfigError: there is none, with the nearest name; or several methods at that address.
        """
        if "/" in name:
            return self._at(name)
        if name not in self._by_id:
            meant = self.by_words(name)
            near = (
                f"Did you mean {' or '.join(map(repr, meant))}?" if meant else did_you_mean(name, self._by_id).strip()
            )
            hint = near or "`connector catalogue list` shows them all."
            raise ConfigError(f"there is no operation '{name}'", hint=hint)
        return self._by_id[name]

    def find(self, entity: str, action: str) -> Operation:
        """By entity and action.

        Raises:
            ConfigError: there is none; the hint lists what there is.
        """
        actions = self._actions_of(entity)
        if action not in actions:
            hint = f"{did_you_mean(action, actions)}Its actions are: {', '.join(actions)}."
            raise ConfigError(f"'{entity}' has no action '{action}'", hint=hint)
        return self._by_id[f"{entity}.{action}"]

    def composed_body(self, name: str) -> BodySchema | None:
        """What the payload of a composed action may hold, e.g. of ``content.upsert``; None when it is not described."""
        return self._bodies.named(name)

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
        readable = [one for name in names if (one := self._by_id[f"{entity}.{name}"]).reads and one.method != "HEAD"]
        if not found and len(readable) == 1:
            return readable[0]
        choice = ", ".join(sorted(one.action for one in found or readable)) or "none that reads"
        raise ConfigError(f"'{entity}' needs an action to read by", hint=f"It has: {choice}.")

    def _at(self, address: str) -> Operation:
        method, _, path = address.strip().rpartition(" ")
        plain = path.partition("?")[0].removeprefix(BASE_PATH).strip("/")
        there = [one for one in self.operations() if _pattern(one).fullmatch(plain)]
        fewest = min((len(one.path_params) for one in there), default=0)  # /cart/authorize is no cart's identifier
        there = [one for one in there if len(one.path_params) == fewest]
        chosen = [one for one in there if method.strip().upper() in ("", one.method)]
        if len(chosen) == 1:
            return chosen[0]
        if not there:
            hint = "Write it as the reference does, below /api/ibexa/v2. `connector catalogue list` shows them all."
            raise ConfigError(f"no operation has the address {path}", hint=hint)
        choice = ", ".join(f"{one.id} ({one.method})" for one in chosen or there)
        raise ConfigError(f"{path} has more than one operation", hint=f"One of: {choice}.")

    def by_words(self, name: str) -> list[str]:
        """The ids that a name means that says the words of the address and the action: ``content.locations.move``."""
        stem, _, action = name.rpartition(".")
        return [one.id for one in self.operations() if one.action == action and _words(one.path) == _plain_words(stem)]

    def _actions_of(self, entity: str) -> list[str]:
        actions = self.actions(entity)
        if not actions:
            hint = f"{choice_meant(entity, self.entities())}Entities are: {', '.join(self.entities())}."
            raise ConfigError(f"there is no entity '{entity}'", hint=hint)
        return actions


def _words(path: str) -> str:
    """The fixed words of an address, ``content.types.draft.fielddefinitions`` of the field definitions of a draft."""
    return _plain_words(".".join(part for part in path.strip("/").split("/") if not part.startswith("{")))


def _plain_words(text: str) -> str:
    return re.sub(r"[-_]", "", text).lower()


def _pattern(operation: Operation) -> re.Pattern[str]:
    """What an address of the operation looks like, with values or with names in braces, spelt as anybody likes."""
    parts = []
    for part in operation.path.strip("/").split("/"):
        ids = part.strip("{}") in operation.path_of_segments
        parts.append(r"(?:[0-9/]+|\{\w+\})" if ids else r"[^/]+" if part.startswith("{") else re.escape(part))
    return re.compile("/".join(parts))


def ibexa(added: Sequence[Json] = ()) -> Catalogue:
    """The 224 operations of the Ibexa REST reference, as corrected by what a real server does.

    Args:
        added: the objects of a project's own files, ``{"operations": [row, ...], "bodies": {name: schema}}``: new
            operations, or rows that take the place of ours with the same id.
    """
    return _with_added(dumps(list(added)).decode()) if added else _shipped()


@cache
def _shipped() -> Catalogue:
    bodies = Bodies(shipped_bodies())
    rows = [row for rows in _parsed("operations") for row in rows]
    return Catalogue([Operation.from_row(_told(row), bodies) for row in rows], bodies)


@lru_cache(maxsize=4)
def _with_added(text: str) -> Catalogue:
    """Cached by content: a check asks for it once a declaration."""
    files = parse(text)
    ours = shipped_bodies()
    bodies = Bodies({**ours, **usable(_together([one.get("bodies", {}) for one in files]), ours)})
    rows = {row["id"]: row for rows in _parsed("operations") for row in rows}
    rows |= {row["id"]: {"title": row["id"], **row} for one in files for row in one.get("operations", ())}
    return Catalogue([Operation.from_row(_told(row), bodies) for row in rows.values()], bodies)


def _told(row: Mapping[str, Json]) -> dict[str, Json]:
    """The row with what its path parameters are: by its own word, else by its entity, else by their names."""
    known = _path_params()
    entity = str(row["id"]).partition(".")[0]
    named = {**known[""], **known.get(entity, {}), **row.get("params", {})}
    return {**row, "params": {name: named[name] for name in placeholders(str(row["path"])) if name in named}}


_INSTEAD = {
    **dict.fromkeys(("url", "uri", "endpoint", "route"), "Did you mean 'path'?"),
    **dict.fromkeys(("verb", "http_method"), "Did you mean 'method'?"),
    **dict.fromkeys(("name", "operation", "operationId"), "Did you mean 'id'?"),
    **dict.fromkeys(("query_params", "parameters", "query_parameters"), "Did you mean 'query'?"),
    **dict.fromkeys(("path_params", "path_parameters"), "Did you mean 'params'?"),
    **dict.fromkeys(("pagination", "pages"), "Did you mean 'paging'?"),
    **dict.fromkeys(("responses", "statuses"), "Did you mean 'answers'?"),
    **dict.fromkeys(("records", "items"), "Did you mean 'list_at'?"),
    **dict.fromkeys(
        ("payload", "body", "schema"), "What a payload may hold is said below bodies, by its name in content_type."
    ),
}
"""What other programs call the keys of an operation."""


def added_schema() -> dict[str, Json]:
    """The JSON Schema of a project's file in ``configs/systems/ibexa/``."""
    package = resources.files("connector.systems.ibexa")
    row = parse((package / "operations.schema.json").read_bytes())["items"]
    text = {"type": "string"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:connector:schema:system",
        "type": "object",
        "title": "Operations that a project adds to Ibexa's catalogue",
        "properties": {
            "$schema": {**text, "description": "Where an editor finds the schema."},
            "$comment": {"description": "For people."},
            "description": {**text, "description": "What they are for."},
            "operations": {
                "description": "One object an operation.",
                "type": "array",
                "minItems": 1,
                "items": {**row, "required": ["id", "method", "path"], "x-instead": _INSTEAD},
            },
            "bodies": {
                "type": "object",
                "description": "What payloads may hold, by the name in the content type (…api.<Name>+json).",
                "additionalProperties": {"$ref": "#/$defs/body"},
                "examples": [{"RatingCreate": {"type": "object", "properties": {"stars": {"type": "integer"}}}}],
            },
        },
        "$defs": {"body": dict(BODY_FORM)},
        "required": ["operations"],
        "additionalProperties": False,
    }


@cache
def shipped_bodies() -> Mapping[str, Json]:
    """The bodies of our own operations, by name."""
    return _together(_parsed("bodies"))


def _together(parts: Sequence[Json]) -> dict[str, Json]:
    return {name: schema for part in parts for name, schema in part.items()}


@cache
def _path_params() -> dict[str, dict[str, Json]]:
    """By entity, ``""`` for all, and name."""
    found: dict[str, dict[str, Json]] = parse(
        (resources.files("connector.systems.ibexa") / "path_params.json").read_bytes()
    )
    return found


@cache
def _parsed(folder: str) -> list[Json]:
    found = resources.files("connector.systems.ibexa") / folder
    return [parse(file.read_bytes()) for file in found.iterdir() if file.name.endswith(".json")]
