"""The keys of a payload, those inside of others too, one a row: type, whether it must be there, what it may be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from connector.core.jsonio import Json
from connector.systems.body_schema import BodySchema, choices


class Key(Struct, frozen=True):
    """One key.

    Attributes:
        name: dotted from the root element on; ``[]`` stands for each entry of a list: ``fields.field[].languageCode``.
        type: JSON's names, joined by ``or``; ``any`` where everything may stand.
        required: whether the object that it stands in cannot do without; None: nobody knows.
        allowed: the only values, as people write them.
        filled: an incoming gives it by itself, so that nobody need write it; ``required`` is false then.
        from_example: the reference says nothing of it but shows it in an example, and the type is that of the example.
    """

    name: str
    type: str
    required: bool | None
    allowed: Sequence[str] = ()
    help: str = ""
    from_example: bool = False
    filled: bool = False

    @property
    def words(self) -> str:
        """What it is, in one cell: the help, and where it is known from."""
        listed = f"One of: {', '.join(self.allowed)}." if self.allowed else ""
        return " ".join(one for one in (self.help, listed, "(From example.)" if self.from_example else "") if one)

    def as_json(self) -> dict[str, Json]:
        """For scripts: without what there is not; ``required`` is null where nobody knows."""
        found: dict[str, Json] = {"type": self.type, "required": self.required}
        found |= {"allowed": list(self.allowed)} if self.allowed else {}
        found |= {"help": self.help} if self.help else {}
        found |= {"filled": True} if self.filled else {}
        return {**found, "source": "from example"} if self.from_example else found


def keys_of(body: BodySchema, also_required: Sequence[str] = (), *, closed: bool = False) -> list[Key]:
    """All keys, each before those inside of it.

    Args:
        body: of an operation or a composed action.
        also_required: keys of the first level that this operation demands besides.
        closed: known from the reference only, which never says what must be there.
    """
    schema = body.json_schema(complete=True)
    walk = _Walk(schema.get("$defs", {}), closed)
    also = frozenset(also_required)
    return list(walk.inside(schema, "", also))


_SHORT = 6
"""A part that is used in several places and has no more keys than this is shown in each of them."""


class _Walk(Struct, frozen=True):
    """``shown``: by name of a part, where it was first shown, and with how many keys."""

    defs: Mapping[str, Any]
    closed: bool
    shown: dict[str, tuple[str, int]] = field(default_factory=dict)

    def inside(self, schema: Mapping[str, Any], place: str, also: frozenset[str] = frozenset()) -> Iterator[Key]:
        """The keys below a place."""
        whole = self._followed(schema)
        items = whole.get("items", {})
        if items and items.get("$ref") != schema.get("$ref", ""):  # else it is one, or a list of the same
            yield from self.inside(items, f"{place}[]")
        required = also | set(whole.get("required", ()))
        for name, one in whole.get("properties", {}).items():
            if name == "_media-type":  # may stand everywhere, and nothing reads it
                continue
            key = f"{place}.{name}" if place else name
            known = name in required or None if self.closed else name in required
            yield from self._one(key, one, known)

    def _one(self, key: str, schema: Mapping[str, Any], required: bool | None) -> Iterator[Key]:  # noqa: FBT001
        """A key and those inside of it; of a long part that was shown before, only where that was."""
        whole = self._followed(schema)
        part = schema.get("$ref") or whole.get("items", {}).get("$ref")
        first, size = self.shown.get(part, ("", 0))
        before = first if size > _SHORT else ""
        yield _key(key, {**whole, **schema}, required, f"Keys as in {before}." if before else "")
        if before:
            return
        if part:
            self.shown[part] = (key, _SHORT + 1)  # as long as we are in it: it may lead back to itself
        below = list(self.inside(schema, key))
        if part:
            self.shown[part] = (first or key, len(below))
        yield from below

    def _followed(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        while "$ref" in schema:
            schema = self.defs[str(schema["$ref"]).rpartition("/")[2]]
        return schema


def _key(name: str, schema: Mapping[str, Any], required: bool | None, more: str) -> Key:  # noqa: FBT001
    wanted = schema.get("type", "any")
    types = wanted if isinstance(wanted, str) else " or ".join(wanted)
    text = " ".join(one for one in (str(schema.get("description", "")), more) if one)
    listed = choices(schema["enum"]) if "enum" in schema else ()
    return Key(name, types, required, listed, text, schema.get("x-source") == "example")
