"""``filter``: lets a record pass, or not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar, Self

from connector.core.jsonio import Json
from connector.core.protocols import Scope
from connector.core.spec import JMESPATH, Field, Spec
from connector.transformers.expression import Expression


class Filter:
    """Keeps the records for which the expression is true, by JMESPath's idea of it."""

    spec: ClassVar[Spec] = Spec(
        "filter",
        "Filter",
        "Lets a record pass when the expression is true; false, null and what is empty stop it.",
        {"where": Field(JMESPATH, "The condition.", required=True, example="enabled && price.amount")},
    )

    def __init__(self, where: Expression, place: str) -> None:
        self._where = where
        self._place = place

    @classmethod
    def build(cls, config: Mapping[str, Json], place: str) -> Self:
        """Compile the condition."""
        return cls(Expression(config["where"]), place)

    def apply(self, value: Json, scope: Scope) -> Iterable[Json]:  # noqa: ARG002 - the protocol's words
        """The value, or nothing."""
        found = self._where.search(value, f"{self._place} where")
        return () if found is None or found is False or found in ("", [], {}) else (value,)
