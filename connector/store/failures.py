"""From the database driver's errors to StoreError: what happened, where, and what to do. Never with a password."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from connector.core.errors import StoreError
from connector.store.address import shown

ELSEWHERE = (
    "Let this user write in its folder, or keep the run log elsewhere: "
    "export CONNECTOR_DATABASE_URL=sqlite:////path/to/connector.db"
)


class Locked(StoreError):
    """A lock was not to be had within the time that this transaction allows."""


@contextmanager
def translated(engine: sa.Engine) -> Iterator[None]:
    """Inside, what the driver says is said in our words.

    Raises:
        StoreError: the database failed.
    """
    try:
        yield
    except SQLAlchemyError as error:
        raise _store_error(error, engine) from None


_WHO_LOCKS = "See who holds it in pg_stat_activity, and end that session with pg_terminate_backend(pid)."
_UPGRADE = "Run `connector db upgrade`."
_STATES = {
    "42P01": ("the run log has no tables yet", _UPGRADE),
    "3F000": ("the run log has no tables yet", _UPGRADE),
    "42501": (
        "the user of the run log may not do that in its database",
        "GRANT it the rights on the schema, or name the user that owns the tables in CONNECTOR_DATABASE_URL.",
    ),
    "53100": ("the disk is full: nothing more can be accounted for", "Make room, then run again: it goes on."),
}
"""By PostgreSQL's own codes, which no language of the server changes."""
_SQLITE = (
    ("disk is full", "the disk is full: nothing more can be accounted for", "Make room, then run again: it goes on."),
    ("disk i/o", "the disk refuses to write", "Check the disk, then run again: it goes on."),
    ("readonly", "the run log is read-only", ELSEWHERE),
    ("unable to open", "the run log's file cannot be opened", ELSEWHERE),
    ("locked", "the run log stayed locked too long", "Is another process holding it? `connector runs` shows who."),
    ("malformed", "the run log's file is damaged", "Restore it from a backup; what was written at the target is safe."),
    ("not a database", "the run log's file is no database", "CONNECTOR_DATABASE_URL points to another file."),
    ("no such table", "the run log has no tables yet", _UPGRADE),
)
_CHECK = "Check CONNECTOR_DATABASE_URL and the server."
_PERCENT = "Correct it in CONNECTOR_DATABASE_URL; there @ is written %40, / %2F and % %25."
_SERVER = (
    (
        r'database ".*" does not exist',
        "the server {server} has no database '{database}'",
        "Make it (createdb {database}), or correct CONNECTOR_DATABASE_URL; then `connector db upgrade`.",
    ),
    (r'role ".*" does not exist', "the server {server} has no user '{user}'", _PERCENT),
    (
        r"password authentication failed|no password supplied",
        "the server {server} did not take the password of '{user}'",
        _PERCENT,
    ),
    (
        r"no pg_hba\.conf entry",
        "the server {server} lets '{user}' not in from this machine",
        "Add a line to its pg_hba.conf, or correct CONNECTOR_DATABASE_URL.",
    ),
    (
        r"failed to resolve host|could not translate host|name or service not known",
        "the run log's host '{host}' is not known",
        _CHECK,
    ),
    (r"refused|no such file", "nothing answers at {server}, where the run log's database should be", _CHECK),
    (r"starting up|shutting down|recovery mode", "the database server {server} is not ready yet", "Wait, then again."),
    (r"too many clients|connection slots", "the server {server} has no connection left", "Raise its max_connections."),
    (r"connection", "the run log's database at {server} cannot be reached", _CHECK),
)
"""While connecting, PostgreSQL's codes do not reach us: by its words, the most telling first."""
_LOCK_NOT_AVAILABLE = "55P03"


def _store_error(error: SQLAlchemyError, engine: sa.Engine) -> StoreError:
    original = getattr(error, "orig", None)
    state = getattr(original, "sqlstate", None)
    if state == _LOCK_NOT_AVAILABLE:
        return Locked("the run log stayed locked too long", hint=_WHO_LOCKS)
    if state in _STATES:
        message, hint = _STATES[state]
        return StoreError(message, hint=hint)
    cause = str(original or "").lower()
    if engine.dialect.name == "sqlite":
        file = f": {engine.url.database}" if engine.url.database else ""
        for word, message, hint in _SQLITE:
            if word in cause:
                return StoreError(message + file, hint=hint)
    elif found := _of_server(cause, engine.url):
        return found
    kind = type(original or error).__name__
    return StoreError(f"the run log's database failed ({kind})", hint="Run with -v for more.")


def _of_server(cause: str, url: sa.URL) -> StoreError | None:
    """What keeps us from a server's database; None when that is not said."""
    user = url.username or "the user of this process"
    named = {"server": shown(url), "host": url.host, "user": user, "database": url.database or user}
    for words, message, hint in _SERVER:
        if re.search(words, cause):
            return StoreError(message.format(**named), hint=hint.format(**named))
    return None
