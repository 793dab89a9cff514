"""``connector demo``: the whole product in two minutes, on a bundled PIM and a bundled Ibexa, with its own commands."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

import click

from connector.cli.options import examples
from connector.core.errors import ConfigError

_TYPES, _ROUTES = ("content-types",), ("categories", "products")


@click.command(epilog=examples("connector demo", "connector demo --keep"))
@click.option("--keep", is_flag=True, help="Leave PIM and Ibexa running afterwards, until Ctrl-C.")
@click.option("--pause/--no-pause", default=False, help="Wait for Enter between the acts.")
def command(keep: bool, pause: bool) -> None:  # noqa: FBT001 - click hands flags over so
    """Watch a catalogue of about 500 products flow from a PIM into an Ibexa; both are bundled.

    Nothing outside this machine is contacted, and no service is needed.
    """
    root = _project()
    database = root / ".connector" / "demo.db"
    for suffix in ("", "-wal", "-shm"):
        Path(f"{database}{suffix}").unlink(missing_ok=True)
    from connector.sandbox.ibexa import IbexaSandbox  # noqa: PLC0415 - not needed by any other command
    from connector.sandbox.pim import PimSandbox  # noqa: PLC0415

    with IbexaSandbox(port=0) as ibexa, PimSandbox(port=0) as pim:
        stage = _Stage(root, _environment(ibexa.url, pim.url, database), pause=pause)
        expected = _play(stage, ibexa, pim)
        _afterwards(stage, keep=keep)
    raise SystemExit(0 if expected else 1)


class _Stage:
    """Says what happens, and runs our own commands as anybody would."""

    def __init__(self, root: Path, env: Mapping[str, str], *, pause: bool) -> None:
        self.root = root
        self.env = env
        self._pause = pause
        self._act = 0

    def act(self, title: str) -> None:
        """A new heading."""
        if self._act and self._pause:
            click.pause("-- Enter --")
        self._act += 1
        click.secho(f"\n{self._act}. {title}", bold=True)

    def run(self, *arguments: str) -> int:
        """Show a command and run it; its exit code."""
        click.secho(f"   $ connector {' '.join(arguments)}", fg="cyan")
        sys.stdout.flush()
        program = [sys.executable, "-m", "connector", "-C", str(self.root), *arguments]
        return subprocess.run(program, env=self.env, check=False).returncode  # noqa: S603 - our own program


def _play(stage: _Stage, ibexa: object, pim: object) -> bool:
    stage.act("Who are we talking to?")
    ok = stage.run("check", "ibexa") == 0
    stage.act("The content types that the catalogue needs, from a declaration")
    ok &= stage.run("run", *_TYPES) == 0
    stage.act("The catalogue: categories, then products (nine are broken on purpose)")
    ok &= stage.run("run", *_ROUTES) in (0, 1)
    first = _versions(ibexa)
    stage.act("The same again: nothing has changed, so nothing is sent")
    ok &= stage.run("run", *_ROUTES) in (0, 1)
    again = _versions(ibexa)
    ok &= first == again
    changed = pim.change(7)  # type: ignore[attr-defined]
    disabled = pim.disable()  # type: ignore[attr-defined]
    stage.act(f"At the PIM somebody changes 7 products and disables {disabled}")
    ok &= stage.run("run", "products") in (0, 1)
    stage.act("What happened to one of them?")
    ok &= stage.run("items", "show", changed[0]) == 0
    stage.act("And what does Ibexa's own book say?")
    return _book(ibexa, again) and ok


def _versions(ibexa: object) -> int:
    by_op = ibexa.book.snapshot()["writes"]["by_op"]  # type: ignore[attr-defined]
    return int(by_op.get("content_version.publish", 0))


def _book(ibexa: object, before: int) -> bool:
    book = ibexa.book.snapshot()  # type: ignore[attr-defined]
    new, hidden = _versions(ibexa) - before, len(book["hidden"])
    doubled, drafts = len(book["duplicates"]), len(book["leftover_drafts"])
    click.echo(
        f"   {new} new versions and {hidden} hidden since the change; {doubled} doubled, {drafts} drafts left over"
    )
    return (new, hidden, doubled, drafts) == (7, 1, 0, 0)


def _afterwards(stage: _Stage, *, keep: bool) -> None:
    click.secho("\nWhat to try next", bold=True)
    click.echo("   connector demo --keep            leaves both systems running; then, with the exports it prints:")
    click.echo("   connector tasks failures         the broken ones, by cause")
    click.echo("   connector preview products       what the mapping makes of the first records")
    click.echo("   $EDITOR transformers/product.json, then connector run products: only what differs is sent")
    click.echo("   connector init my-shop           a project of your own; docs/tutorial.md goes on from there")
    if not keep:
        return
    names = (
        "IBEXA_BASE_URL",
        "IBEXA_USERNAME",
        "IBEXA_PASSWORD",
        "PIM_BASE_URL",
        "PIM_TOKEN",
        "CONNECTOR_DATABASE_URL",
    )
    click.echo("\nBoth systems go on until Ctrl-C. In another terminal:\n")
    for name in names:
        click.echo(f"   export {name}={stage.env[name]}")
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        click.echo("")


def _environment(ibexa_url: str, pim_url: str, database: Path) -> dict[str, str]:
    ours = {
        "IBEXA_BASE_URL": ibexa_url,
        "IBEXA_USERNAME": "admin",
        "IBEXA_PASSWORD": "publish",
        "PIM_BASE_URL": pim_url,
        "PIM_TOKEN": "demo-pim-token",
        "CONNECTOR_DATABASE_URL": f"sqlite:///{database.resolve()}",
    }
    return {**os.environ, **ours}


def _project() -> Path:
    """The project of the repository we are in, or the copy that an installed package carries."""
    here = Path.cwd()
    shipped = Path(__file__).resolve().parent.parent / "demo_project"
    for root in (here, Path(__file__).resolve().parents[2]):
        if (root / "configs" / "routes" / "products.json").is_file():
            return root
    if shipped.is_dir():
        return shipped
    raise ConfigError("the demo's project is not here", hint="Run it in a clone of the repository.")
