"""A source that writes its numbers in another form: 1 becomes 1.0 or "1", and nothing is made a second time."""

from __future__ import annotations

import json
from typing import Any

import pytest

from connector.incoming.select import Selection
from connector.sandbox.ibexa import IbexaSandbox
from tests.faults.project import ThingsProject


def rows(project: ThingsProject, form: Any) -> None:
    body = json.dumps([{"key": form(number), "value": f"thing {number}"} for number in range(30)])
    (project.root / "things.json").write_text(body, encoding="utf-8")


@pytest.mark.parametrize(("first", "then"), [(int, float), (float, int), (str, float)])
def test_the_same_numbers_with_a_fraction_of_nothing_double_nothing(
    project: ThingsProject, sandbox: IbexaSandbox, first: Any, then: Any
) -> None:
    """The mapping writes the number into the remote id, and so makes another one of it: that is told, and kept back."""
    rows(project, first)
    assert project.run("run", "things").returncode == 0
    rows(project, then)
    done = project.run("run", "things")
    assert done.returncode == 1
    assert "another key than before" in done.stdout
    assert len(sandbox.book.snapshot()["items"]) == 30


def test_a_number_as_a_text_is_the_same_key(project: ThingsProject, sandbox: IbexaSandbox) -> None:
    rows(project, int)
    assert project.run("run", "things").returncode == 0
    rows(project, str)
    assert project.run("run", "things").returncode == 0
    assert len(sandbox.book.snapshot()["items"]) == 30


@pytest.mark.parametrize(
    ("written", "key"),
    [
        (1, "1"),
        (1.0, "1"),
        (-0.0, "0"),
        (-7.0, "-7"),
        (0.5, "0.5"),
        (12.1, "12.1"),
        (2**70, str(2**70)),
        (1e22, "1e+22"),
    ],
)
def test_a_whole_number_is_one_key_however_it_is_written(written: Any, key: str) -> None:
    assert Selection("@", "id", 1000).record({"id": written}, "here").key == key
