"""The command line. ``--help`` and completion import click and nothing heavy: commands are loaded when called."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import click

from connector import __version__
from connector.cli.guard import guarded
from connector.core.garbage import loading

COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("connector.cli.init:command", "Make a new project that validates."),
    "validate": ("connector.cli.validate:command", "Check all files of the project, offline or --online."),
    "check": ("connector.cli.check:command", "Log in at a client's system and say who, where and which version."),
    "discover": ("connector.cli.discover:command", "Write down the content types of an Ibexa, for editors and checks."),
    "catalogue": ("connector.cli.catalogue:command", "The operations of the Ibexa REST reference."),
    "explain": ("connector.cli.explain:command", "A route in full: each value and where it comes from, what it asks."),
    "diff-config": ("connector.cli.diff_config:command", "What changed since a git revision, in terms of routes."),
    "preview": ("connector.cli.preview:command", "Fetch and map a few records; write nothing."),
    "transform": ("connector.cli.transform:command", "Try a transformer on a record."),
    "run": ("connector.cli.run:command", "Run routes now."),
    "serve": ("connector.cli.serve:command", "Run routes by their schedules, until stopped."),
    "schedule": (
        "connector.cli.schedule:command",
        "When routes run next, what fired and what was missed; pause, resume.",
    ),
    "runs": ("connector.cli.runs:command", "What ran, when, and how it ended."),
    "tasks": ("connector.cli.tasks:command", "Tasks: list, show, retry, skip, group failures."),
    "items": ("connector.cli.items:command", "What happened to one key."),
    "replay": ("connector.cli.replay:command", "Send again what was sent: stored records, mapped anew."),
    "forget": ("connector.cli.forget:command", "Remove what the run log holds about one key."),
    "clients": ("connector.cli.clients:command", "The project's clients, and which of them are down."),
    "alerts": ("connector.cli.alerts:command", "Who is told of what: list, check, test."),
    "checkpoint": ("connector.cli.checkpoint:command", "How far a route has read; set or rewind it."),
    "requests": ("connector.cli.requests:command", "The request log: what was asked of a system, and answered."),
    "doctor": ("connector.cli.doctor:command", "Find what is stuck, and say what to do about it."),
    "db": ("connector.cli.db:command", "The run log's database."),
    "schema": ("connector.cli.schema:command", "JSON Schemas for editors."),
    "sandbox": ("connector.cli.sandbox:command", "Start an offline Ibexa, and a PIM, to practise on."),
    "demo": ("connector.cli.demo:command", "Watch a catalogue flow from a PIM into an Ibexa."),
    "completion": ("connector.cli.completion:command", "Shell completion for bash, zsh or fish."),
}

EPILOG = """\b
Exit codes:
  0 all well            3 a system or the run log could not be used
  1 some tasks failed   4 changes (discover --check)
  2 configuration       5 another process runs the route
                        6 ended early: cancelled, or beyond its deadline
  70 a fault in the connector itself: run it with -v, and report it
  130, 143 stopped by a signal
"""


class LazyGroup(click.Group):
    """Knows its commands by name and loads each when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """All names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Load one command."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        with loading():
            loaded: click.Command = getattr(importlib.import_module(module), attribute)
        loaded.name = cmd_name
        return loaded

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """Suggest the nearest name for an unknown one."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from connector.cli.slips import of_command  # noqa: PLC0415 - for slips only

            hint = of_command(args[0], list(COMMANDS)) or "`connector --help` lists all commands."
            raise click.UsageError(f"there is no command '{args[0]}'. {hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The table, without loading anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(
    cls=LazyGroup, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="connector")
@click.option(
    "-C", "--project", "project", type=click.Path(path_type=Path), default=Path(), help="The project's folder."
)
@click.option("--env-file", type=click.Path(path_type=Path), help="A file of NAME=value lines, under the environment.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of text.")
@click.option("-q", "--quiet", is_flag=True, help="No progress.")
@click.option("-v", "--verbose", is_flag=True, help="Say more; show tracebacks.")
@click.pass_context
def cli(ctx: click.Context, /, **options: Any) -> None:
    """Carry records from ERP and PIM systems into Ibexa DXP by declared routes, each one accounted for.

    Start with `connector demo`, or with `connector init my-project`.
    """
    from connector.cli.state import State  # noqa: PLC0415 - light, but after --help

    ctx.obj = State(**options)


def main() -> None:
    """The entry point: errors become sentences and exit codes."""
    guarded(cli)
