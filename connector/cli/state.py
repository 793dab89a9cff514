"""What the options before the command say, and what they open."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from connector.cli.unread_variables import misspelt
from connector.config.whereabouts import is_project, no_project
from connector.core.errors import ConfigError
from connector.core.garbage import loading
from connector.core.secrets import RedactingFilter

if TYPE_CHECKING:
    from connector.app import Application
    from connector.core.protocols import Stop
    from connector.store import Store


class State(Struct, dict=True):
    """The group's options."""

    project: Path
    env_file: Path | None
    as_json: bool
    quiet: bool
    verbose: bool

    def __post_init__(self) -> None:
        handler = logging.StreamHandler(sys.stderr)
        handler.addFilter(RedactingFilter())
        handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
        logging.basicConfig(level=logging.INFO if self.verbose else logging.WARNING, handlers=[handler], force=True)
        # Its warnings quote URLs with their query; what matters of them reaches the user as our own errors.
        logging.getLogger("urllib3").setLevel(logging.ERROR)
        logging.getLogger("alembic").setLevel(logging.WARNING)

    @cached_property
    def env(self) -> Mapping[str, str]:
        """The environment over the env file."""
        found = dict(os.environ)
        if self.env_file is not None:
            from connector.config.envfile import read_env_file  # noqa: PLC0415

            found = {**read_env_file(self.env_file), **os.environ}
        for name, meant in misspelt(found):
            sys.stderr.write(f"warning: nothing reads the variable {name}. Did you mean {meant}?\n")
        return found

    @contextmanager
    def app(self, stop: Stop | None = None, *, partly: bool = False) -> Iterator[Application]:
        """The project for as long as the block lasts; ``partly``: with errors in it, see ``Application.open``."""
        with loading():
            from connector.app import Application  # noqa: PLC0415 - heavy

            opened = Application.open(self.project, self.env, stop=stop, partly=partly)
        with opened as app:
            yield app

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The run log; an unset database is the project's own SQLite file.

        Raises:
            ConfigError: see ``database_url``.
            StoreError: it cannot be opened.
        """
        with loading():
            from connector.store import open_store  # noqa: PLC0415 - heavy

            store = open_store(self.database_url)
        try:
            yield store
        finally:
            store.close()

    @property
    def database_url(self) -> str:
        """CONNECTOR_DATABASE_URL, or SQLite in the project's ``.connector``.

        Raises:
            ConfigError: neither is there; a question asked in the wrong folder shall not make a database in it.
        """
        given = self.env.get("CONNECTOR_DATABASE_URL")
        if given:
            return given
        if not is_project(self.project):
            message, hint = no_project(self.project)
            raise ConfigError(message, hint=hint)
        return f"sqlite:///{(self.project / '.connector' / 'connector.db').resolve()}"
