"""What several commands say alike: the option ``--json``, and the examples below a command's help."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from connector.cli.state import State

C = TypeVar("C", bound=Callable[..., Any])


class Whole(click.IntRange):
    """A whole number within bounds."""

    name = "integer"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number; what is none is told with the bounds."""
        try:
            int(value)
        except ValueError:
            least = "" if self.min is None else f" from {self.min}"
            most = "" if self.max is None else f" to {self.max}"
            self.fail(f"'{value}' is no whole number{least}{most}.", param, ctx)
        return super().convert(value, param, ctx)


def examples(*lines: str) -> str:
    """For ``epilog``: one command a line, kept as written (the backspace keeps click from wrapping them)."""
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)])


def json_option(command: C) -> C:
    """``--json`` on a command means the same as before it: ``state.as_json``."""
    option = click.option(
        "--json", is_flag=True, expose_value=False, callback=_remember, help="Print one JSON document."
    )
    return option(command)


def _remember(ctx: click.Context, _parameter: click.Parameter, given: bool) -> None:  # noqa: FBT001 - click's signature
    if given and isinstance(ctx.obj, State):
        ctx.obj.as_json = True
