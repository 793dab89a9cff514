"""Which limitations a policy may carry, and whether their values exist (ibexa/core 4.6, policies.yml and validate)."""

from __future__ import annotations

from collections.abc import Callable

from connector.sandbox.ibexa.repository import Repository

_PLAIN = "Class Section Owner Node Subtree"
_CONTENT = {
    "read": f"{_PLAIN} Group State",
    "diff": _PLAIN,
    "view_embed": _PLAIN,
    "create": ("Class Section ParentOwner ParentGroup ParentClass ParentDepth Node Subtree Language ChangeOwner"),
    "edit": f"{_PLAIN} Group Language State ChangeOwner",
    "publish": f"{_PLAIN} Group Language State",
    "manage_locations": "Class Section Owner Subtree State",
    "hide": f"{_PLAIN} Group Language",
    "translate": f"{_PLAIN} Language",
    "remove": f"{_PLAIN} Language State",
    "versionread": f"{_PLAIN} Status State",
    "versionremove": f"{_PLAIN} Status State",
}
APPLICABLE: dict[tuple[str, str], frozenset[str]] = {
    **{("content", function): frozenset(names.split()) for function, names in _CONTENT.items()},
    ("state", "assign"): frozenset({"Class", "Section", "Owner", "Group", "State", "NewState"}),
    ("role", "assign"): frozenset({"MemberOf", "Role"}),
    ("section", "assign"): frozenset({"Class", "Section", "Owner", "NewSection"}),
    ("user", "login"): frozenset({"SiteAccess"}),
}
KNOWN = frozenset().union(*APPLICABLE.values())
OF_ASSIGNMENTS = frozenset({"Section", "Subtree"})


def is_applicable(module: str, function: str, identifier: str) -> bool:
    """Whether a policy of this function may carry the limitation; under a ``*`` all may."""
    return "*" in {module, function} or identifier in APPLICABLE.get((module, function), frozenset())


def all_exist(repository: Repository, identifier: str, values: list[str]) -> bool:
    """Whether the things named by a limitation's values exist; kinds that are not looked up always do."""
    exists = _EXISTS.get(identifier)
    return exists is None or all(exists(repository, value) for value in values)


def _type(repository: Repository, value: str) -> bool:
    return value.isdigit() and int(value) in repository.types


def _section(repository: Repository, value: str) -> bool:
    return value.isdigit() and int(value) in repository.sections


def _location(repository: Repository, value: str) -> bool:
    return value.isdigit() and int(value) in repository.locations


def _subtree(repository: Repository, value: str) -> bool:
    return any(place.path.startswith(value) for place in repository.locations.values())


def _language(repository: Repository, value: str) -> bool:
    return value in repository.languages


_EXISTS: dict[str, Callable[[Repository, str], bool]] = {
    "Class": _type,
    "ParentClass": _type,
    "Section": _section,
    "Node": _location,
    "Subtree": _subtree,
    "Language": _language,
}
