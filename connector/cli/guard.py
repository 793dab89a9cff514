"""The border of the process: runs the command line and turns whatever ends it into an exit code. Imports little."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

import click

INTERRUPTED = 130
STOPPED = (130, 143)


def guarded(cli: click.Group) -> None:
    """Run the command line and leave the process with its exit code. A reader that went away is click's business."""
    try:
        code = cli.main(standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as found:
        code = found.exit_code
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        sys.stderr.write("stopped\n")
        code = INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the border of the process
        from connector.cli.errors import told  # noqa: PLC0415 - heavy, and rarely needed

        code = told(error)
    if code in STOPPED:
        _leave(code)
    sys.exit(code if isinstance(code, int) else 0)


def _leave(code: int) -> None:
    """End now: the books are closed, and a thread that hangs in a foreign system's answer shall not be waited for."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)
