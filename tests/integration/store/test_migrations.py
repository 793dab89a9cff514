"""A run log of any earlier version, with work in it, is upgraded; the work goes on, and what has failed is grouped."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

from connector.core.errors import StoreError
from connector.store import causes, open_store, upgrade
from connector.store.engine import make_engine
from connector.store.migrate import HEAD
from connector.store.pack import key_hash, pack
from connector.store.tables import metadata
from tests.databases import KINDS, empty_database
from tests.integration.store.test_engine_run import Shelf, Target, route, run

VERSIONS = [f"{number:04}" for number in range(1, int(HEAD) + 1)]
NOW = datetime.now(UTC).replace(tzinfo=None)


@pytest.fixture(params=KINDS)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with empty_database(request.param, tmp_path, request.node.name) as url:
        yield url


def made(url: str, version: str) -> None:
    """A run log as that version made it, with a record that waits to be sent and one that has failed."""
    engine = make_engine(url)
    config = Config()
    config.set_main_option("script_location", str(resources.files("connector.store") / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, version)
    with engine.begin() as connection:
        for number, state in enumerate(("new", "failed"), start=1):
            key = f"x-{number}"
            common: dict[str, Any] = {"route": "things", "key": key, "fingerprint": ""}
            hashes = {"key_hash": key_hash(key), "record_key_hash": key_hash(str(number))}
            row = {**common, **hashes, "id": number, "first_run": 1, "seen_run": 1, "updated_at": NOW}
            put(connection, "item", row)
            why = {"code": "E", "message": f"'{key}' is no good"} if state == "failed" else None
            reason = pack(why) if why else None
            lane = key_hash("target", key)
            row = {**common, "id": number, "run_id": 1, "item_id": number, "lane": lane, "action": "upsert"}
            if why and version >= "0010":
                row["cause"] = causes.id_of_cause(why, key)
            message = pack({"payload": {"id": key, "n": number}})
            put(connection, "task", {**row, "state": state, "message": message, "reason": reason, "created_at": NOW})
        if connection.dialect.name == "postgresql":
            for table in ("item", "task"):
                connection.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), 10)")
    engine.dispose()


def put(connection: sa.Connection, table: str, row: dict[str, Any]) -> None:
    connection.execute(sa.table(table, *(sa.column(name) for name in row)).insert().values(**row))


@pytest.mark.parametrize("version", VERSIONS[:-1])
def test_work_of_an_earlier_version_goes_on_after_the_upgrade(version: str, empty: str) -> None:
    made(empty, version)
    assert upgrade(empty) == (version, HEAD)
    store = open_store(empty)
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    [cause] = causes.failures(store)
    assert (cause["cause"], cause["keys"]) == (
        causes.id_of_cause({"code": "E", "message": "'x-9' is no good"}, "x-9"),
        ["x-2"],
    )
    target = Target()
    result = run(route(Shelf([]), target), store)
    assert (result.exit_code, list(target.held)) == (0, ["x-1"])
    assert upgrade(empty) == (HEAD, HEAD)
    store.close()


def described(url: str) -> dict[str, Any]:
    """All that a database tells of its tables, in no order."""
    engine = make_engine(url)
    look = sa.inspect(engine)
    found = {
        table: {
            "columns": {one["name"]: {**one, "type": str(one["type"])} for one in look.get_columns(table)},
            "key": look.get_pk_constraint(table)["constrained_columns"],
            "foreign": sorted(
                (one["constrained_columns"], one["referred_table"]) for one in look.get_foreign_keys(table)
            ),
            "unique": sorted((one["name"] or "", one["column_names"]) for one in look.get_unique_constraints(table)),
            "indexes": {
                one["name"]: (
                    one["column_names"],
                    one["unique"],
                    {name: str(value) for name, value in one.get("dialect_options", {}).items()},
                )
                for one in look.get_indexes(table)
            },
        }
        for table in look.get_table_names()
    }
    engine.dispose()
    return found


def test_a_new_run_log_has_the_tables_that_all_migrations_together_make(empty: str, tmp_path: Path) -> None:
    assert upgrade(empty) == ("", HEAD)
    new = described(empty)
    assert set(new) == {*metadata.tables, "alembic_version"}
    assert sum("where" in str(index) for table in new.values() for index in table["indexes"].values()) == 4
    kind = "sqlite" if empty.startswith("sqlite") else "postgresql"
    (tmp_path / "another").mkdir()
    with empty_database(kind, tmp_path / "another", "migrated") as url:
        made(url, HEAD)
        assert described(url) == new


def test_a_table_of_somebody_else_is_not_taken_for_ours(empty: str) -> None:
    engine = make_engine(empty)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE task (id INTEGER)")
    with pytest.raises(StoreError, match="could not be upgraded"):
        upgrade(empty)
    assert list(described(empty)) == ["task"]
    engine.dispose()


def test_several_processes_that_make_a_run_log_at_once_make_one(empty: str) -> None:
    start = threading.Barrier(4)

    def make(_: int) -> tuple[str, str]:
        start.wait()
        return upgrade(empty)

    with ThreadPoolExecutor(4) as pool:
        assert {after for _, after in pool.map(make, range(4))} == {HEAD}
    assert set(described(empty)) == {*metadata.tables, "alembic_version"}
