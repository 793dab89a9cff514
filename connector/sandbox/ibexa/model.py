"""What the repository holds: plain records, times in Unix seconds, field values as the server gives them out.

No rules here and no JSON: those live in ``content``, ``tree``, ``types`` and ``render``.
"""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct, field

Json = Any
ContentStatus = Literal["DRAFT", "PUBLISHED", "TRASHED"]
VersionStatus = Literal["DRAFT", "PUBLISHED", "ARCHIVED"]


class FieldDefinition(Struct):
    """One field of a content type."""

    id: int
    identifier: str
    type: str
    position: int
    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    group: str = "content"
    translatable: bool = True
    required: bool = False
    info_collector: bool = False
    searchable: bool = True
    default: Json = None
    settings: dict[str, Json] = field(default_factory=dict)
    validators: dict[str, Json] = field(default_factory=dict)


class ContentType(Struct):
    """A content type or its draft."""

    id: int
    identifier: str
    names: dict[str, str]
    descriptions: dict[str, str]
    group_ids: list[int]
    fields: list[FieldDefinition]
    main_language: str
    remote_id: str
    created: float
    modified: float
    creator: int = 14
    modifier: int = 14
    status: Literal["DEFINED", "DRAFT"] = "DEFINED"
    name_schema: str | None = None
    url_alias_schema: str | None = None
    container: bool = False
    always_available: bool = True
    sort_field: str = "PATH"
    sort_order: str = "ASC"

    def definition(self, identifier: str) -> FieldDefinition | None:
        """The field definition with this identifier."""
        return next((each for each in self.fields if each.identifier == identifier), None)


class Version(Struct):
    """One version of a content item; ``fields`` by language, then identifier; ``related`` are its COMMON relations."""

    id: int
    number: int
    creator: int
    created: float
    modified: float
    initial_language: str
    fields: dict[str, dict[str, Json]]
    names: dict[str, str] = field(default_factory=dict)
    status: VersionStatus = "DRAFT"
    related: list[int] = field(default_factory=list)


class NewLocation(Struct):
    """Where an unpublished item is going to be placed."""

    parent_id: int
    sort_field: str
    sort_order: str
    priority: int = 0
    hidden: bool = False
    remote_id: str | None = None


class Content(Struct):
    """A content item with all of its versions."""

    id: int
    remote_id: str
    type_id: int
    section_id: int
    main_language: str
    always_available: bool
    owner: int
    versions: dict[int, Version]
    current: int = 1
    status: ContentStatus = "DRAFT"
    hidden: bool = False
    published: float = 0.0
    modified: float = 0.0
    main_location: int | None = None
    locations: list[int] = field(default_factory=list)
    pending: list[NewLocation] = field(default_factory=list)
    field_ids: dict[tuple[str, str], int] = field(default_factory=dict)
    states: dict[int, int] = field(default_factory=dict)

    @property
    def version(self) -> Version:
        """The current version: the published one, or the first draft."""
        return self.versions[self.current]

    @property
    def name(self) -> str:
        """The name in the main language."""
        names = self.version.names
        return names.get(self.main_language) or next(iter(names.values()), "")


class Location(Struct):
    """A place of an item in the tree; ``path`` is ``/1/2/54/``."""

    id: int
    content_id: int
    parent_id: int
    path: str
    remote_id: str
    priority: int = 0
    hidden: bool = False
    sort_field: str = "PATH"
    sort_order: str = "ASC"

    @property
    def depth(self) -> int:
        """0 for the root of the tree, 1 for Home and Media."""
        return self.path.count("/") - 2

    @property
    def href_path(self) -> str:
        """``1/2/54``, as in links."""
        return self.path.strip("/")


class Section(Struct):
    """A section."""

    id: int
    identifier: str
    name: str


class TypeGroup(Struct):
    """A content type group."""

    id: int
    identifier: str
    created: float
    modified: float


class ObjectState(Struct):
    """A state of an object state group."""

    id: int
    identifier: str
    language: str
    names: dict[str, str]
    descriptions: dict[str, str]


class StateGroup(Struct):
    """An object state group; ``states`` by id, in the order of their priority."""

    id: int
    identifier: str
    language: str
    names: dict[str, str]
    descriptions: dict[str, str]
    states: dict[int, ObjectState] = field(default_factory=dict)


class User(Struct):
    """Who may log in; ``id`` is the id of the user's content item."""

    id: int
    login: str
    email: str
    password: str | None
    enabled: bool = True


class Policy(Struct):
    """One thing that a role allows; ``limitations`` by identifier, values as texts; none: without limits.

    In a draft, ``original_id`` is the policy that this one takes the place of.
    """

    id: int
    module: str
    function: str
    limitations: dict[str, list[str]] = field(default_factory=dict)
    original_id: int = 0


class Role(Struct):
    """A role or its draft; a draft's ``original_id`` is the role that it changes, 0 for a new one."""

    id: int
    identifier: str
    policies: list[Policy] = field(default_factory=list)
    original_id: int = 0


class Assignment(Struct, frozen=True):
    """A role given to a user or a group (``holder``: a content id), perhaps limited to one section or subtree."""

    id: int
    holder: int
    role_id: int
    limitation: tuple[str, str] | None = None
