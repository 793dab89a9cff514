"""A route in full: its parts key by key, its mapping, its first requests, its schedule, and a picture of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from msgspec import Struct

from connector.config.declaration import Declaration
from connector.config.explain import Surroundings
from connector.config.project import Project
from connector.config.route_spec import RouteSettings
from connector.config.variables import resolve
from connector.core.errors import ConfigError
from connector.core.jsonio import Json
from connector.core.nearest import did_you_mean
from connector.core.protocols import Transformer
from connector.explain.mapping import fields_of, steps_of
from connector.explain.picture import Node, flowchart
from connector.explain.requests import Asker
from connector.runtime.schedule import due_times, local, words

NEXT_TIMES = 3


class Explainer(Struct, frozen=True):
    """Explains routes of a valid project; no variable needs to be set.

    Attributes:
        schemas: of the families.
        transformer: gives a compiled transformer by its name.
        env: the environment.
        told: by variable, where it was set, if that is not the environment.
        now: from when on the next times count.
    """

    project: Project
    schemas: Mapping[str, Mapping[str, Any]]
    transformer: Callable[[str], Transformer]
    env: Mapping[str, str]
    told: Mapping[str, str]
    now: datetime

    def explain(self, name: str) -> dict[str, Json]:
        """``{route, description, enabled, parts, steps, mapping, requests, schedule, mermaid}``.

        Raises:
            ConfigError: there is no such route.
        """
        if name not in self.project.routes:
            listed = ", ".join(sorted(self.project.routes)) or "none yet"
            hint = f"{did_you_mean(name, self.project.routes)}Known are: {listed}."
            raise ConfigError(f"there is no route '{name}'", hint=hint)
        around, asker = self.surroundings(), self.asker()
        route = self.project.routes[name]
        incoming, outgoing = self._ends(route)
        sources = [self.project.transformers[one] for one in route.data.get("transformers", [])]
        requests = [*self._reading(asker, incoming), *self._writing(asker, incoming, outgoing)]
        return {
            "route": name,
            "description": str(route.data.get("description", "")),
            "enabled": route.enabled,
            "parts": [keys_in(around, one) for one in self._parts(route, incoming, outgoing)],
            "steps": [one.as_json() for source in sources for one in steps_of(source)],
            "mapping": [one.as_json() for source in sources for one in fields_of(source)],
            "requests": requests,
            "schedule": self._schedule(around, route),
            "mermaid": self._picture(asker, route),
        }

    def surroundings(self) -> Surroundings:
        """What variables stand for here."""
        return Surroundings(self.project, self.schemas, self.env, self.told)

    def asker(self) -> Asker:
        """Says what parts would ask."""
        return Asker(self.project, self.surroundings(), self.transformer, self.now)

    def _ends(self, route: Declaration) -> tuple[Declaration, Declaration]:
        return self.project.incomings[route.data["incoming"]], self.project.outgoings[route.data["outgoing"]]

    def _parts(self, route: Declaration, incoming: Declaration, outgoing: Declaration) -> list[Declaration]:
        """The route, then each end with its client; a client that serves both ends once."""
        found = [route]
        for end in (incoming, outgoing):
            client = self.project.clients.get(str(end.data.get("client")))
            found += [end, *([client] if client is not None and client not in found else [])]
        return found

    def _reading(self, asker: Asker, incoming: Declaration) -> list[dict[str, Json]]:
        client = incoming.data.get("client")
        return [*(asker.log_in(str(client)) if client else ()), *asker.incoming(incoming)]

    def _writing(self, asker: Asker, incoming: Declaration, outgoing: Declaration) -> list[dict[str, Json]]:
        client = outgoing.data.get("client")
        first = client and client != incoming.data.get("client")
        return [*(asker.log_in(str(client)) if first else ()), *asker.outgoing(outgoing)]

    def _schedule(self, around: Surroundings, route: Declaration) -> dict[str, Json]:
        """In words, with the next times as far as they are known without the run log."""
        lacking = around.lacking(route.data)
        if lacking:
            return {"words": f"not known until {', '.join(lacking)} is set", "next": []}
        settings = RouteSettings.from_config(resolve(route, self.schemas["route"], self.env))
        if not settings.is_scheduled:
            return {"words": "by hand", "next": []}
        found: dict[str, Json] = {"words": words(settings), "timezone": settings.timezone, "next": []}
        if settings.every is not None:
            return {**found, "note": "counted from when `serve` first saw it: `connector schedule list` has the times"}
        times = islice(due_times(settings, self.now, self.now), NEXT_TIMES)
        found["next"] = [local(moment, settings.timezone) for moment in times]
        return found if route.enabled else {**found, "note": "the route is disabled: nothing fires"}

    def _picture(self, asker: Asker, route: Declaration) -> str:
        incoming, outgoing = self._ends(route)
        nodes = [
            outside(asker, incoming),
            box(incoming),
            *(Node((f"transformer {name}",)) for name in route.data.get("transformers", [])),
            box(outgoing),
            outside(asker, outgoing),
        ]
        return flowchart(nodes)


def box(end: Declaration) -> Node:
    """An incoming, outgoing or route in a picture."""
    told = [str(end.data[key]) for key in ("entity", "action") if end.family == "outgoing" and key in end.data]
    return Node((f"{end.family} {end.name}", ".".join(told) or str(end.data.get("type", ""))))


def outside(asker: Asker, end: Declaration) -> Node:
    """The system that an incoming or outgoing speaks to."""
    client = end.data.get("client")
    if client:
        return Node((str(client), asker.address(str(client))), outside=True)
    return Node((asker.around.text(str(end.data.get("path", end.data["type"]))),), outside=True)


def keys_in(around: Surroundings, one: Declaration) -> dict[str, Json]:
    """A declaration key by key, and where each value comes from."""
    keys = [key.as_json() for key in around.keys(one)]
    return {"family": one.family, "name": one.name, "file": one.shown, "keys": keys}
