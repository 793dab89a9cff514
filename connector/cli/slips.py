"""What somebody most likely meant who took a wrong word for a command or an option; only hints, never a guess."""

from __future__ import annotations

import difflib
from typing import Any

import click

WORDS = {
    "test": "preview or validate",
    "try": "preview or run",
    "status": "runs or doctor",
    "history": "runs",
    "logs": "runs or requests",
    "log": "runs or requests",
    "failures": "tasks failures",
    "retry": "tasks retry",
    "upgrade": "db upgrade",
    "migrate": "db upgrade",
    "start": "run or serve",
    "sync": "run",
    "import": "run",
    "push": "run",
    "export": "preview",
    "routes": "explain or schedule list",
    "list": "clients, schedule list or catalogue list",
    "new": "init",
    "create": "init",
    "lint": "validate",
    "rewind": "checkpoint rewind",
    "types": "discover",
    "operations": "catalogue list",
}
"""Names that other tools have, and ours."""

OPTIONS = {
    ("run", "--limit"): "To look at a few records: connector preview ROUTE --limit 5, which writes nothing.",
    ("run", "--key"): "To send one entity again: connector replay ROUTE --key KEY.",
    ("run", "--force"): "What is unchanged is not sent. To send it again all the same: connector replay ROUTE.",
    ("run", "--full"): "To read everything again: connector checkpoint rewind ROUTE start.",
    ("run", "--route"): "Routes are named without it: connector run ROUTE.",
    ("preview", "--key"): "It takes the first records: --limit N takes more of them.",
    ("preview", "--route"): "The route is named without it: connector preview ROUTE.",
    ("validate", "--strict"): "Unset variables are errors with --env.",
    **{("doctor", one): "It is called --repair." for one in ("--fix", "--mend", "--heal")},
    **{
        ("db prune", one): '`retention` in configs/project.json says it, such as {"finished": "30d"}.'
        for one in ("--days", "--older-than", "--keep", "--before", "--age")
    },
    ("db prune", "--vacuum"): "It is called --compact.",
}
"""By command and option that it has not: what does it instead."""
_NEAR = 0.65


def of_command(word: str, known: list[str]) -> str:
    """``Did you mean 'run'?``, or what our name for it is; empty when nothing is near."""
    near = difflib.get_close_matches(word, known, 1, cutoff=_NEAR)
    if word.lower() in WORDS and not (near and near[0].startswith(word)):
        return f"Did you mean {WORDS[word.lower()]}?"
    return f"Did you mean '{near[0]}'?" if near else ""


def of_option(error: click.NoSuchOption) -> str:
    """What does it instead, where that is known; else empty."""
    names, ctx = list[str](), error.ctx
    while ctx is not None and ctx.parent is not None:  # the program itself may be called by several words
        names.insert(0, str(ctx.info_name))
        ctx = ctx.parent
    return OPTIONS.get((" ".join(names), error.option_name), "")


class Commands(click.Group):
    """A command's own commands. A word that is none of them may be meant for ``show``."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """Say what there is, and what may have been meant."""
        word = args[0] if args else ""
        if not word or word.startswith("-") or self.get_command(ctx, word) is not None:
            return super().resolve_command(ctx, args)
        own = self.list_commands(ctx)
        hint = of_command(word, own)
        if not hint and "show" in own:
            hint = f"Did you mean: {ctx.command_path} show {' '.join(args)}?"
        said = [f"there is no command '{word}' here.", hint, f"It has: {', '.join(own)}."]
        raise click.UsageError(" ".join(one for one in said if one), ctx)
