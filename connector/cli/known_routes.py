"""Whether a route that nothing is known of may be a slip: in monitoring it would look healthy for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.cli.names import names, no_route
from connector.config.whereabouts import is_project

if TYPE_CHECKING:
    from connector.cli.state import State
    from connector.store import Store


def ensure_route(state: State, store: Store, route: str | None) -> None:
    """Where nothing was found for a route: it is declared, or has run once under that name.

    Raises:
        UsageError: neither.
    """
    from connector.config.project import load  # noqa: PLC0415 - for slips only
    from connector.store import reports  # noqa: PLC0415 - heavy

    if route is None or reports.runs(store, route=route, limit=1):
        return
    if not is_project(state.project):
        return  # the run log alone is asked: what is declared is not known here
    project = load(state.project)
    if route not in names(project, ("route",))["route"]:
        raise no_route(project, route)
