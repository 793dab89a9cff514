"""What differs between two states of a project, told by routes: which part, which key, from what to what.

Values are compared as written, secrets told as the references that they are. What follows from it is told elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, Literal, TypeAlias

from msgspec import Struct

from connector.config.declaration import Declaration
from connector.config.explain import Effective, effective
from connector.config.project import FOLDERS, Project
from connector.core.jsonio import Json, fingerprint

Schemas: TypeAlias = Mapping[str, Mapping[str, Any]]
_OLD, _NEW = "in the old state", "now"


class Value(Struct, frozen=True):
    """A key on one side: written, by default, or not there."""

    value: Json = None
    state: Literal["written", "default", "absent"] = "absent"

    @classmethod
    def of(cls, one: Effective | None) -> Value:
        """As far as it may be shown."""
        return cls() if one is None else cls(one.shown, "written" if one.written else "default")


class KeyChange(Struct, frozen=True):
    """One key on both sides."""

    key: str
    old: Value
    new: Value

    def as_json(self) -> dict[str, Json]:
        """``from`` and ``to`` where there is something; ``from_default``, ``to_default`` where nothing is written."""
        found: dict[str, Json] = {"key": self.key}
        for name, side in (("from", self.old), ("to", self.new)):
            if side.state != "absent":
                found[name] = side.value
            if side.state == "default":
                found[f"{name}_default"] = True
        return found


class PartChange(Struct, frozen=True):
    """A part of a route that differs; ``note`` for what no keys tell.

    Attributes:
        family: route, incoming, outgoing, client, transformer or system.
        name: of the part now, or as it was when it is gone.
    """

    family: str
    name: str
    file: str
    keys: tuple[KeyChange, ...] = ()
    note: str = ""

    def as_json(self) -> dict[str, Json]:
        """Without an empty note."""
        found: dict[str, Json] = {"part": self.family, "name": self.name, "file": self.file}
        found["keys"] = [one.as_json() for one in self.keys]
        return {**found, "note": self.note} if self.note else found


class RouteChange(Struct, frozen=True):
    """A route that is new, gone or changed; ``was`` is the name of a route that is gone and was written the same."""

    route: str
    change: Literal["new", "gone", "changed"]
    parts: tuple[PartChange, ...] = ()
    was: str = ""


def compare(old: Project, new: Project, schemas: Schemas) -> list[RouteChange]:
    """All routes that differ, by name.

    Args:
        old: as loaded; it need not be valid.
        new: likewise.
        schemas: by family: they tell defaults and secrets.
    """
    before, after = _names(old), _names(new)
    found = [RouteChange(name, "gone") for name in before - after]
    for name in after - before:
        same = (one for one in sorted(before - after) if name in new.routes and _same(old, one, new.routes[name]))
        found.append(RouteChange(name, "new", was=next(same, "")))
    for name in before & after:
        parts = tuple(_parts(_State(old, name), _State(new, name), schemas))
        if parts:
            found.append(RouteChange(name, "changed", parts))
    return sorted(found, key=lambda one: one.route)


def _names(project: Project) -> set[str]:
    return {*project.routes, *(name for family, name in project.broken if family == "route")}


def _same(project: Project, name: str, route: Declaration) -> bool:
    return name in project.routes and fingerprint(project.routes[name].data) == fingerprint(route.data)


class _State(Struct, frozen=True):
    """A route in one state of a project, whatever is missing or broken in it."""

    project: Project
    route: str

    def name_of(self, family: str, end: str = "") -> str:
        """The name that the route, or one of its ends, gives to a part; empty for none."""
        holder = self.declaration(end, self.name_of(end)) if end else self.project.routes.get(self.route)
        value = _object(holder).get(family)
        return value if isinstance(value, str) else ""

    def declaration(self, family: str, name: str) -> Declaration | None:
        """What is declared under a name."""
        return self.project.family(family).get(name)

    def transformers(self) -> list[str]:
        """The names that the route gives, and those of its ends' request transformers."""
        listed = _object(self.project.routes.get(self.route)).get("transformers")
        names = [one for one in listed if isinstance(one, str)] if isinstance(listed, list) else []
        return [*names, *(self.name_of("request_transformer", end) for end in ("incoming", "outgoing"))]


def _parts(old: _State, new: _State, schemas: Schemas) -> Iterator[PartChange]:
    yield from _declared(old, new, ("route", old.route, new.route), schemas)
    told: set[tuple[str, str]] = set()
    for end in ("incoming", "outgoing"):
        yield from _declared(old, new, (end, old.name_of(end), new.name_of(end)), schemas)
        clients = old.name_of("client", end), new.name_of("client", end)
        if clients not in told:  # both ends may have the same one
            yield from _declared(old, new, ("client", *clients), schemas)
            told.add(clients)
        yield from _operation(old, new, end)
    for name in dict.fromkeys(new.transformers()):
        if name and name in old.transformers():
            yield from _transformer(old.project, new.project, name)


