"""The state of the sandbox: everything stored, with the few indexes that keep it quick; rules live beside it.

One lock guards it all: a request is handled while holding ``lock``, so any number of clients see whole writes.
"""

from __future__ import annotations

import functools
import hashlib
import json
import threading
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct, field

from connector.sandbox.ibexa.aliases import UrlAlias, UrlWildcard
from connector.sandbox.ibexa.chance import new_uuid
from connector.sandbox.ibexa.documents import Documents
from connector.sandbox.ibexa.errors import PhpError, RestError, not_found
from connector.sandbox.ibexa.field_types import KINDS, rules
from connector.sandbox.ibexa.model import (
    Assignment,
    Content,
    ContentType,
    FieldDefinition,
    Location,
    ObjectState,
    Policy,
    Role,
    Section,
    StateGroup,
    TypeGroup,
    User,
    Version,
)
from connector.sandbox.ibexa.releases import V4_6, Release

Json = Any
Counter = Literal[
    "content", "location", "version", "field", "definition", "type", "section", "type_group", "state_group", "state",
    "relation", "address", "wildcard", "role", "policy", "assignment",
]  # fmt: skip
INSTALL = Path(__file__).with_name("install.json")
"""The data of a clean install."""


@functools.lru_cache(maxsize=65536)
def collate(text: str) -> str:
    """The form in which the database compares texts: without case, accents and trailing blanks (§4)."""
    if text.isascii():
        return text.lower().rstrip()
    stripped = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return stripped.casefold().rstrip()


# how a location's children are sorted by its sortField; by number and not as text where it is a path, as was seen
_ORDERS: dict[str, Callable[[Location, Content], Any]] = {
    "PATH": lambda place, _: place.id,  # siblings differ in the last number only
    "PUBLISHED": lambda _, item: item.published or 0,
    "MODIFIED": lambda _, item: item.modified,
    "SECTION": lambda _, item: item.section_id,
    "DEPTH": lambda place, _: place.depth,
    "PRIORITY": lambda place, _: place.priority,
    "NAME": lambda _, item: collate(item.name),
    "NODE_ID": lambda place, _: place.id,
    "CONTENTOBJECT_ID": lambda _, item: item.id,
}


def new_remote_id() -> str:
    """32 hexadecimal digits, as the server makes them."""
    return new_uuid().hex


