"""Composed actions, by entity and action. A new one is a file and a line here."""

from __future__ import annotations

from collections.abc import Mapping

from connector.systems.ibexa.actions.base import Action
from connector.systems.ibexa.actions.content.create_only import ContentCreateOnly
from connector.systems.ibexa.actions.content.update_only import ContentTranslate, ContentUpdateOnly
from connector.systems.ibexa.actions.content.upsert import ContentUpsert
from connector.systems.ibexa.actions.content_type_ensure import ContentTypeEnsure
from connector.systems.ibexa.actions.location_ensure import LocationEnsure
from connector.systems.ibexa.actions.object_state_set import ObjectStateSet
from connector.systems.ibexa.actions.put_away import ContentDelete, ContentHide, ContentReveal, ContentTrash
from connector.systems.ibexa.actions.relation_ensure import RelationEnsure
from connector.systems.ibexa.actions.section_ensure import SectionEnsure
from connector.systems.ibexa.actions.url_alias_ensure import UrlAliasEnsure
from connector.systems.ibexa.actions.user.upsert import UserUpsert

__all__ = ["ACTIONS", "Action"]

ACTIONS: Mapping[tuple[str, str], type[Action]] = {
    ("content", "create_only"): ContentCreateOnly,
    ("content", "delete"): ContentDelete,
    ("content", "hide"): ContentHide,
    ("content", "reveal"): ContentReveal,
    ("content", "translate"): ContentTranslate,
    ("content", "trash"): ContentTrash,
    ("content", "update_only"): ContentUpdateOnly,
    ("content", "upsert"): ContentUpsert,
    ("content_type", "ensure"): ContentTypeEnsure,
    ("location", "ensure"): LocationEnsure,
    ("object_state", "set"): ObjectStateSet,
    ("relation", "ensure"): RelationEnsure,
    ("section", "ensure"): SectionEnsure,
    ("url_alias", "ensure"): UrlAliasEnsure,
    ("user", "upsert"): UserUpsert,
}
