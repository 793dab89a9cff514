"""Sizes and durations in the words of others are told in ours; what nobody can tell is not guessed."""

from __future__ import annotations

import pytest

from connector.config.units_meant import meant


@pytest.mark.parametrize(
    ("form", "written", "ours"),
    [
        ("size", "16mb", "16MB"),
        ("size", "16 MiB", "16MiB"),
        ("size", "16Mi", "16MiB"),
        ("size", "500KB", "500kB"),
        ("size", "1.5GB", "1500MB"),
        ("size", "1,5 GiB", "1536MiB"),
        ("size", "2g", "2GB"),
        ("size", "1 TB", ""),
        ("size", "big", ""),
        ("duration", "30 s", "30s"),
        ("duration", "5min", "5m"),
        ("interval", "2 Hours", "2h"),
        ("age", "30 days", "30d"),
        ("age", "1w", "7d"),
        ("age", "2 years", "730d"),
        ("duration", "PT5M", "5m"),
        ("duration", "P30D", "30d"),
        ("duration", "PT1H30M", ""),
        ("duration", "soon", ""),
        ("duration", "5", ""),
        (None, "16mb", ""),
    ],
)
def test_it_is_written_our_way(form: str | None, written: str, ours: str) -> None:
    assert meant(form, written) == ours
