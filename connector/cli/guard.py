"""The border of the process: runs the command line and turns whatever ends it into an exit code. Imports little."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

import click

from connector.core import garbage

INTERRUPTED = 130
STOPPED = (130, 143)


def guarded(cli: click.Group) -> None:
    """Run the command line and leave the process with its exit code. A reader that went away is click's business."""
    try:
        code = cli.main(prog_name="connector", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as found:
        code = found.exit_code
    except click.ClickException as error:
        (_with_its_place(error, cli) if isinstance(error, click.NoSuchOption) else error).show()
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        sys.stderr.write("stopped\n")
        code = INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the border of the process
        from connector.cli.errors import told  # noqa: PLC0415 - heavy, and rarely needed

        code = told(error)
    if code in STOPPED:
        _leave(code)
    garbage.ending()
    sys.exit(code if isinstance(code, int) else 0)


def _with_its_place(error: click.NoSuchOption, cli: click.Group) -> click.UsageError:
    """What is said of an option that something else does, or that all commands have and that stands before them."""
    from connector.cli.slips import of_option  # noqa: PLC0415 - for slips only

    if instead := of_option(error):
        return click.UsageError(f"No such option: {error.option_name}. {instead}", error.ctx)
    known = {name: one for one in cli.params if isinstance(one, click.Option) for name in one.opts}
    name = error.option_name
    if error.ctx is None or name not in known:
        return error
    value = "" if known[name].is_flag else " …"
    command = error.ctx.command_path.partition(" ")[2]
    said = f"{error.format_message()} It stands before the command: connector {name}{value} {command}"
    return click.UsageError(said, error.ctx)


def _leave(code: int) -> None:
    """End now: the books are closed, and a thread that hangs in a foreign system's answer shall not be waited for."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)
