"""Which known word is suggested for one that is not known."""

from __future__ import annotations

import pytest

from connector.core.nearest import did_you_mean

CRITERIA = ("Field", "ImageCriterion", "ContentIdCriterion", "FieldRelationCriterion")


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("unlocked", ("locked", "not_locked"), "not_locked"),
        ("loked", ("locked", "not_locked"), "locked"),
        ("unknown", ("known", "other"), "known"),
        ("create_or_update", ("create", "upsert", "delete"), "upsert"),
        ("createOrUpdate", ("create", "upsert", "delete"), "upsert"),
        ("remove", ("move", "delete"), "delete"),
        ("remove", ("move", "remove_all"), "move"),
        ("FieldCriterion", CRITERIA, "Field"),
        ("ImagCriterion", CRITERIA, "ImageCriterion"),
    ],
)
def test_the_word_that_was_meant(word: str, known: tuple[str, ...], meant: str) -> None:
    assert did_you_mean(word, known) == f"Did you mean '{meant}'? "


def test_nothing_like_it() -> None:
    assert did_you_mean("upsert", ("reads", "other")) == ""
