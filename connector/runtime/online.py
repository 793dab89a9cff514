"""Asks the systems of a project's clients, side by side, so that `validate --online` can say what does not fit them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from connector.app import Application, validate_project
from connector.checks.online import Online, Told, ask, unusable
from connector.core.errors import ConfigError
from connector.core.nearest import did_you_mean

AT_ONCE = 8
"""Clients that are asked at the same time: one that does not answer takes its time-out alone."""


def ask_systems(
    root: Path, env: Mapping[str, str], names: Sequence[str], told: Callable[[str], None] = lambda _text: None
) -> Online:
    """Ask; nothing is written anywhere.

    Args:
        root: the project's folder.
        env: the environment.
        names: of clients; empty: all that are enabled.
        told: is given the name of each client that has been asked.

    Raises:
        ConfigError: there is no client of such a name.
    """
    project, problems = validate_project(root, env)
    for name in names:
        if name not in project.clients and ("client", name) not in project.broken:
            hint = (
                f"{did_you_mean(name, project.clients)}Known are: {', '.join(sorted(project.clients)) or 'none yet'}."
            )
            raise ConfigError(f"there is no client '{name}'", hint=hint)
    wrong = {one.place.file for one in problems if one.severity == "error" and one.place}
    asked = [
        one
        for name, one in sorted(project.clients.items())
        if one.shown not in wrong and (name in names if names else one.enabled)
    ]
    with Application(project, env) as app, ThreadPoolExecutor(AT_ONCE) as threads:

        def answer(name: str) -> Told:
            declaration = project.clients[name]
            try:
                client = app.asking_client(name)
            except ConfigError as error:
                # Of its variables the files themselves tell, each at its place.
                return Told(lacks=True) if error.problems else Told(found=[unusable(declaration, error)])
            try:
                return ask(project, declaration, client, app.services.clock)
            finally:
                client.close()
                told(name)

        answers = dict(zip([one.name for one in asked], threads.map(answer, [one.name for one in asked]), strict=True))
    known = {name: one.known for name, one in answers.items() if one.known is not None}
    needed = frozenset(project.clients[name].shown for name, one in answers.items() if one.lacks)
    return Online(known, [found for one in answers.values() for found in one.found], needed)
