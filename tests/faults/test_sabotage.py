"""Every promise holds, and breaks when its guard is taken out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.sabotage import SABOTAGES


@pytest.mark.parametrize("name", SABOTAGES)
def test_the_promise_holds(name: str, tmp_path: Path) -> None:
    assert SABOTAGES[name].promise(tmp_path) == ""


@pytest.mark.parametrize("name", SABOTAGES)
def test_without_its_guard_the_promise_breaks(name: str, tmp_path: Path) -> None:
    with SABOTAGES[name].without():
        broken = SABOTAGES[name].promise(tmp_path)
    print(f"{name}: {broken}")
    assert broken, "the scenario does not notice"
