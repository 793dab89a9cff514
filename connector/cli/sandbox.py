"""``connector sandbox``."""

from __future__ import annotations

import contextlib
import json
import re
import signal
import threading
from pathlib import Path
from typing import Any

import click

from connector.cli.options import Whole, examples
from connector.core.jsonio import JsonError, parse

EXAMPLES = examples(
    "connector sandbox",
    "connector sandbox --pim-port 8801 > .env",
    "connector sandbox --ibexa 5.0",
    "connector sandbox --seed shop.json",
    "connector sandbox --file shop.journal",
    """connector sandbox --fault '{"match": {"op": "content.create"}, "do": {"status": 503}}'""",
)


@click.command(epilog=EXAMPLES)
@click.option("--port", default=8800, show_default=True, type=Whole(0, 65535), help="Of the Ibexa; 0: a free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on; of the PIM too.")
@click.option(
    "--ibexa", default="4.6", show_default=True, type=click.Choice(["4.6", "5.0"]), help="The version that it is."
)
@click.option("--pim-port", type=Whole(0, 65535), help="Start the bundled PIM too, on this port.")
@click.option("--token-ttl", default=3600.0, show_default=True, help="Life of a token in seconds.")
@click.option("--login-seconds", default=1.0, show_default=True, help="How long a log-in takes, as on a real server.")
@click.option("--latency-ms", default=0.0, help="Added to every answer.")
@click.option(
    "--fault", "faults", multiple=True, help='A fault rule as JSON, e.g. \'{"match": {"op": "content.create"}, …}\'.'
)
@click.option("--seed", type=click.Path(path_type=Path), help="A JSON file with content and requests to begin with.")
@click.option("--file", type=click.Path(path_type=Path, dir_okay=False), help="Keep what is in the Ibexa there.")
def command(**options: Any) -> None:
    """Start an offline Ibexa (and a PIM) to practise on; ends with Ctrl-C.

    It prints the variables that a project needs, and nothing else: `connector sandbox --pim-port 8801 > .env`. The PIM
    has what a project of `connector init` asks for by itself.

    Everything is in memory, unless --file says where to keep it. --seed is for one that is new: a --file that holds
    something is left as it is.
    """
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    with contextlib.ExitStack() as stack:
        sandbox = _sandbox(options)
        stack.callback(sandbox.stop)
        if options["seed"] is not None and sandbox.is_new:
            _seed(sandbox, options["seed"])
        sandbox.faults.latency_ms = options["latency_ms"]
        for text in options["faults"]:
            _add_fault(sandbox, text)
        _start(stack, sandbox, "--port", options["port"])
        lines = [f"IBEXA_BASE_URL={sandbox.url}", "IBEXA_USERNAME=admin", "IBEXA_PASSWORD=publish"]
        if options["pim_port"] is not None:
            from connector.sandbox.pim import PimSandbox  # noqa: PLC0415

            pim = PimSandbox(options["host"], options["pim_port"])
            _start(stack, pim, "--pim-port", options["pim_port"])
            for name in ("PIM", "SOURCE"):  # the second is what `connector init` calls it by itself
                lines += [f"{name}_BASE_URL={pim.url}", f"{name}_TOKEN=demo-pim-token"]
        for line in lines:
            click.echo(f"export {line}")
        click.echo(
            f"# an Ibexa {sandbox.version}; what was asked of it: {sandbox.url}/_sandbox/book   Ctrl-C ends", err=True
        )
        stopped.wait()


def _sandbox(options: dict[str, Any]) -> Any:
    from connector.sandbox.ibexa import IbexaSandbox, JournalError  # noqa: PLC0415 - only here

    given = {name: options[name] for name in ("token_ttl", "login_seconds", "file")}
    try:
        return IbexaSandbox(options["host"], options["port"], version=options["ibexa"], **given)
    except JournalError as error:
        raise click.BadParameter(f"{error}.", param_hint="--file") from None
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise click.BadParameter(f"{options['file']}: {why}", param_hint="--file") from None


def _start(stack: contextlib.ExitStack, server: contextlib.AbstractContextManager[Any], option: str, port: int) -> None:
    try:
        stack.enter_context(server)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise click.BadParameter(f"port {port} cannot be had: {why}. 0 takes a free one.", param_hint=option) from None


def _seed(sandbox: Any, file: Path) -> None:
    try:
        sandbox.seed(json.loads(file.read_text(encoding="utf-8")))
    except OSError as error:
        raise click.BadParameter(f"{file}: {error.strerror or type(error).__name__}", param_hint="--seed") from None
    except ValueError as error:
        raise click.BadParameter(f"{file}: {error}", param_hint="--seed") from None


def _add_fault(sandbox: Any, text: str) -> None:
    try:
        rule = parse(text)
        sandbox.faults.add(rule)
        _check_operation(rule)
    except JsonError as error:
        raise click.BadParameter(f"{text}: {_no_json(text, str(error))}", param_hint="--fault") from None
    except (ValueError, TypeError) as error:
        raise click.BadParameter(f"{text}: {error}", param_hint="--fault") from None


def _no_json(text: str, error: str) -> str:
    """Where it ends to be JSON, and what to do."""
    from connector.config.json_slips import remedy  # noqa: PLC0415 - for slips only

    found = re.search(r" at line (\d+), column (\d+)", error)
    if found is None:
        return error
    return f"no JSON from character {found[2]} on. {remedy(text, int(found[1]), int(found[2]), error)}"


def _check_operation(rule: Any) -> None:
    """A fault of an operation that nobody ever asks for would be waited for in vain.

    Raises:
        ValueError: there is no operation of that name.
    """
    from connector.core.nearest import did_you_mean  # noqa: PLC0415 - only here
    from connector.systems.catalogue import ibexa  # noqa: PLC0415

    name = rule.get("match", {}).get("op")
    known = [one.id for one in ibexa().operations()]
    if name is not None and name not in known:
        near = did_you_mean(str(name), known) or "`connector catalogue list` shows them all."
        raise ValueError(f"there is no operation '{name}'. {near.strip()}")
