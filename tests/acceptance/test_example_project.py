"""The repository's own project, with the bundled PIM and Ibexa: the figures that the product promises."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connector.sandbox.ibexa import IbexaSandbox
from connector.sandbox.pim import PimSandbox

ROOT = Path(__file__).parents[2]
ROUTES = ("content-types", "categories", "products")


class World:
    def __init__(self, root: Path, ibexa: IbexaSandbox, pim: PimSandbox) -> None:
        self.database = root / "run.db"
        self.ibexa, self.pim = ibexa, pim
        self.env = {
            **os.environ,
            "IBEXA_BASE_URL": ibexa.url,
            "IBEXA_USERNAME": "admin",
            "IBEXA_PASSWORD": "publish",
            "PIM_BASE_URL": pim.url,
            "PIM_TOKEN": "demo-pim-token",
            "CONNECTOR_DATABASE_URL": f"sqlite:///{self.database}",
        }

    def run(self, *routes: str) -> tuple[int, dict[str, Any]]:
        program = [sys.executable, "-m", "connector", "-C", str(ROOT), "-q", "run", *routes, "--json"]
        done = subprocess.run(program, env=self.env, capture_output=True, text=True, check=False, timeout=120)
        assert done.stdout, done.stderr
        return done.returncode, {one["route"]: one for one in json.loads(done.stdout)}

    @property
    def published(self) -> dict[str, int]:
        items = self.ibexa.book.snapshot()["items"]
        return {name: len(one["versions_published"]) for name, one in items.items()}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with IbexaSandbox(login_seconds=0) as ibexa, PimSandbox() as pim:
        yield World(tmp_path, ibexa, pim)


def test_the_catalogue_arrives_once_and_only_changes_follow(world: World) -> None:
    code, first = world.run(*ROUTES)
    assert code == 1, "nine products are broken on purpose"
    assert (first["categories"]["counts"]["created"], first["products"]["counts"]["created"]) == (29, 488)
    assert first["products"]["counts"]["failed"] == 9
    book = world.ibexa.book.snapshot()
    assert (book["duplicates"], book["leftover_drafts"]) == ([], [])

    world.ibexa.book.reset()
    code, again = world.run(*ROUTES)
    assert code == 0
    assert world.ibexa.book.snapshot()["writes"]["total"] == 0
    assert world.ibexa.book.snapshot()["requests"]["total"] == 0

    world.database.unlink()
    _, afresh = world.run(*ROUTES)
    assert afresh["products"]["counts"]["skipped"] == 488
    assert world.published == {}, "no new version although the run log was lost"
    assert world.ibexa.book.snapshot()["writes"]["by_op"].keys() <= {"content.create"}, "only what is broken was tried"
    assert world.ibexa.book.snapshot()["items"] == {}

    changed, disabled = world.pim.change(7), world.pim.disable()
    code, last = world.run("products")
    assert code == 0
    assert (last["products"]["counts"]["updated"], last["products"]["counts"]["hidden"]) == (7, 1)
    assert {name for name, count in world.published.items() if count} == {f"pim-{sku}" for sku in changed}
    assert set(world.published.values()) <= {0, 1}
    assert [one["remote_id"] for one in world.ibexa.book.snapshot()["hidden"]] == [f"pim-{disabled}"]
    assert set(again) == set(ROUTES)


@pytest.mark.parametrize("do", ["500", "html", "truncate", "same_page"])
def test_a_page_of_the_pim_that_goes_wrong_is_read_again_by_the_next_run(world: World, do: str) -> None:
    world.pim.fault(3, do, times=99)
    world.run("content-types", "categories")
    code, first = world.run("products")
    assert code in (1, 3)
    assert first["products"]["state"] == "failed"
    assert first["products"]["problem"]["message"]
    world.pim.reset()
    _, second = world.run("products")
    assert second["products"]["state"] == "finished"
    assert first["products"]["counts"]["created"] + second["products"]["counts"]["created"] == 488
    assert world.ibexa.book.snapshot()["duplicates"] == []
