"""A pace that leads beyond the calendar comes due never; it ends nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from connector.config.route_spec import RouteSettings
from connector.runtime.schedule import due_since, due_times

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("every", ["999999999d", "3650000d"])
def test_it_comes_due_never(every: str) -> None:
    settings = RouteSettings.from_config({"incoming": "a", "outgoing": "b", "schedule": {"every": every}})
    assert list(due_times(settings, NOW, NOW)) == []
    assert due_since(settings, NOW, NOW, NOW + timedelta(days=9)) is None
