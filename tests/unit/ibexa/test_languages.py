"""Codes of languages: their form, and what other forms stand for."""

from __future__ import annotations

import pytest

from connector.systems.ibexa.languages import is_code, meant_by


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("en_GB", "eng-GB"),
        ("en-GB", "eng-GB"),
        ("en", "eng-GB"),
        ("en-US", "eng-US"),
        ("eng_GB", "eng-GB"),
        ("ENG-gb", "eng-GB"),
        ("eng", "eng-GB"),
        ("no", "nor-NO"),
        ("nb-NO", "nor-NO"),
        ("nob", "nor-NO"),
        ("nn", "nno-NO"),
        ("de", "ger-DE"),
        ("deu_DE", "ger-DE"),
        ("fr", "fre-FR"),
        ("pt-BR", "por-BR"),
        ("xx", ""),
    ],
)
def test_what_another_form_stands_for(written: str, meant: str) -> None:
    assert not is_code(written)
    assert meant_by(written) == meant
    assert not meant or is_code(meant)


def test_a_code_of_ones_own_has_the_form() -> None:
    assert is_code("eng-DE")
