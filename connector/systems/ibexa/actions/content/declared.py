"""What can be said of the payload that an outgoing declares for content actions, beyond which keys there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from connector.core.jsonio import Json
from connector.core.nearest import did_you_mean
from connector.systems.body_schema import Fault
from connector.systems.ibexa.actions.content.wanted import MATCHES, OWNERS


def faults(payload: Mapping[str, Json]) -> Iterator[Fault]:
    """Words that are none: an owner, a match by nothing or by two things. What holds a ``${`` is not known yet."""
    owners, match = payload.get("owners"), payload.get("match")
    for name, owner in owners.items() if isinstance(owners, dict) else ():
        if owner is not None and owner not in OWNERS and "${" not in str(owner):
            hint = f"{did_you_mean(str(owner), OWNERS)}One of: {', '.join(OWNERS)}."
            yield Fault(f"/owners/{name}", f"'{owner}' is no owner of a field", hint)
    if isinstance(match, dict) and match:
        said = [name for name in MATCHES if match.get(name) is not None]
        if len(said) > 1 or (not said and set(match) <= {"under"}):
            hint = 'Such as {"field": "sku"}, {"name": "…"}, {"remote_id": "…"} or {"criteria": {…}}.'
            yield Fault("/match", f"match wants one of {', '.join(MATCHES)}, not {len(said)}", hint)
