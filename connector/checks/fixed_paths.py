"""Paths of Locations that a mapping writes as a fixed text among others: ``above && {…} || {path: '/1/2'}``.

One that is written alone is known as a fixed value, and told with those.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connector.checks.mapping import Found
from connector.checks.places import target_of
from connector.config.declaration import TransformerSource
from connector.config.pointer import below
from connector.config.project import Project
from connector.core.jsonio import Json, JsonError, parse, shown
from connector.core.problem import Finding
from connector.systems.places import misfit
from connector.transformers.expression import ExpressionError, syntax_tree
from connector.transformers.files import without_comments

_PLACES = frozenset({"parent", "location", "group", "groups"})
"""Keys of the payloads of composed actions below which ``path`` is that of a Location."""


def check_fixed_paths(project: Project) -> Iterator[Found]:
    """Of routes to composed actions."""
    seen = set[str]()
    for route in project.routes.values():
        names = route.data.get("transformers") if isinstance(route.data, dict) else None
        source = project.transformers.get(str(names[-1])) if isinstance(names, list) and names else None
        target = target_of(project, route)
        if source is None or target is None or target.operation is not None or source.shown in seen:
            continue
        seen.add(source.shown)
        for pointer, text, start, inside in _expressions(source):
            for path in _fixed(text, inside=inside):
                if wanted := misfit("path", path, of_tree=True):
                    message = f"'{shown(path, 40)}' is no path of a Location"
                    offset = start + max(0, text.find(path))
                    yield source, Finding(pointer, "CFG161", message, f"It is {wanted}.", offset=offset)


def _expressions(source: TransformerSource) -> Iterator[tuple[str, str, int, bool]]:
    """Pointer, text, characters before it, and whether it stands below one of those keys."""
    if source.suffix == ".jmespath":
        body, start = without_comments(source.current)
        yield "", body, start, False
        return
    try:
        steps = parse(source.current)
    except JsonError:
        return
    last = len(steps) - 1 if isinstance(steps, list) else -1
    step = steps[last] if last >= 0 and isinstance(steps[last], dict) else {}
    if isinstance(step.get("expression"), str):
        yield f"/{last}/expression", step["expression"], 0, False
    yield from _leaves(step.get("to"), f"/{last}/to", inside=False)


def _leaves(node: Json, pointer: str, *, inside: bool) -> Iterator[tuple[str, str, int, bool]]:
    if isinstance(node, str):
        yield pointer, node, 0, inside
    for key, one in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from _leaves(one, below(pointer, key), inside=inside or key in _PLACES)


def _fixed(text: str, *, inside: bool) -> Iterator[str]:
    try:
        yield from _in_node(syntax_tree(text), inside=inside, alone=True)
    except ExpressionError:
        return  # told of the file itself


def _in_node(node: dict[str, Any], *, inside: bool, alone: bool) -> Iterator[str]:
    if node["type"] == "key_val_pair":
        (child,) = node["children"]
        literal = child["value"] if child["type"] == "literal" else None
        if inside and not alone and node["value"] == "path" and isinstance(literal, str):
            yield literal
        yield from _in_node(child, inside=inside or node["value"] in _PLACES, alone=alone)
        return
    alone = alone and node["type"] == "multi_select_dict"
    for child in node.get("children", ()):
        if isinstance(child, dict):
            yield from _in_node(child, inside=inside, alone=alone)
