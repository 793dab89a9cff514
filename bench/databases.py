"""Run logs to measure on: SQLite files, or databases of their own on a PostgreSQL server."""

from __future__ import annotations

import argparse
import atexit
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlalchemy as sa


class Databases:
    """Run logs: SQLite files, or databases made on a server and dropped at the end."""

    def __init__(self, server: str = "") -> None:
        self._server = _server(server) if server else None
        self._made: dict[str, str] = {}

    def new(self, folder: Path) -> str:
        """The URL of an empty one."""
        return self._named(f"connector_bench_new_{os.getpid()}", folder, keep=False)

    def lasting(self, folder: Path) -> str:
        """The URL of the one of this folder, empty the first time."""
        return self._named(f"connector_bench_kept_{os.getpid()}", folder, keep=True)

    def _named(self, name: str, folder: Path, *, keep: bool) -> str:
        if self._server is None:
            return f"sqlite:///{folder}/run.db"
        if not (keep and self._made.get(name) == str(folder)):
            with self._server.connect() as connection:
                connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
                connection.exec_driver_sql(f"CREATE DATABASE {name}")
        self._made[name] = str(folder)
        return self._server.url.set(database=name).render_as_string(hide_password=False)

    @property
    def on_server(self) -> bool:
        """There the tables are made before a run, as its operator does; a run makes those of a SQLite file itself."""
        return self._server is not None

    def close(self) -> None:
        """Drop what was made."""
        if self._server is None:
            return
        with self._server.connect() as connection:
            for name in self._made:
                connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self._server.dispose()


def run_log(folder: Path) -> str:
    """The URL of an empty run log with its tables: a file, or on the server that CONNECTOR_BENCH_DATABASE names.

    One at a time: the next one takes the database of the one before.
    """
    server = os.environ.get("CONNECTOR_BENCH_DATABASE", "")
    if not server:
        return f"sqlite:///{folder}/run.db"
    from connector.store.migrate import upgrade  # noqa: PLC0415 - see _server

    databases = Databases(server)
    url = databases.new(folder)
    atexit.register(databases.close)
    upgrade(url)
    return url


def on_database(parser: argparse.ArgumentParser) -> None:
    """The option ``--database`` of a command whose figures can be had on a server too."""
    parser.add_argument(
        "--database", help="postgresql://…: of a server on which a database is made; else an SQLite file", default=""
    )


def _server(url: str) -> sa.Engine:
    # Imported late: the peak of the process that measures counts as the least peak of what it measures.
    import sqlalchemy as sa  # noqa: PLC0415

    from connector.store.engine import make_engine  # noqa: PLC0415

    return sa.create_engine(make_engine(url).url, isolation_level="AUTOCOMMIT")
