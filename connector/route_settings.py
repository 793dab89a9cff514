"""How a route runs, from what its declaration says."""

from __future__ import annotations

from collections.abc import Mapping

from connector.config.route_spec import RouteSettings
from connector.core.jsonio import Json
from connector.core.units import seconds
from connector.routes.live import Settings


def engine_settings(settings: RouteSettings, outage: Mapping[str, Json]) -> Settings:
    """How a route runs.

    Args:
        settings: what its declaration says.
        outage: what its client's declaration says of a system that is away.
    """
    return Settings(
        concurrency=settings.concurrency,
        when_dropped=settings.when_dropped,
        when_missing=settings.when_missing,
        max_deletes_count=settings.max_deletes_count,
        max_deletes_percent=settings.max_deletes_percent,
        max_deletes_said=settings.max_deletes_said,
        max_attempts=settings.max_attempts,
        max_elapsed=settings.max_elapsed.total_seconds() if settings.max_elapsed else 0.0,
        first_wait=settings.first_wait.total_seconds(),
        max_wait=settings.max_wait.total_seconds(),
        stop_after_count=settings.stop_after_count,
        stop_after_percent=settings.stop_after_percent,
        verify_every=settings.verify_every.total_seconds(),
        when_drifted=settings.when_drifted,
        max_verified=settings.max_verified,
        away_first_probe=seconds(outage.get("first_probe", "5s")),
        away_max_probe=seconds(outage.get("max_probe", "1m")),
        away_give_up=seconds(outage.get("give_up_after", "2m")),
        deadline=settings.deadline.total_seconds() if settings.deadline else 0.0,
    )
