"""Every code that the product prints is explained, and nothing is explained that it does not print."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from connector.config.codes import CODES
from connector.core.errors import ConfigError
from connector.explain.codes import explained, meanings

SOURCES = [one for one in Path("connector").rglob("*.py") if "sandbox" not in one.parts]
WRITTEN = re.compile(r'"((?:AST|CFG|CON|IBX|NET|PAG|REC|RUN|SRC|STO|TSK)[0-9]{3})"')
STATUSES = {"IBX400", "IBX401", "IBX403", "IBX404", "IBX406"}
"""Made of what Ibexa answers."""


def printed() -> set[str]:
    return {code for one in SOURCES for code in WRITTEN.findall(one.read_text(encoding="utf-8"))} | STATUSES


def test_every_code_of_a_run_is_explained_and_no_other() -> None:
    of_runs = {code for code in printed() if code[:3] != "CFG" or code == "CFG000"}
    assert of_runs == set(meanings())


def test_no_code_has_two_meanings() -> None:
    assert set(meanings()) & set(CODES) == set()
    titles = [one.title for one in meanings().values()]
    assert sorted(titles) == sorted(set(titles))


@pytest.mark.parametrize("code", list(meanings()))
def test_it_says_what_to_do_and_stands_in_the_reference(code: str) -> None:
    first, _, text = explained(code.lower())
    assert first.startswith(f"{code}: ")
    assert text.endswith(".")
    assert len(text) > 30
    assert f"| {code} |" in Path("docs/reference/errors.md").read_text(encoding="utf-8")


def test_an_unknown_one_is_told_with_the_nearest() -> None:
    with pytest.raises(ConfigError) as told:
        explained("IBX431")
    assert "Did you mean 'IBX4" in told.value.hint
    with pytest.raises(ConfigError) as told:
        explained("CFG999")
    assert "Did you mean" not in told.value.hint
