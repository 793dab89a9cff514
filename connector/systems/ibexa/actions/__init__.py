"""Composed actions, by entity and action. A new one is a file and a line here."""

from __future__ import annotations

from collections.abc import Mapping

from connector.systems.ibexa.actions.base import Action
from connector.systems.ibexa.actions.content_type_ensure import ContentTypeEnsure
from connector.systems.ibexa.actions.content_upsert import ContentUpsert
from connector.systems.ibexa.actions.section_ensure import SectionEnsure

__all__ = ["ACTIONS", "Action"]

ACTIONS: Mapping[tuple[str, str], type[Action]] = {
    ("content", "upsert"): ContentUpsert,
    ("content_type", "ensure"): ContentTypeEnsure,
    ("section", "ensure"): SectionEnsure,
}
