"""Inserting a row that another process may be inserting at this very moment."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from connector.core.jsonio import Json


def insert_if_new(connection: sa.Connection, table: sa.Table, values: Mapping[str, Json]) -> None:
    """Insert unless a row with the same key is there."""
    # Each dialect has an insert of its own, and costs every start some 30 ms to load: only the one in use is.
    if connection.dialect.name == "sqlite":
        from sqlalchemy.dialects import sqlite  # noqa: PLC0415

        connection.execute(sqlite.insert(table).values(**values).on_conflict_do_nothing())
    else:
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415

        connection.execute(postgresql.insert(table).values(**values).on_conflict_do_nothing())
