"""A run log of any earlier version, with work in it, is upgraded; the work goes on, and what has failed is grouped."""

from __future__ import annotations

from collections.abc import Iterator
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
            reason = pack({"code": "E", "message": f"'{key}' is no good"}) if state == "failed" else None
            lane = key_hash("target", key)
            row = {**common, "id": number, "run_id": 1, "item_id": number, "lane": lane, "action": "upsert"}
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


def test_an_index_is_about_the_rows_that_its_table_describes(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/x.db")
    found = {}
    for table in metadata.tables:
        for one in sa.inspect(store.engine).get_indexes(table):
            if "sqlite_where" in one.get("dialect_options", {}):
                found[one["name"]] = str(one["dialect_options"]["sqlite_where"])
    store.close()
    said = {one.name: str(one.info["where"]) for table in metadata.tables.values() for one in table.indexes if one.info}
    assert found == said