def _declared(old: _State, new: _State, named: tuple[str, str, str], schemas: Schemas) -> Iterator[PartChange]:
    """A declaration against the one in its place; under another name it is compared all the same."""
    family, before, after = named
    one, other = old.declaration(family, before), new.declaration(family, after)
    file = f"configs/{FOLDERS[family]}/{after or before}.json"
    if one is None or other is None:
        note = _missing(old.project, new.project, named, (one, other))
        if note:
            yield PartChange(family, after or before, file, (), note)
        return
    keys = _keys(effective(one.data, schemas[family]), effective(other.data, schemas[family]))
    if keys:
        yield PartChange(family, after, other.shown, keys)


def _missing(old: Project, new: Project, named: tuple[str, str, str], found: tuple[Json, Json]) -> str:
    """Why a part cannot be compared; nothing when it is the same on both sides."""
    family, before, after = named
    broken = (family, before) in old.broken, (family, after) in new.broken
    if before == after and found == (None, None) and broken[0] == broken[1]:
        return ""
    sides = ((old, before, found[0], _OLD), (new, after, found[1], _NEW))
    return "; ".join(_why(project, (family, name), when) for project, name, one, when in sides if not one and name)


def _why(project: Project, place: tuple[str, str], when: str) -> str:
    if place in project.broken:
        return f"its file cannot be read {when}"
    return f"there is no {place[0]} '{place[1]}' {when}"


def _operation(old: _State, new: _State, end: str) -> Iterator[PartChange]:
    """The row of an operation that the project itself adds to its system's catalogue."""
    one, other = _row(old, end), _row(new, end)
    if one is None and other is None:
        return
    keys = _keys(effective((one or {}).get("row"), {}), effective((other or {}).get("row"), {}))
    if keys:
        found = other or one or {}
        yield PartChange("system", found["id"], found["file"], keys)


def _row(state: _State, end: str) -> dict[str, Json] | None:
    data = _object(state.declaration(end, state.name_of(end)))
    wanted = f"{data.get('entity')}.{data.get('action')}"
    for file in state.project.systems.get(str(data.get("type")), ()):
        rows = _object(file).get("operations")
        for row in rows if isinstance(rows, list) else ():
            if isinstance(row, dict) and row.get("id") == wanted:
                return {"id": wanted, "file": file.shown, "row": row}
    return None


def _transformer(old: Project, new: Project, name: str) -> Iterator[PartChange]:
    one, other = old.transformers.get(name), new.transformers.get(name)
    if one is None or other is None:
        note = _missing(old, new, ("transformer", name, name), (one, other))
        if note:
            yield PartChange("transformer", name, f"transformers/{name}", (), note)
        return
    if one.suffix == other.suffix == ".json" and isinstance(one.data, list) and isinstance(other.data, list):
        keys = tuple(_steps(one.data, other.data))
    else:
        differs = (one.suffix, one.text) != (other.suffix, other.text)
        keys = (KeyChange("text", Value(one.text, "written"), Value(other.text, "written")),) if differs else ()
    if keys:
        yield PartChange("transformer", name, other.shown, keys)


def _steps(old: Sequence[Json], new: Sequence[Json]) -> Iterator[KeyChange]:
    """Steps that are the same on both sides are left out, wherever they moved to between the others."""
    before, after = ([fingerprint(step) for step in steps] for steps in (old, new))
    for tag, left, left_end, right, right_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        both = min(left_end - left, right_end - right)
        for at in range(both):
            one, other = old[left + at], new[right + at]
            head = f"step {right + at + 1} ({_object(other).get('type')})"
            for change in _keys(effective(one, {}), effective(other, {})):
                yield KeyChange(f"{head} {change.key}", change.old, change.new)
        for at in range(left + both, left_end):
            yield KeyChange(f"step {at + 1} as it was", Value(old[at], "written"), Value())
        for at in range(right + both, right_end):
            yield KeyChange(f"step {at + 1}", Value(), Value(new[at], "written"))


def _keys(old: Sequence[Effective], new: Sequence[Effective]) -> tuple[KeyChange, ...]:
    """Keys that differ in value, or in whether they are written; in the order of the new state."""
    before, after = ({one.key: one for one in side} for side in (old, new))
    found = []
    for key in dict.fromkeys([*after, *before]):
        one, other = before.get(key), after.get(key)
        same = one is not None and other is not None and fingerprint(one.value) == fingerprint(other.value)
        written = (one is not None and one.written, other is not None and other.written)
        if any(written) and not (same and written[0] == written[1]):
            found.append(KeyChange(key, Value.of(one), Value.of(other)))
    return tuple(found)


def _object(found: Declaration | Json) -> dict[str, Json]:
    value = found.data if isinstance(found, Declaration) else found
    return value if isinstance(value, dict) else {}
