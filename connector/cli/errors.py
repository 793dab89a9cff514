"""From errors to sentences on stderr and exit codes; the border of the process."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterable
from typing import TYPE_CHECKING

from connector.cli.output import plain
from connector.core.errors import ConfigError, ConnectorError
from connector.core.problem import Problem
from connector.core.secrets import redactor

if TYPE_CHECKING:
    from connector.app import Application

USAGE = 2
UNEXPECTED = 70


def told(error: Exception) -> int:
    """Say what an error means, and give the exit code."""
    if isinstance(error, ConnectorError):
        say(error)
        return error.exit_code
    if isinstance(error, OSError):
        _unexpected(_about_file(error))
        return USAGE
    name = type(error).__name__
    _unexpected(f"an unexpected {name} in the connector itself; run with -v for the traceback")
    return UNEXPECTED


def say(error: ConnectorError) -> None:
    """An error with its hint and, for a project, every problem with its place."""
    problems = error.problems if isinstance(error, ConfigError) else ()
    for problem in problems:
        sys.stderr.write(line(problem) + "\n")
    if problems and all(one.message in error.message for one in problems):
        return  # it says no more than they do
    sys.stderr.write(f"error: {plain(error.message)}\n")
    if error.hint and error.hint not in {one.hint for one in problems}:
        sys.stderr.write(f"  {plain(error.hint)}\n")


def say_elsewhere(app: Application, family: str, names: Iterable[str]) -> None:
    """One line on the errors of the project in what these parts are not made of, if there are any."""
    used = {one for name in names for one in app.faults.of(app.project, family, name)}
    if others := [one for one in app.faults.all if one not in used]:
        are = "1 error" if len(others) == 1 else f"{len(others)} errors"
        sys.stderr.write(f"note: the project has {are} in files that are not used here: `connector validate`\n")


def line(problem: Problem) -> str:
    """``file:line:column: error CFG110: message``, and the hint below it."""
    place = f"{problem.place}: " if problem.place else ""
    hint = f"\n    {plain(problem.hint)}" if problem.hint else ""
    return plain(f"{place}{problem.severity} {problem.code}: {problem.message}") + hint


def _about_file(error: OSError) -> str:
    """A file or folder that the command was given and cannot use."""
    place = f"{error.filename}: " if error.filename else ""
    return f"{place}{error.strerror or type(error).__name__}"


def _unexpected(sentence: str) -> None:
    """The sentence; before it, with ``-v``, how it came to it."""
    if logging.getLogger().isEnabledFor(logging.INFO):
        sys.stderr.write(redactor.clean(traceback.format_exc()))
    sys.stderr.write(f"error: {plain(sentence)}\n")
