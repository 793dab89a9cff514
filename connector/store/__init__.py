"""The SQL run log: the only part that knows SQLAlchemy."""

from connector.store.engine import Store
from connector.store.migrate import open_store, revision, upgrade

__all__ = ["Store", "open_store", "revision", "upgrade"]
