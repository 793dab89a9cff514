"""A month of nightly feeds with editors, faults and kills: each difference is one that the configuration wanted.

Short here, six nights being the fewest in which all goes wrong once; ``CONNECTOR_MONTH_NIGHTS=30`` or ``make month`` for all of it.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bench.month.days import EDITOR_EVENTS, SOURCE_EVENTS
from bench.month.model import Expected
from bench.month.nights import STORMS, Size, Story, month
from bench.month.project import OUTGOING, ROUTE

NIGHTS = int(os.environ.get("CONNECTOR_MONTH_NIGHTS", "6"))
SEED = int(os.environ.get("CONNECTOR_MONTH_SEED", "4711"))
SIZE = (60, 400) if NIGHTS >= 30 else (4, 14)
FAULTS = ("status 500", "status 503", "cut after", "expire_tokens")
Sabotage = Callable[[Story, Expected], None]


def _price(story: Story, item: Expected) -> None:
    item.shown["eng-GB", "price"] = -1.0


def _name(story: Story, item: Expected) -> None:
    item.shown["nor-NO", "name"] = "what somebody wrote"


def _draft(story: Story, item: Expected) -> None:
    item.drafts[99] = {}


def _parent(story: Story, item: Expected) -> None:
    item.parent = "c-nowhere"


def _hidden(story: Story, item: Expected) -> None:
    item.hidden = not item.hidden


def _gone(story: Story, item: Expected) -> None:
    del story.ledger.items[item.remote_id]


def _trashed(story: Story, item: Expected) -> None:
    item.status = "trashed"


def _picture(story: Story, item: Expected) -> None:
    item.shown["eng-GB", "picture"] += 1


JUDGED: tuple[Sabotage, ...] = (_price, _name, _draft, _parent, _hidden, _gone, _trashed, _picture)


@pytest.mark.timeout(240 + NIGHTS * 60)
def test_after_a_month_every_difference_is_one_that_the_configuration_wanted(tmp_path: Path) -> None:
    kept: list[tuple[str, list[str]]] = []

    def look_again(story: Story) -> None:
        """The judge is put to the test on the same shop: each wrong expectation must be noticed."""
        for sabotage in JUDGED:
            items = dict(story.ledger.items)
            name, item = next(
                (name, one) for name, one in items.items() if name[0] == "p" and one.status == "published"
            )
            story.ledger.items[name] = copy.deepcopy(item)
            sabotage(story, story.ledger.items[name])
            kept.append((sabotage.__name__, story.judged()))
            story.ledger.items = items

    found = month(tmp_path, Size(NIGHTS, *SIZE, acts=13, seed=SEED), at_the_end=look_again)
    print(f"seed {SEED}", found)
    assert found.unexpected == []
    assert {what for what in (*SOURCE_EVENTS, *EDITOR_EVENTS) if not found.events[what]} == set(), "each happened"
    assert {fault for fault in FAULTS if not found.faults.get(fault)} == set(), "each fault fired"
    assert found.kills >= 1
    assert found.events["pim failed"] >= 2
    assert len(STORMS) == len(FAULTS)
    assert found.wanted.total() >= NIGHTS, "there is something to be left alone"
    assert [name for name, told in kept if not told] == [], "what the judge did not notice"


A_REMOVAL = 1
"""A seed with which the source soon removes a product."""
CONTROLS: dict[str, dict[str, Any]] = {
    "nobody owns a name": {
        "configs/outgoing/products.json": {**OUTGOING, "payload": {**OUTGOING["payload"], "owners": {}}}
    },
    "what is missing is kept": {"configs/routes/products.json": {**ROUTE, "when_missing": "keep"}},
}


@pytest.mark.timeout(240)
@pytest.mark.parametrize("control", CONTROLS)
def test_another_configuration_than_the_wanted_one_is_noticed(tmp_path: Path, control: str) -> None:
    found = month(tmp_path, Size(4, 3, 8, acts=13, seed=A_REMOVAL), changes=CONTROLS[control], calm=True)
    assert found.unexpected, "the judge sees it"
    assert not any("never came to an end" in told for told in found.unexpected)
