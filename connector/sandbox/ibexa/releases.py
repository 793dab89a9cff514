"""What an Ibexa of one version does otherwise than 4.6, as tables; all that no table speaks of is as in 4.6.

The sandbox keeps 4.6's name of every field type; names change where something is written to a client or read from one.
Sources: facts §2, §6 and §15, field-types.md, and the code of ibexa/core and ibexa/rest 5.0.7 where these name it.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from connector.sandbox.ibexa.field_types import KINDS, FieldKind, numbers


class Twin(Struct, frozen=True):
    """What a POST means whose Content-Type says it.

    Attributes:
        path: where it is sent; a number, or several with slashes between them, for ``#``.
        method: what else is sent there for the same.
        below: where the ``destination`` of its body leads to; empty: it has none.
        place: the Destination that it always has; for those without one in the body.
    """

    path: str
    method: str
    below: str = ""
    place: str = ""


class Release(Struct, frozen=True):
    """One version of Ibexa.

    Attributes:
        name: as ``--ibexa`` takes it.
        type_names: of field types: the name that 4.6 writes -> the one that this version writes. It takes no other.
        kinds: the field types, by 4.6's names.
        not_given: keys that a value of a field type has in 4.6 and here has not, by 4.6's name of the type.
        gone: ids of the operations that are no more.
        twins: by the name in the media type of a POST.
        logs_in_by_json: the log-in is Symfony's own: it takes one Content-Type and answers in JSON, come what may.
    """

    name: str
    type_names: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, FieldKind] = field(default_factory=lambda: KINDS)
    not_given: Mapping[str, frozenset[str]] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    twins: Mapping[str, Twin] = field(default_factory=dict)
    logs_in_by_json: bool = False

    def type_name(self, kept: str) -> str:
        """What this version calls a field type that is kept under 4.6's name."""
        return self.type_names.get(kept, kept)

    def kept_name(self, given: str) -> str | None:
        """4.6's name of a field type by the name that it has here; None: there is none of that name."""
        return next((kept for kept in self.kinds if self.type_name(kept) == given), None)


_NAMES_5 = {
    "ezauthor": "ibexa_author",
    "ezbinaryfile": "ibexa_binaryfile",
    "ezboolean": "ibexa_boolean",
    "ezcountry": "ibexa_country",
    "ezdate": "ibexa_date",
    "ezdatetime": "ibexa_datetime",
    "ezemail": "ibexa_email",
    "ezfloat": "ibexa_float",
    "ezgmaplocation": "ibexa_gmap_location",
    "ezimage": "ibexa_image",
    "ezimageasset": "ibexa_image_asset",
    "ezinteger": "ibexa_integer",
    "ezisbn": "ibexa_isbn",
    "ezkeyword": "ibexa_keyword",
    "ezmatrix": "ibexa_matrix",
    "ezmedia": "ibexa_media",
    "ezobjectrelation": "ibexa_object_relation",
    "ezobjectrelationlist": "ibexa_object_relation_list",
    "ezrichtext": "ibexa_richtext",
    "ezselection": "ibexa_selection",
    "ezstring": "ibexa_string",
    "eztext": "ibexa_text",
    "eztime": "ibexa_time",
    "ezurl": "ibexa_url",
    "ezuser": "ibexa_user",
}
_ITEM, _PLACE, _TYPE = "/content/objects/#", "/content/locations/#", "/content/types/#"
_TWINS_5 = {
    "CopyContentInput": Twin(_ITEM, "COPY", below="/content/locations"),
    "CreateDraftFromVersionInput": Twin(_ITEM + "/versions/#", "COPY"),
    "CreateDraftFromCurrentVersionInput": Twin(_ITEM + "/currentversion", "COPY"),
    "PublishContentVersionInput": Twin(_ITEM + "/versions/#", "PUBLISH"),
    "CopyLocationInput": Twin(_PLACE, "COPY", below="/content/locations"),
    "MoveLocationInput": Twin(_PLACE, "MOVE", below="/content/locations"),
    "SwapLocationInput": Twin(_PLACE, "SWAP", below="/content/locations"),
    "TrashLocationInput": Twin(_PLACE, "MOVE", place="/content/trash"),
    "RestoreTrashItemInput": Twin("/content/trash/#", "MOVE", below="/content/locations"),
    "CopyContentTypeInput": Twin(_TYPE, "COPY"),
    "PublishContentTypeInput": Twin(_TYPE + "/draft", "PUBLISH"),
    "PublishRoleInput": Twin("/user/roles/#/draft", "PUBLISH"),
    "MoveUserGroupInput": Twin("/user/groups/#", "MOVE", below="/user/groups"),
}
V4_6 = Release("4.6")
RELEASES: Mapping[str, Release] = {
    each.name: each
    for each in (
        V4_6,
        Release(
            "5.0",
            type_names=_NAMES_5,
            kinds={**KINDS, "ezinteger": numbers.CAST_INTEGER},
            not_given={"ezimage": frozenset({"path"})},
            gone=frozenset({"content.search_deprecated"}),
            twins=_TWINS_5,
            logs_in_by_json=True,
        ),
    )
}
"""The versions that the sandbox can be, by name; the first is the one that it is where nothing is said."""


def release(name: str) -> Release:
    """The version of that name.

    Raises:
        ValueError: the sandbox plays none of that name.
    """
    if name not in RELEASES:
        raise ValueError(f"the sandbox is an Ibexa {' or '.join(RELEASES)}, and no {name!r}")
    return RELEASES[name]
