"""``split``: one record becomes many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar, Self

from connector.core.errors import RecordError
from connector.core.jsonio import Json, type_name
from connector.core.protocols import Scope
from connector.core.spec import BOOLEAN, JMESPATH, Field, Spec
from connector.transformers.expression import Expression


class Split:
    """Goes on with each element of a list on its own."""

    spec: ClassVar[Spec] = Spec(
        "split",
        "Split",
        "Goes on with every element of a list as a record of its own.",
        {
            "at": Field(JMESPATH, "Where the list is; null counts as empty.", required=True, example="variants"),
            "keep_parent": Field(BOOLEAN, "Give each element the whole record under the key `parent`.", default=False),
        },
    )

    def __init__(self, at: Expression, place: str, *, keep_parent: bool) -> None:
        self._at = at
        self._place = place
        self._keep_parent = keep_parent

    @classmethod
    def build(cls, config: Mapping[str, Json], place: str) -> Self:
        """Compile the place of the list."""
        return cls(Expression(config["at"]), place, keep_parent=bool(config.get("keep_parent", False)))

    def apply(self, value: Json, scope: Scope) -> Iterable[Json]:  # noqa: ARG002 - the protocol's words
        """The elements."""
        found = self._at.search(value, f"{self._place} at")
        if found is None:
            return ()
        if not isinstance(found, list):
            raise RecordError(f"split wants a list, not {type_name(found)}", step=f"{self._place} at")
        if not self._keep_parent:
            return found
        return [{**one, "parent": value} if isinstance(one, dict) else {"value": one, "parent": value} for one in found]
