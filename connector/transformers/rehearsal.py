"""A route's transformers tried with some records, to see which names of theirs are never there. It writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct, field

from connector.core.jsonio import Json, JsonError, parse
from connector.transformers.expression import ExpressionError
from connector.transformers.files import without_comments
from connector.transformers.trace import Traced
from connector.transformers.unknown import UNKNOWN, is_false

_MESSAGES = 3
"""So many records are followed to the end; those after them only as far as a name is still to be met."""


class Tried(Struct):
    """One expression of a file.

    Attributes:
        file: number of the transformer file in the route.
        step: number of the step in its file.
        pointer: of the text in the file; empty in ``.jmespath`` files.
        start: characters before the expression in that text.
        role: key of the step that holds it: ``where``, ``at``, ``expression`` or ``to``.
        passed: how often a condition held, or a list was not empty.
    """

    traced: Traced
    file: int
    step: int
    pointer: str
    start: int
    role: str
    passed: int = 0


class _Step(Struct):
    kind: str
    pointer: str
    config: Mapping[str, Json]
    main: Tried | None = None
    leaves: dict[str, Tried] = field(default_factory=dict)


class Rehearsal:
    """The files of one route.

    Args:
        files: text and suffix of each, in the route's order.
        alike: all records have the same names, as rows have: then what a filter stops counts as well.

    Raises:
        ExpressionError: one does not compile.
    """

    def __init__(self, files: Sequence[tuple[str, str]], *, alike: bool = False) -> None:
        self.records = 0
        self.messages: list[Json] = []
        self._alike = alike
        self._steps = [step for number, one in enumerate(files) for step in _steps(number, *one)]

    @property
    def expressions(self) -> Iterator[Tried]:
        """All, in the order of the steps."""
        for step in self._steps:
            yield from ([step.main] if step.main else []) + list(step.leaves.values())

    @property
    def done(self) -> bool:
        """Whether more records would tell nothing."""
        return self.records >= _MESSAGES and all(one.traced.done and _is_used(one) for one in self.expressions)

    def feed(self, record: Json) -> None:
        """Try one record."""
        self.records += 1
        apply: Mapping[str, Callable[..., list[Json]]] = {
            "filter": self._filter,
            "jmespath": self._expression,
            "split": self._split,
            "map": self._map,
        }
        values: list[Json] = [record]
        for step in self._steps:
            last = step is self._steps[-1]
            values = [made for one in values for made in apply[step.kind](step, one, last=last)]
        if self.records <= _MESSAGES:
            self.messages += [one for value in values for one in (value if isinstance(value, list) else [value])]

    def _filter(self, step: _Step, value: Json, *, last: bool) -> list[Json]:  # noqa: ARG002 - as the others
        tried = _main(step)
        found = tried.traced.run(value)
        tried.passed += not is_false(found)
        return [value] if self._alike or not is_false(found) else []

    def _expression(self, step: _Step, value: Json, *, last: bool) -> list[Json]:
        tried = _main(step)
        if last and tried.traced.done and self.records > _MESSAGES:
            return []
        found = tried.traced.run(value)
        return [] if found is None else [found]

    def _split(self, step: _Step, value: Json, *, last: bool) -> list[Json]:  # noqa: ARG002 - as the others
        tried = _main(step)
        found = tried.traced.run(value)
        tried.passed += found is UNKNOWN or bool(found)
        if not isinstance(found, list):
            return [UNKNOWN] if found is UNKNOWN else []
        if not step.config.get("keep_parent"):
            return found
        return [{**one, "parent": value} if isinstance(one, dict) else {"value": one, "parent": value} for one in found]

    def _map(self, step: _Step, value: Json, *, last: bool) -> list[Json]:
        lazily = last and self.records > _MESSAGES

        def built(node: Json, pointer: str) -> Json:
            if isinstance(node, str):
                tried = step.leaves[pointer]
                return UNKNOWN if lazily and tried.traced.done else tried.traced.run(value)
            if isinstance(node, dict):
                return {name: built(one, f"{pointer}/{_escaped(name)}") for name, one in node.items()}
            if isinstance(node, list):
                return [built(one, f"{pointer}/{at}") for at, one in enumerate(node)]
            return node

        return [built(step.config["to"], f"{step.pointer}/to")]


_ROLES = {"filter": "where", "jmespath": "expression", "split": "at"}


def _is_used(tried: Tried) -> bool:
    return tried.role not in ("where", "at") or tried.passed > 0


def _main(step: _Step) -> Tried:
    assert step.main is not None
    return step.main


def _steps(file: int, text: str, suffix: str) -> Iterator[_Step]:
    if suffix == ".jmespath":
        body, start = without_comments(text)
        yield _Step("jmespath", "", {}, Tried(Traced(body), file, 0, "", start, "expression"))
        return
    try:
        listed = parse(text)
    except JsonError:
        raise ExpressionError("the file is no JSON") from None
    for number, config in enumerate(listed):
        kind = str(config.get("type")) if isinstance(config, dict) else ""
        if kind != "map" and kind not in _ROLES:
            raise ExpressionError(f"'{kind}' cannot be tried")
        step = _Step(kind, f"/{number}", config)
        if kind in _ROLES:
            role = _ROLES[kind]
            step.main = Tried(Traced(str(config[role])), file, number, f"/{number}/{role}", 0, role)
        else:
            for pointer, one in _leaves(config["to"], f"/{number}/to"):
                step.leaves[pointer] = Tried(Traced(one), file, number, pointer, 0, "to")
        yield step


def _leaves(node: Json, pointer: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, str):
        yield pointer, node
    elif isinstance(node, dict):
        for name, one in node.items():
            yield from _leaves(one, f"{pointer}/{_escaped(name)}")
    elif isinstance(node, list):
        for at, one in enumerate(node):
            yield from _leaves(one, f"{pointer}/{at}")


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
