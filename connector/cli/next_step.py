"""What comes next for one key: who does something about its newest task, and when."""

from __future__ import annotations

from connector.core.jsonio import Json


def next_step(item: dict[str, Json], *, known: bool) -> str:
    """A sentence; empty where nothing is open.

    Args:
        item: as ``reports.item_by_key`` gives it.
        known: whether the project has its route.
    """
    newest = item["tasks"][0] if item["tasks"] else None
    if newest is None or newest["state"] not in _OPEN:
        return ""
    if not known:
        return f"nothing: the project has no route {item['route']}; connector tasks skip {newest['id']} ends it"
    return _failed(item, newest) if newest["state"] == "failed" else _waiting(item, newest)


_OPEN = ("new", "processing", "failed")


def _waiting(item: dict[str, Json], task: dict[str, Json]) -> str:
    route = item["route"]
    if item["route_runs"]:
        return "the run under way sends it" if task["state"] == "new" else "it is being sent"
    if task["state"] == "new":
        return f"the next run of {route} sends it"
    return f"its process is gone: the next run of {route} looks it up before anything is sent"


def _failed(item: dict[str, Json], task: dict[str, Json]) -> str:
    if task["next_attempt_at"]:
        return f"tried again by the first run of {item['route']} after {task['next_attempt_at']}"
    if task["suspect"]:
        return f"it may have taken effect: look at the target, then connector tasks retry {task['id']}, or skip"
    return f"it waits for another record, another mapping, or connector tasks retry {task['id']}"
