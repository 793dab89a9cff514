"""``connector completion``."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from connector.cli.options import examples

_HOW = {
    "bash": 'eval "$(connector completion bash)"  # in ~/.bashrc',
    "zsh": 'eval "$(connector completion zsh)"   # in ~/.zshrc',
    "fish": "connector completion fish | source  # in ~/.config/fish/config.fish",
}


@click.command(epilog=examples(*_HOW.values()))
@click.argument("shell", type=click.Choice(sorted(_HOW)))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the completion script of a shell; the examples say what to put into its start file."""
    kind = get_completion_class(shell)
    assert kind is not None
    root = ctx.find_root().command
    if shell == "bash":  # which would take client:ibexa for three words
        click.echo('COMP_WORDBREAKS="${COMP_WORDBREAKS//:}"')
    click.echo(kind(root, {}, "connector", "_CONNECTOR_COMPLETE").source())
