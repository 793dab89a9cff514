"""What can be said of a project only by looking at several of its files at once; all of it offline."""

from __future__ import annotations

from connector.checks.alternatives import check_alternatives
from connector.checks.clients import check_clients
from connector.checks.messages import check_messages
from connector.checks.pairs import check_pairs
from connector.checks.passwords import check_passwords
from connector.checks.routes import check_routes
from connector.checks.systems import check_systems

__all__ = ["CHECKS"]

CHECKS = (
    check_systems,
    check_clients,
    check_messages,
    check_alternatives,
    check_pairs,
    check_passwords,
    check_routes,
)
"""Each takes a project and yields (file, finding) pairs. A new one is a file and a word here."""