class Repository(Struct):
    """All of the stored things by id; ``trash`` holds the locations of trashed items by location id.

    ``derived`` is what readers made of the rest and may use again: it is emptied with each write.
    """

    clock: Callable[[], float]
    release: Release = V4_6
    host: str = "localhost"  # of the request being answered: links to files are whole addresses
    lock: threading.RLock = field(default_factory=threading.RLock)
    contents: dict[int, Content] = field(default_factory=dict)
    ghosts: dict[int, Content] = field(default_factory=dict)
    ghost_places: dict[int, Location] = field(default_factory=dict)
    locations: dict[int, Location] = field(default_factory=dict)
    trash: dict[int, Location] = field(default_factory=dict)
    types: dict[int, ContentType] = field(default_factory=dict)
    type_drafts: dict[int, ContentType] = field(default_factory=dict)
    type_groups: dict[int, TypeGroup] = field(default_factory=dict)
    sections: dict[int, Section] = field(default_factory=dict)
    state_groups: dict[int, StateGroup] = field(default_factory=dict)
    languages: dict[str, tuple[int, str]] = field(default_factory=dict)
    users: dict[int, User] = field(default_factory=dict)
    bookmarks: dict[int, list[int]] = field(default_factory=dict)
    aliases: dict[str, UrlAlias] = field(default_factory=dict)
    wildcards: dict[int, UrlWildcard] = field(default_factory=dict)
    address_parents: dict[str, int] = field(default_factory=dict)
    documents: Documents = field(default_factory=Documents)
    relation_ids: dict[tuple[int, str, int], int] = field(default_factory=dict)
    roles: dict[int, Role] = field(default_factory=dict)
    role_drafts: dict[int, Role] = field(default_factory=dict)
    assignments: dict[int, Assignment] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    derived: dict[Any, Any] = field(default_factory=dict)
    _bytes: dict[str, bytes] = field(default_factory=dict)
    _by_remote_id: dict[str, int] = field(default_factory=dict)
    _by_location_remote_id: dict[str, int] = field(default_factory=dict)
    _children: dict[int, list[int]] = field(default_factory=dict)
    _next: dict[str, int] = field(default_factory=dict)

    def now(self) -> float:
        """The time in whole seconds, as the database keeps it."""
        return float(int(self.clock()))

    def take_id(self, counter: Counter) -> int:
        """The next id of a kind; ids are never used twice."""
        taken = self._next.get(counter, 1)
        self._next[counter] = taken + 1
        return taken

    @contextmanager
    def ids_kept(self) -> Iterator[None]:
        """What is refused within takes no ids: the server checks before it stores."""
        kept = dict(self._next)
        try:
            yield
        except (RestError, PhpError):
            self._next = kept
            raise

    def next_id(self, counter: Counter) -> int:
        """The id that the next thing of a kind gets."""
        return self._next.get(counter, 1)

    def count_on(self, ids: Mapping[str, int]) -> None:
        """Say which ids the next things get, by kind: a replay wants those of the recording."""
        self._next.update(ids)

    def state(self) -> dict[str, Any]:
        """All that is stored, by name; for a snapshot, which is to be taken before the next write."""
        return {name: getattr(self, name) for name in _STORED}

    def take_state(self, state: dict[str, Any]) -> None:
        """Hold what a snapshot held."""
        for name in _STORED:
            setattr(self, name, state[name])
        self.derived.clear()

    # -- content ------------------------------------------------------------------------------------------------

    def content(self, content_id: int) -> Content:
        """The item, or 404."""
        found = self.contents.get(content_id)
        if found is None:
            raise not_found("Content", content_id, f"id: {content_id}")
        return found

    def content_by_remote_id(self, remote_id: str) -> Content | None:
        """The owner of a remote id: drafts and trashed items count too."""
        found = self._by_remote_id.get(collate(remote_id))
        return None if found is None else self.contents[found]

    def add_content(self, content: Content) -> None:
        """Store a new item under its remote id; in each group of states it has the first one, if no other."""
        for group in self.state_groups.values():
            if group.states:
                content.states.setdefault(group.id, next(iter(group.states)))
        self.contents[content.id] = content
        self._by_remote_id[collate(content.remote_id)] = content.id

    def rename_remote_id(self, content: Content, remote_id: str) -> None:
        """Give an item another remote id, free or its own."""
        self._by_remote_id.pop(collate(content.remote_id), None)
        content.remote_id = remote_id
        self._by_remote_id[collate(remote_id)] = content.id

    def forget_content(self, content: Content) -> None:
        """Remove an item; its remote id is free again."""
        self.contents.pop(content.id, None)
        self.users.pop(content.id, None)
        if self._by_remote_id.get(collate(content.remote_id)) == content.id:
            del self._by_remote_id[collate(content.remote_id)]

    def keep_file(self, storage_id: str, data: bytes) -> None:
        """Store the bytes of an image or file by the id that its value has; the same bytes are stored once."""
        digest = hashlib.sha256(data).hexdigest()
        self.files[storage_id] = self._bytes.setdefault(digest, data)

    def exists(self, content_id: int) -> bool:
        """Whether an item could be the target of a relation."""
        return content_id in self.contents

    def has_location(self, location_id: int) -> bool:
        """Whether a text could lead to that Location."""
        return location_id in self.locations

    # -- locations ----------------------------------------------------------------------------------------------

    def location(self, location_id: int) -> Location:
        """The location by id, or 404 in the words for a parent."""
        found = self.locations.get(location_id)
        if found is None:
            raise not_found("location", location_id)
        return found

    def location_at(self, path: str) -> Location:
        """The location of exactly this path (``1/2/54``), or 404."""
        found = self.location(int(path.rpartition("/")[2]))
        if found.href_path != path:
            raise RestError(404, f"Could not find a Location with path string {path}")
        return found

    def location_by_remote_id(self, remote_id: str) -> Location | None:
        """The owner of a location's remote id."""
        found = self._by_location_remote_id.get(collate(remote_id))
        return None if found is None else self.locations.get(found)

    def add_location(self, location: Location) -> None:
        """Store a location below its parent."""
        self.locations[location.id] = location
        self._by_location_remote_id[collate(location.remote_id)] = location.id
        self._children.setdefault(location.parent_id, []).append(location.id)

    def rename_location(self, location: Location, remote_id: str) -> None:
        """Give a location another remote id."""
        self._by_location_remote_id.pop(collate(location.remote_id), None)
        location.remote_id = remote_id
        self._by_location_remote_id[collate(remote_id)] = location.id

    def forget_location(self, location: Location) -> None:
        """Remove one location (not what is below it)."""
        self.locations.pop(location.id, None)
        self._by_location_remote_id.pop(collate(location.remote_id), None)
        siblings = self._children.get(location.parent_id, [])
        if location.id in siblings:
            siblings.remove(location.id)

    def place(self, location: Location, parent: Location) -> None:
        """Move a location, and all that is below it, under another parent."""
        below = list(self.below(location))
        old = location.path
        self._children[location.parent_id].remove(location.id)
        self._children.setdefault(parent.id, []).append(location.id)
        location.parent_id = parent.id
        location.path = f"{parent.path}{location.id}/"
        for each in below:
            each.path = location.path + each.path[len(old) :]

    def children(self, location: Location) -> list[Location]:
        """The direct children, in the parent's own order."""
        found = sorted(self.children_of(location.id), key=lambda each: each.id)
        key = _ORDERS.get(location.sort_field)
        if key is not None:
            found.sort(
                key=lambda each: key(each, self.contents[each.content_id]), reverse=location.sort_order == "DESC"
            )
        return found

    def children_of(self, location_id: int) -> list[Location]:
        """The direct children in no order."""
        return [self.locations[each] for each in self._children.get(location_id, ())]

    def child_count(self, location_id: int) -> int:
        """How many direct children a location has."""
        return len(self._children.get(location_id, ()))

    def below(self, location: Location) -> Iterator[Location]:
        """All descendants, parents first."""
        for child_id in list(self._children.get(location.id, ())):
            child = self.locations[child_id]
            yield child
            yield from self.below(child)

    def is_invisible(self, location: Location) -> bool:
        """Whether it, its item or anything above it is hidden."""
        at: Location | None = location
        while at is not None:
            item = self.contents.get(at.content_id)
            if at.hidden or (item is not None and item.hidden):
                return True
            at = self.locations.get(at.parent_id)
        return False

    # -- types, sections ----------------------------------------------------------------------------------------

    def type(self, type_id: int) -> ContentType:
        """The published content type, or 404."""
        found = self.types.get(type_id)
        if found is None:
            raise not_found("Persistence content type", f"ID: {type_id}, Status: 0")
        return found

    def type_by_identifier(self, identifier: str) -> ContentType | None:
        """The published content type of an identifier, in any case."""
        wanted = collate(identifier)
        return next((each for each in self.types.values() if collate(each.identifier) == wanted), None)

    def check_language(self, code: Json) -> None:
        """404 for a language that the site does not know."""
        if code not in self.languages:
            raise not_found("Language", code)

    # -- relations ----------------------------------------------------------------------------------------------

    def relation_id(self, version_id: int, source: str, target: int) -> int:
        """The number of a version's relation; ``source`` is the field's identifier, or empty for a COMMON one."""
        key = (version_id, source, target)
        if key not in self.relation_ids:
            self.relation_ids[key] = self.take_id("relation")
        return self.relation_ids[key]

    # -- a clean install ----------------------------------------------------------------------------------------

    def install(self) -> None:
        """Forget everything and start over with the data of a clean install."""
        data = json.loads(INSTALL.read_text(encoding="utf-8"))
        for store in (
            self.contents, self.ghosts, self.ghost_places, self.locations, self.trash, self.types, self.type_drafts,
            self.type_groups, self.sections, self.state_groups, self.languages, self.users, self.roles,
            self.role_drafts, self.assignments, self._by_remote_id, self._by_location_remote_id,
            self._children, self.bookmarks, self.aliases, self.wildcards, self.address_parents, self.relation_ids,
            self.files, self._bytes,
        ):  # fmt: skip
            store.clear()
        self.documents.reset()
        self.derived.clear()
        self._next = dict(data["next"])
        self.sections.update({row[0]: Section(*row) for row in data["sections"]})
        self.languages.update({code: (number, name) for number, code, name in data["languages"]})
        self.users.update({row[0]: User(row[0], row[1], row[2], None) for row in data["users"]})
        self._install_roles(data)
        self.type_groups.update({row["id"]: TypeGroup(**row) for row in data["type_groups"]})
        for row in data["state_groups"]:
            self._install_states(row)
        for row in data["types"]:
            fields = [_definition(each) for each in row.pop("fields")]
            self.types[row["id"]] = ContentType(fields=fields, **row)
        self.locations[1] = Location(1, 0, 0, "/1/", "629709ba256fe317c3ddcee35453a96a")
        for row in data["contents"]:
            self._install_content(row)

    def _install_states(self, row: Json) -> None:
        group = StateGroup(row["id"], row["identifier"], "eng-GB", {"eng-GB": row["name"]}, {"eng-GB": ""})
        for number, (identifier, name) in row["states"].items():
            state = ObjectState(int(number), identifier, "eng-GB", {"eng-GB": name}, {"eng-GB": ""})
            group.states[state.id] = state
            self._next["state"] = max(self._next.get("state", 1), state.id + 1)
        self.state_groups[group.id] = group
        self._next["state_group"] = max(self._next.get("state_group", 1), group.id + 1)

    def _install_roles(self, data: Json) -> None:
        for number, identifier, policies in data["roles"]:
            self.roles[number] = Role(number, identifier, [Policy(*row) for row in policies])
        for number, holder, role_id, limitation in data["role_assignments"]:
            self.assignments[number] = Assignment(number, holder, role_id, tuple(limitation) if limitation else None)

    def _install_content(self, row: Json) -> None:
        content_type = self.types[row["type_id"]]
        values = {each.identifier: row["values"].get(each.identifier, each.default) for each in content_type.fields}
        version = Version(
            row["version_id"], row["version"], 14, row["created"], row.get("version_modified", row["modified"]),
            "eng-GB", {"eng-GB": values}, {"eng-GB": row["name"]}, "PUBLISHED",
        )  # fmt: skip
        location_id = int(row["path"].rpartition("/")[2])
        item = Content(
            row["id"], row["remote_id"], row["type_id"], row["section_id"], "eng-GB",
            always_available=True, owner=14, versions={version.number: version}, current=version.number,
            status="PUBLISHED", published=row["published"], modified=row["modified"], main_location=location_id,
            locations=[location_id], field_ids={(name, "eng-GB"): number for name, number in row["field_ids"].items()},
        )  # fmt: skip
        self.add_content(item)
        parent = int(row["path"].split("/")[-2])
        place = Location(location_id, item.id, parent, f"/{row['path']}/", row["location_remote_id"])
        place.sort_field, place.sort_order = row["sort"]
        self.add_location(place)


_STORED = [name for name in Repository.__struct_fields__ if name not in {"clock", "release", "host", "lock", "derived"}]


def _definition(row: Json) -> FieldDefinition:
    row.setdefault("default", KINDS[row["type"]].empty)
    row.setdefault("settings", dict(rules.SETTINGS.get(row["type"], {})))
    return FieldDefinition(**row)
