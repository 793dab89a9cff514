"""``map``: a JSON object whose leaves are expressions, so that a failure names the one field it is in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import ClassVar, Self

from connector.core.identity import names_something
from connector.core.jsonio import Json
from connector.core.protocols import Scope
from connector.core.spec import Field, Spec
from connector.transformers.expression import Expression, ExpressionError

_Run = Callable[[Json], Json]


class Map:
    """Builds an object from the record, leaf by leaf."""

    spec: ClassVar[Spec] = Spec(
        "map",
        "Map",
        "Builds an object: every text in it is a JMESPath expression; numbers, booleans and null stand for themselves.",
        {
            "to": Field(
                {"type": "object", "minProperties": 1},
                "The object to build. A fixed text is written in single quotes: \"'standard'\".",
                required=True,
                example={
                    "payload": {"remote_id": "concat('pim-', identifier)", "fields": {"name": "values.name.en_GB"}}
                },
            )
        },
    )

    def __init__(self, run: _Run) -> None:
        self._run = run

    @classmethod
    def build(cls, config: Mapping[str, Json], place: str) -> Self:
        """Compile every leaf."""
        return cls(_compiled(config["to"], place, ""))

    def apply(self, value: Json, scope: Scope) -> Iterable[Json]:  # noqa: ARG002 - the protocol's words
        """The object."""
        return (self._run(value),)


def _compiled(node: Json, place: str, path: str, *, names: bool = False) -> _Run:
    if isinstance(node, str):
        step = f"{place} {path}"
        head, _, key = path.rpartition(".")
        try:
            expression = Expression(node, names=names, above=head.rpartition(".")[2] if names else key)
        except ExpressionError as error:
            raise ExpressionError(f"{path}: {error.message}", error.offset, error.hint) from None
        return lambda value: expression.search(value, step)
    if isinstance(node, dict):
        above = path.rpartition(".")[2]
        members = [
            (name, _compiled(one, place, f"{path}.{name}".lstrip("."), names=names_something(name, node, above)))
            for name, one in node.items()
        ]
        return lambda value: {name: run(value) for name, run in members}
    if isinstance(node, list):
        entries = [_compiled(one, place, f"{path}[{at}]") for at, one in enumerate(node)]
        return lambda value: [run(value) for run in entries]
    return lambda _value: node
