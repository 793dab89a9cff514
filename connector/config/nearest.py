"""Moved to connector.core.nearest."""

from connector.core.nearest import did_you_mean

__all__ = ["did_you_mean"]
