"""What every step is: one value in, none, one or many out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar, Protocol, Self

from connector.core.jsonio import Json
from connector.core.protocols import Scope
from connector.core.spec import Spec


class Step(Protocol):
    """One step of a transformer file."""

    spec: ClassVar[Spec]

    @classmethod
    def build(cls, config: Mapping[str, Json], place: str) -> Self:
        """Compile the step.

        Args:
            config: as written.
            place: for errors, e.g. ``product.json step 2 (map)``.

        Raises:
            ExpressionError: see connector.transformers.expression.
        """
        ...

    def apply(self, value: Json, scope: Scope) -> Iterable[Json]:
        """Transform.

        Raises:
            RecordError: naming the place.
        """
        ...
