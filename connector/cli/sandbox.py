"""``connector sandbox``."""

from __future__ import annotations

import contextlib
import json
import signal
import threading
from typing import Any

import click


@click.command()
@click.option(
    "--port", default=8800, show_default=True, type=click.IntRange(0, 65535), help="Of the Ibexa; 0: a free one."
)
@click.option("--pim-port", type=click.IntRange(0, 65535), help="Start the bundled PIM too, on this port.")
@click.option("--token-ttl", default=3600.0, show_default=True, help="Life of a token in seconds.")
@click.option("--login-seconds", default=1.0, show_default=True, help="How long a log-in takes, as on a real server.")
@click.option("--latency-ms", default=0.0, help="Added to every answer.")
@click.option(
    "--fault", "faults", multiple=True, help='A fault rule as JSON, e.g. \'{"match": {"op": "content.create"}, …}\'.'
)
def command(**options: Any) -> None:
    r"""Start an offline Ibexa (and a PIM) to practise on; ends with Ctrl-C. Everything is in memory.

    \b
    Examples:
      connector sandbox
      connector sandbox --pim-port 8801
      connector sandbox --fault '{"match": {"op": "content.create"}, "when": {"every": 10}, "do": {"cut": "after"}}'
    """
    from connector.sandbox.ibexa import IbexaSandbox  # noqa: PLC0415 - only here

    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    with contextlib.ExitStack() as stack:
        sandbox = IbexaSandbox(
            port=options["port"], token_ttl=options["token_ttl"], login_seconds=options["login_seconds"]
        )
        stack.enter_context(sandbox)
        sandbox.faults.latency_ms = options["latency_ms"]
        for text in options["faults"]:
            _add_fault(sandbox, text)
        lines = [f"IBEXA_BASE_URL={sandbox.url}", "IBEXA_USERNAME=admin", "IBEXA_PASSWORD=publish"]
        if options["pim_port"] is not None:
            from connector.sandbox.pim import PimSandbox  # noqa: PLC0415

            pim = stack.enter_context(PimSandbox(port=options["pim_port"]))
            lines += [f"PIM_BASE_URL={pim.url}", "PIM_TOKEN=demo-pim-token"]
        for line in lines:
            click.echo(f"export {line}")
        click.echo(f"# the book: {sandbox.url}/_sandbox/book   Ctrl-C ends", err=True)
        stopped.wait()


def _add_fault(sandbox: Any, text: str) -> None:
    try:
        sandbox.faults.add(json.loads(text))
    except (ValueError, TypeError) as error:
        raise click.BadParameter(f"{text}: {error}", param_hint="--fault") from None
