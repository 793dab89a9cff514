"""The border of the process: runs the command line and turns whatever ends it into an exit code. Imports little."""

from __future__ import annotations

import sys

import click

INTERRUPTED = 130


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
    sys.exit(code if isinstance(code, int) else 0)
