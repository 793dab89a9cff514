"""The operations of the REST API, one module by resource; each lists its routes in ``ROUTES``."""

from __future__ import annotations

import json
import re
from pathlib import Path

from connector.sandbox.ibexa.errors import RestError
from connector.sandbox.ibexa.routes import (
    addresses,
    assignments,
    content,
    documents,
    groups,
    images,
    locations,
    policies,
    roles,
    sections,
    states,
    system,
    trash,
    type_groups,
    type_views,
    types,
    users,
    versions,
    views,
)
from connector.sandbox.ibexa.wire import Answer, Call, Handler, Route

ROUTES: tuple[Route, ...] = (
    *system.ROUTES,
    *users.ROUTES,
    *groups.ROUTES,
    *roles.ROUTES,
    *policies.ROUTES,
    *assignments.ROUTES,
    *content.ROUTES,
    *versions.ROUTES,
    *locations.ROUTES,
    *trash.ROUTES,
    *sections.ROUTES,
    *types.ROUTES,
    *type_groups.ROUTES,
    *type_views.ROUTES,
    *states.ROUTES,
    *addresses.ROUTES,
    *documents.ROUTES,
    *images.ROUTES,
    *views.ROUTES,
)
_NOT_IMPLEMENTED = Path(__file__).parents[1] / "not_implemented.json"
_PARAMETER = re.compile(r"\{(\w+)\}")


def missing_routes() -> tuple[Route, ...]:
    """The operations of the REST reference that the sandbox does not play: each answers 501 with its id."""
    rows = json.loads(_NOT_IMPLEMENTED.read_text(encoding="utf-8"))
    return tuple(Route(op, method, _PARAMETER.sub(_shape, path), _refusal(op)) for op, method, path in rows)


def _shape(found: re.Match[str]) -> str:
    name = found.group(1)
    if name == "path":
        return "{path:ids}"
    return f"{{{name}:int}}" if name in {"contentId", "versionNo", "locationId", "userId"} else found.group()


def _refusal(op: str) -> Handler:
    def refuse(_call: Call) -> Answer:
        raise RestError(501, f"The sandbox does not play the operation {op}")

    return refuse
