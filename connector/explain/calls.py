"""Which operations a composed action calls, and when. A test compares this with what the actions' code calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_Calls = tuple[tuple[str, str], ...]
_TOGETHER = ("content.search", "looks remote ids up that are not known yet, up to 50 at once")
_UPSERT: _Calls = (
    (
        "content.search",
        "looks all remote ids up that are not known yet, up to 50 at once; looks for a match",
    ),
    ("content.get", "reads the item by the id that is known by then"),
    (
        "content.find",
        "looks up by remote id what a search may miss, such as a draft",
    ),
    ("content_type.list", "learns the fields of the content type; remembered for 5 minutes"),
    ("country.list", "if a country is given: what Ibexa calls it; remembered for 5 minutes"),
    ("language.list", "if it is new, or another language is written: which Ibexa has; remembered for 5 minutes"),
    ("location.find", "if a parent is given by its id; or by a path, and it is refused: whether it is there"),
    ("section.list", "if a section is given"),
    ("content.create", "if it is not there yet"),
    ("content_version.create_draft_from_current", "if a field of it differs"),
    ("content_version.update", "writes the fields that differ into the draft"),
    ("content_version.publish", "publishes the draft, unless publish is false; if nothing differs, nothing is written"),
    ("location.list_for_content", "if another parent is given, or several, or it is put away: where it lies"),
    ("location.create", "for each further parent below which it does not lie"),
    (
        "location.get",
        "before a further Location is removed, or an item put away: whether content lies below it; if another"
        " priority is given",
    ),
    ("location.update", "if another priority is given, and Ibexa holds what we last wrote"),
    ("location.delete", "for a further Location that we made and that is not asked for any more"),
    ("content.update_metadata", "if section, always_available or the main Location differs; to take content over"),
    ("object_state_group.list", "if object states are given"),
    ("object_state.list", "the states of such a group; remembered for 5 minutes"),
    ("object_state.list_for_content", "reads the states that it is in"),
    ("object_state.set_for_content", "sets those that differ"),
    ("trash.get", "if it lies in the trash and is restored: what we put there"),
    ("trash.list", "else looks for it there"),
    ("trash.restore", "takes it out"),
    ("content_version.get", "reads what became of a draft: if it failed on the way, or if it was left for an editor"),
    ("content_version.list", "after a broken attempt: looks for the draft that it left"),
    ("user.get_current", "where drafts are left: tells ours from those of others"),
    ("content_type.get", "before an item is put away that was never published: its fields"),
    ("content_version.delete", "removes a draft of ours that is not needed"),
    ("content.hide", "when_dropped or when_missing: hide; if the message says hidden, and it is not"),
    ("content.reveal", "when an item that we hid is mapped again, or hidden is false now"),
    ("location.move", "if another parent is given and move allows it; when_dropped or when_missing: trash"),
    ("content.delete", "when_dropped or when_missing: delete"),
)
_LOOKING_UP = ("content.search", "content.get", "content.find")
_WRITING_FIELDS = (
    "country.list",
    "language.list",
    "content_version.create_draft_from_current",
    "content_version.update",
    "content_version.publish",
    "content_version.get",
    "content_version.list",
    "user.get_current",
    "content_version.delete",
)
_STATES = (
    "object_state_group.list",
    "object_state.list",
    "object_state.list_for_content",
    "object_state.set_for_content",
)


def _of(names: tuple[str, ...]) -> _Calls:
    return tuple(one for one in _UPSERT if one[0] in names)


_TYPE: _Calls = (("content_type.get", "reads the content type that it has; remembered for 5 minutes"),)
_THE_ITEM: _Calls = (
    ("content.search", "looks up to 50 remote ids at once up; whether they are so already"),
    ("content.get", "reads the item where its id is known"),
    ("content.find", "looks up by remote id what a search may miss, such as a draft, or what lies in the trash"),
)
_BELOW: _Calls = (
    ("location.list_for_content", "if it is published: where it lies"),
    ("location.get", "whether content lies below it, unless that is to go along; a search says what"),
)
CALLS: Mapping[str, Sequence[tuple[str, str]]] = {
    "content.delete": (
        *_THE_ITEM,
        *_BELOW,
        ("content.delete", "if it is there"),
        ("trash.list", "if it lies in the trash: looks for it there"),
        ("trash.delete", "removes it from there"),
    ),
    "content.hide": (*_THE_ITEM, ("content.hide", "if it is visible")),
    "content.reveal": (*_THE_ITEM, ("content.reveal", "if it is hidden")),
    "content.trash": (
        *_THE_ITEM,
        *_BELOW,
        ("location.move", "moves each of its Locations to the trash"),
    ),
    "content.upsert": _UPSERT,
    "content.create_only": _UPSERT,
    "content.translate": (*_of(_LOOKING_UP), *_TYPE, *_of(_WRITING_FIELDS)),
    "content.update_only": (
        *_of(_LOOKING_UP),
        *_TYPE,
        *_of(_WRITING_FIELDS),
        ("section.list", "if a section is given"),
        ("content.update_metadata", "if section or always_available differs"),
        *_of(_STATES),
    ),
    "location.ensure": (
        _TOGETHER,
        ("content.find", "looks content and parent up by their remote ids, if a search has missed them"),
        ("location.find", "if a parent is given by its id; or by a path, and it is refused"),
        ("location.list_for_content", "where it lies already"),
        ("location.move", "with move: if one that we added is to lie below another parent"),
        ("location.get", "if priority or hidden is given: reads them; before one is removed: what lies below it"),
        ("location.update", "if one of them differs"),
        ("location.create", "below each parent where it does not lie"),
        ("content.get", "before one is removed: whether it is the main one"),
        ("location.delete", "for one that we added and that is not asked for any more"),
    ),
    "object_state.set": (
        _TOGETHER,
        ("content.find", "looks the content up by its remote id, if a search has missed it"),
        ("object_state_group.list", "looks the groups up by their identifiers"),
        ("object_state.list", "the states of such a group; remembered for 5 minutes"),
        ("object_state.list_for_content", "reads the states that it is in"),
        ("object_state.set_for_content", "sets those that differ"),
    ),
    "content_type.ensure": (
        ("content_type.list", "looks the type up by its identifier; if it is new: what the server calls field types"),
        ("language.list", "if something is written: which languages Ibexa has; remembered for 5 minutes"),
        ("content_type_group.list", "if it is new: looks its group up"),
        ("content_type_group.create", "if the group is not there"),
        ("content_type.create", "if it is not there; published at once"),
        ("country.list", "if the default of a country field is given"),
        ("content_type.create_draft", "if fields are missing, or something is declared otherwise"),
        ("content_type.get_draft", "if there is a draft: whether it is ours"),
        ("user.get_current", "who we are"),
        ("user.get", "whose it is"),
        ("content_type.update_draft", "if names, descriptions, name_schema or is_container differ"),
        ("field_definition.update", "once for each field that differs"),
        ("field_definition.create", "once for each missing field"),
        ("content_type.publish_draft", "publishes the draft"),
        ("content_type.delete_draft", "if Ibexa refused a change: throws our draft away"),
    ),
    "relation.ensure": (
        _TOGETHER,
        ("content.find", "looks up by remote id what a search has missed"),
        ("content.get", "reads the item that is related"),
        ("relation.list", "its relations, and those of the draft"),
        ("content_type.get", "if they differ: the fields of its content type; remembered for 5 minutes"),
        ("content_version.list", "after a broken attempt: looks for the draft that it left"),
        ("user.get_current", "after a broken attempt: tells our drafts from those of others"),
        ("content_version.create_draft_from_current", "if one lacks or is too much"),
        ("relation.create", "once for each that lacks"),
        ("relation.delete", "for each that we made and that is not named any more; with exact for any other"),
        ("content_version.publish", "publishes the draft"),
        ("content_version.get", "if it failed on the way: reads what became of the draft"),
        ("content_version.delete", "removes a draft of ours that is not needed"),
    ),
    "section.ensure": (
        ("section.list", "looks the section up by its identifier"),
        ("section.create", "if it is not there"),
        ("section.get", "reads its name"),
        ("section.update", "if its name differs"),
    ),
    "url_alias.ensure": (
        _TOGETHER,
        ("content.find", "looks the Location up by its content item's remote id, if a search has missed it"),
        ("location.find", "if it is given by its id"),
        ("url_alias.list_for_location", "the addresses made by hand that lead there"),
        ("url_alias.get", "reads each of them until the path is found"),
        ("url_alias.delete", "if forward or always_available differs: they cannot be changed"),
        ("language.list", "if it is not there: which languages Ibexa has; remembered for 5 minutes"),
        ("url_alias.create", "if it is not there, or was just removed"),
    ),
    "user.upsert": (
        ("user.find", "looks the user up by login"),
        *_of(("country.list", "language.list")),
        ("content_type.list", "if it is not there: the fields of its content type; remembered for 5 minutes"),
        ("content_type.get", "else those of the type that it has; remembered for 5 minutes"),
        _TOGETHER,
        ("content.find", "looks groups up by their remote ids, if a search has missed them"),
        ("location.find", "if a group is given by its id"),
        ("user_group.get", "for each group that is given: whether it is one; remembered for 5 minutes"),
        ("user.create", "if it is not there"),
        ("user.update", "if e-mail, enabled, remote id or a field differs, or the password shall be written"),
        ("user_group.list_for_user", "if groups are given: in which it is"),
        ("user_group.assign_user", "for each group in which it is not"),
        ("role_assignment.list_for_user", "if roles are given: which it has"),
        ("role.list", "looks each role up by its identifier"),
        ("role_assignment.assign_to_user", "for each role that it has not"),
    ),
}
"""By composed action: operation and occasion, in the order in which they may come."""
