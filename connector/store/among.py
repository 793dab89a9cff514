"""``column IN (one of many)`` with one parameter for all: a statement is then the same text for any number of them.

SQLAlchemy's own expanding IN writes the statement anew, with a parameter a value, each time it is executed: for a page
of a hundred records that cost more than asking the database.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator


class _Many(TypeDecorator[Sequence[object]]):
    """An array where the database has them, else a JSON text."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, of: sa.types.TypeEngine[Any]) -> None:
        super().__init__()
        self.of = of

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        """The type of the parameter."""
        return dialect.type_descriptor(sa.ARRAY(self.of) if dialect.name == "postgresql" else sa.Text())

    def process_bind_param(self, value: Sequence[object] | None, dialect: sa.Dialect) -> Any:
        """The values as that type wants them."""
        values = list(value or ())
        return values if dialect.name == "postgresql" else json.dumps(values)


class _Among(FunctionElement[bool]):
    type = sa.Boolean()
    inherit_cache = True
    name = "among"

    def self_group(self, against: Any = None) -> Any:  # noqa: ARG002 - SQLAlchemy's signature
        """As it is: a condition, not a value to be compared with 1, which would keep databases from an index."""
        return self


def among(column: sa.Column[Any], name: str) -> sa.ColumnElement[bool]:
    """Whether the column holds one of the values that the parameter ``name`` is given at execution."""
    plain = sa.BigInteger() if isinstance(column.type, sa.BigInteger) else sa.String()
    return _Among(column, sa.bindparam(name, type_=_Many(plain)))


@compiles(_Among)
def _in_json(element: _Among, compiler: Any, **options: Any) -> str:
    column, values = (compiler.process(one, **options) for one in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - both are SQLAlchemy's own text


@compiles(_Among, "postgresql")
def _in_array(element: _Among, compiler: Any, **options: Any) -> str:
    column, values = (compiler.process(one, **options) for one in element.clauses)
    return f"{column} = ANY ({values})"
