"""From errors to sentences on stderr and exit codes; the border of the process."""

from __future__ import annotations

import os
import sys
import traceback

import click

from connector.core.errors import ConfigError, ConnectorError
from connector.core.problem import Problem
from connector.core.secrets import redactor

UNEXPECTED = 70


def guarded(cli: click.Group) -> None:
    """Run the command line and leave the process with its exit code."""
    verbose = "-v" in sys.argv or "--verbose" in sys.argv
    try:
        code = cli.main(standalone_mode=False)
        sys.stdout.flush()
        sys.exit(code if isinstance(code, int) else 0)
    except click.exceptions.Exit as found:
        sys.exit(found.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.stderr.write("stopped\n")
        sys.exit(130)
    except BrokenPipeError:
        # The reader has gone; nothing is left to be said, and the interpreter must not say it either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except ConnectorError as error:
        say(error)
        sys.exit(error.exit_code)
    except Exception as error:  # noqa: BLE001 - the border of the process
        if verbose:
            sys.stderr.write(redactor.clean(traceback.format_exc()))
        name = type(error).__name__
        sys.stderr.write(f"error: an unexpected {name} in the connector itself; run with -v for the traceback\n")
        sys.exit(UNEXPECTED)


def say(error: ConnectorError) -> None:
    """An error with its hint and, for a project, every problem with its place."""
    problems = error.problems if isinstance(error, ConfigError) else ()
    for problem in problems:
        sys.stderr.write(line(problem) + "\n")
    sys.stderr.write(redactor.clean(f"error: {error.message}") + "\n")
    if error.hint:
        sys.stderr.write(redactor.clean(f"  {error.hint}") + "\n")


def line(problem: Problem) -> str:
    """``file:line:column: error CFG110: message. hint``."""
    place = f"{problem.place}: " if problem.place else ""
    hint = f"\n    {problem.hint}" if problem.hint else ""
    return redactor.clean(f"{place}{problem.severity} {problem.code}: {problem.message}{hint}")
