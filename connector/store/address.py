"""Where the run log is: reads CONNECTOR_DATABASE_URL and says what is wrong with it, without its password."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from connector.core.errors import StoreError

_FORMS = "Use sqlite:///path/to/connector.db or postgresql://user:password@host/database."
_SLASHES = "Three slashes begin where you are, four at the root: sqlite:///{file} or sqlite:////{file}."
_IN_MEMORY = "A command would forget it as it ends. Name a file: sqlite:///path/to/connector.db"
_PERCENT = "In user and password, @ is written %40, / %2F, : %3A and % %25."
_LAST_PORT = 65_535


def parsed(url: str) -> sa.URL:
    """The address; of a file its absolute path, and of PostgreSQL our driver. Nothing is opened.

    Raises:
        StoreError: it is none, or of a kind that is not supported, or of a file in no folder.
    """
    try:
        found = make_url(url)
    except SQLAlchemyError:
        raise _none() from None
    except ValueError:
        raise _none("its port is no number", f"{_FORMS} {_PERCENT}") from None
    kind = found.get_backend_name()
    if kind == "sqlite":
        return _sqlite(found.set(drivername="sqlite"))
    if kind != "postgresql":
        hint = "Write postgresql:// in its place." if kind == "postgres" else _FORMS
        raise StoreError(f"a run log in '{kind}' is not supported", hint=hint)
    if "@" in (found.host or ""):
        raise _none("it has more than one @", _PERCENT)
    if found.port is not None and not 0 < found.port <= _LAST_PORT:
        raise _none(f"no server has the port {found.port}", f"PostgreSQL's is 5432. {_FORMS}")
    return found.set(drivername="postgresql+psycopg")


def file_of(url: sa.URL) -> Path | None:
    """The file of an SQLite database; None for another one, and for what is no plain file's name."""
    name = url.database or ""
    return Path(name) if url.get_backend_name() == "sqlite" and name and not name.startswith("file:") else None


def shown(url: sa.URL) -> str:
    """Host and port of a server, as in ``db.example.com:5432``; a socket's folder as it is."""
    return f"{url.host or 'localhost'}:{url.port or 5432}" if not (url.host or "").startswith("/") else str(url.host)


def _sqlite(url: sa.URL) -> sa.URL:
    if url.host:
        raise _none("two slashes name a host, which SQLite has not", _SLASHES.format(file=url.host))
    if url.database in (None, "", ":memory:"):
        raise _none("it names no file", _IN_MEMORY)
    path = file_of(url)
    if path is None or path.is_absolute():
        return url
    if not path.parent.is_dir():
        here = Path.cwd()
        hint = f"{_SLASHES.format(file=path)} Or make the folder."
        raise StoreError(f"the run log's file {path} would lie in {here}, which has no folder {path.parent}", hint=hint)
    return url.set(database=str(path.resolve()))


def _none(why: str = "", hint: str = _FORMS) -> StoreError:
    return StoreError("CONNECTOR_DATABASE_URL is no database URL" + (f": {why}" if why else ""), hint=hint)
