"""What every command says about itself; nothing is run."""

from __future__ import annotations

import importlib
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from connector.cli import COMMANDS, cli
from connector.cli.options import examples


def loaded(name: str) -> click.Command:
    module, _, attribute = COMMANDS[name][0].partition(":")
    found: click.Command = getattr(importlib.import_module(module), attribute)
    return found


def all_commands() -> Iterator[tuple[str, ...]]:
    for name in sorted(COMMANDS):
        yield (name,)
        command = loaded(name)
        if isinstance(command, click.Group):
            yield from ((name, inner) for inner in sorted(command.commands))


@pytest.mark.parametrize("path", list(all_commands()), ids=" ".join)
def test_every_command_has_examples_one_a_line(path: tuple[str, ...]) -> None:
    said = CliRunner().invoke(cli, [*path, "--help"])
    assert said.exit_code == 0
    lines = said.stdout.splitlines()
    at = lines.index("  Examples:")
    shown = lines[at + 1 :]
    assert shown
    assert all("connector" in line for line in shown), "each on its own line, not wrapped into a paragraph"
    assert f"connector {path[0]}" in "\n".join(shown) or "--env-file" in "\n".join(shown)
    assert "\\b" not in said.stdout
    assert "\b" not in said.stdout


def printing() -> Iterator[tuple[str, ...]]:
    silent = {("init",), ("serve",), ("sandbox",), ("completion",), ("demo",)}
    for path in all_commands():
        if path not in silent and (path == ("runs",) or not isinstance(loaded(path[0]), click.Group) or len(path) == 2):
            yield path


@pytest.mark.parametrize("path", list(printing()), ids=" ".join)
def test_every_command_that_prints_takes_json_after_it_too(path: tuple[str, ...]) -> None:
    assert "--json" in CliRunner().invoke(cli, [*path, "--help"]).stdout


@pytest.mark.parametrize("name", sorted(set(COMMANDS)))
def test_every_command_of_the_table_can_be_loaded_and_has_a_sentence(name: str) -> None:
    assert COMMANDS[name][1].endswith(".")
    assert loaded(name).get_short_help_str(200)


def test_the_exit_codes_are_told() -> None:
    said = CliRunner().invoke(cli, ["--help"]).stdout
    for code in ("0 all well", "1 some tasks failed", "2 configuration", "3 a system", "4 changes", "5 another", "130"):
        assert code in said


def test_the_nearest_command_is_suggested() -> None:
    said = CliRunner().invoke(cli, ["vlidate"])
    assert said.exit_code == 2
    assert "Did you mean 'validate'?" in said.output
    assert "lists all commands" in CliRunner().invoke(cli, ["zzz"]).output


def test_examples_survive_clicks_wrapping() -> None:
    long = "connector run " + " ".join(["products"] * 20)

    @click.command(epilog=examples(long, "connector x"))
    def command() -> None:
        """Say nothing."""

    said = CliRunner().invoke(command, ["--help"]).stdout
    assert f"    {long}\n    connector x\n" in said
