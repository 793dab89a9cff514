"""Alembic migrations of the run log, shipped in the package."""
