"""``jmespath``: one expression over the whole record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar, Self

from connector.core.jsonio import Json
from connector.core.protocols import Scope
from connector.core.spec import JMESPATH, Field, Spec
from connector.transformers.expression import Expression


class JmesPath:
    """Replaces the record by what the expression finds; null stops it."""

    spec: ClassVar[Spec] = Spec(
        "jmespath",
        "JMESPath",
        "Replaces the record by what one expression finds in it; null stops it.",
        {
            "expression": Field(
                JMESPATH, "The expression.", required=True, example="{sku: identifier, name: values.name}"
            )
        },
    )

    def __init__(self, expression: Expression, place: str) -> None:
        self._expression = expression
        self._place = place

    @classmethod
    def build(cls, config: Mapping[str, Json], place: str) -> Self:
        """Compile the expression."""
        return cls(Expression(config["expression"]), place)

    def apply(self, value: Json, scope: Scope) -> Iterable[Json]:  # noqa: ARG002 - the protocol's words
        """What it finds, unless that is null."""
        found = self._expression.search(value, self._place)
        return () if found is None else (found,)
