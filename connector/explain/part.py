"""One part of routes alone: an incoming, an outgoing, a transformer or a client, told of as a route is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from connector.config.declaration import Declaration, TransformerSource
from connector.config.links import users_of
from connector.core.jsonio import Json
from connector.explain.mapping import fields_of, steps_of
from connector.explain.picture import Node, flowchart
from connector.explain.requests import Asker
from connector.explain.route import Explainer, box, keys_in, outside


def explain_part(explainer: Explainer, family: str, name: str) -> dict[str, Json]:
    """``{family, name, description, enabled, used_by, parts, steps, mapping, requests, mermaid}``.

    Args:
        explainer: of the project.
        family: incoming, outgoing, transformer or client.
        name: of one that is there.
    """
    project, asker = explainer.project, explainer.asker()
    users = users_of(project, family, name)
    found: dict[str, Json] = {"family": family, "name": name, "description": "", "enabled": True}
    used_by: dict[str, Json] = {"used_by": [f"{one.family}:{one.name}" for one in users]}
    if family == "transformer":
        source = project.transformers[name]
        picture = flowchart(*_steps(source, users))
        nothing: dict[str, Json] = {"file": source.shown, "parts": [], "requests": []}
        return {**found, **used_by, **nothing, **_mapped([source]), "mermaid": picture}
    one = project.family(family)[name]
    found |= {"description": str(one.data.get("description", "")), "enabled": one.enabled, **used_by}
    ends = users if family == "client" else [one]
    clients = [one] if family == "client" else _named(project.clients, [one.data.get("client")])
    shaping = _named(project.transformers, [one.data.get("request_transformer")])
    asked = [*(asker.log_in(each.name) for each in clients), *(_asked(asker, end) for end in ends)]
    return {
        **found,
        "parts": [keys_in(asker.around, each) for each in dict.fromkeys((one, *clients))],
        **_mapped(shaping),
        "requests": [_short(each) if family == "client" else each for each in chain.from_iterable(asked)],
        "mermaid": _client(asker, one, users) if family == "client" else _end(asker, one, users),
    }


def _named(members: dict[str, Any], names: Iterable[Json]) -> list[Any]:
    return [members[name] for name in names if isinstance(name, str) and name in members]


def _mapped(sources: Sequence[TransformerSource]) -> dict[str, Json]:
    return {
        "steps": [one.as_json() for source in sources for one in steps_of(source)],
        "mapping": [one.as_json() for source in sources for one in fields_of(source)],
    }


def _asked(asker: Asker, end: Declaration) -> list[dict[str, Json]]:
    if end.family == "alert":
        return []
    return asker.incoming(end) if end.family == "incoming" else asker.outgoing(end)


def _short(request: dict[str, Json]) -> dict[str, Json]:
    """Of a composed action that it is one; explaining the outgoing tells what it calls."""
    return {key: one for key, one in request.items() if key != "calls"}


def _end(asker: Asker, one: Declaration, routes: Sequence[Declaration]) -> str:
    """The system, the incoming or outgoing, and the routes that use it; from left to right as records go."""
    nodes = [outside(asker, one), box(one), *(box(route) for route in routes)]
    pairs = [(0, 1), *((1, at + 2) for at in range(len(routes)))]
    return flowchart(nodes, pairs if one.family == "incoming" else [(b, a) for a, b in pairs])


def _client(asker: Asker, client: Declaration, ends: Sequence[Declaration]) -> str:
    nodes = [Node((client.name, asker.address(client.name)), outside=True), *(box(end) for end in ends)]
    return flowchart(nodes, [(0, at) if end.family == "incoming" else (at, 0) for at, end in enumerate(ends, start=1)])


def _steps(source: TransformerSource, users: Sequence[Declaration]) -> tuple[list[Node], list[tuple[int, int]]]:
    """Who uses it, and its steps one after the other."""
    steps = [Node((f"{one.number}. {one.kind}", one.words)) for one in steps_of(source)]
    nodes = [*steps, *(box(user) for user in users)]
    into = [(len(steps) + at, 0) for at in range(len(users))]
    return nodes, [*((at, at + 1) for at in range(len(steps) - 1)), *into]
