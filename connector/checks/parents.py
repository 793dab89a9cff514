"""What steps read of a parent that a split before them does not keep."""

from __future__ import annotations

from collections.abc import Iterator

from connector.checks.mapping import Found
from connector.checks.samples import Samples
from connector.config.declaration import TransformerSource
from connector.config.project import Project
from connector.core.jsonio import Json
from connector.core.problem import Finding
from connector.transformers.expression import ExpressionError, syntax_tree
from connector.transformers.files import expressions_in
from connector.transformers.names import names_of

_MAKES_ANEW = frozenset({"map", "jmespath"})


def check_parents(project: Project, samples: Samples) -> Iterator[Found]:
    """Of files with steps; where the records are known, others tell what is not there."""
    known = {*samples.met, *samples.missed}
    for source in project.transformers.values():
        if source.suffix != ".json" or source.shown in project.unsound or not isinstance(source.data, list):
            continue
        for pointer, offset in _without_parent(source):
            if (source.shown, pointer, offset) not in known:
                message = "nothing that reaches this step has 'parent': the split before it keeps none"
                hint = 'Say "keep_parent": true in that step, unless what it finds has a parent of its own.'
                yield source, Finding(pointer, "CFG163", message, hint, "warning", offset)
                break  # one slip, however often it is read


def _without_parent(source: TransformerSource) -> Iterator[tuple[str, int]]:
    """Pointer and offset of each ``parent.…`` behind a split that does not keep it."""
    lost = False
    for number, step in enumerate(source.data):
        kind = step.get("type") if isinstance(step, dict) else ""
        if lost:
            yield from _read(step, f"/{number}")
        if kind == "split":
            lost = step.get("keep_parent") is not True
        elif kind in _MAKES_ANEW:
            lost = False


def _read(step: Json, pointer: str) -> Iterator[tuple[str, int]]:
    for place, text in expressions_in(step, pointer):
        try:
            names = names_of(syntax_tree(text), text)
        except ExpressionError:
            continue
        yield from ((place, max(0, one.offset)) for one in names.values() if one.path == "parent" and one.leads)
