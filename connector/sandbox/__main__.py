"""``python -m connector.sandbox``: an Ibexa to try things against, until Ctrl-C or SIGTERM."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading

from connector.sandbox.ibexa import IbexaSandbox
from connector.sandbox.ibexa.releases import RELEASES, V4_6


def main(arguments: list[str] | None = None) -> int:
    """Serve until told to stop; prints one line with the address and the credentials."""
    given = _parser().parse_args(arguments)
    sandbox = IbexaSandbox(
        given.host, given.port, version=given.ibexa, token_ttl=given.token_ttl, login_seconds=given.login_seconds
    )
    try:
        for fault in given.fault:
            rules = json.loads(fault)
            for rule in rules if isinstance(rules, list) else [rules]:
                sandbox.faults.add(rule)
    except ValueError as error:
        print(f"--fault: {error}", file=sys.stderr)
        return 2
    sandbox.faults.latency_ms = given.latency_ms
    return _serve(sandbox, given.port)


def _serve(sandbox: IbexaSandbox, port: int) -> int:
    stopped = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopped.set())
    try:
        sandbox.start()
    except OSError as error:
        print(f"port {port}: {error.strerror}; choose another with --port, or 0 for a free one", file=sys.stderr)
        return 3
    rest = f"{sandbox.url}/api/ibexa/v2"
    print(
        f"Ibexa sandbox at {sandbox.url} (Ibexa {sandbox.version}, REST {rest}), user admin, password publish",
        flush=True,
    )
    stopped.wait()
    sandbox.stop()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m connector.sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8800, help="0 takes a free one (default: 8800)")
    parser.add_argument("--ibexa", choices=list(RELEASES), default=V4_6.name, help="the version (default: 4.6)")
    parser.add_argument("--token-ttl", type=float, default=3600.0, metavar="SECONDS", help="how long a token is good")
    parser.add_argument("--login-seconds", type=float, default=1.0, metavar="SECONDS", help="how long a login takes")
    parser.add_argument("--latency-ms", type=float, default=0.0, metavar="MS", help="what every request takes longer")
    parser.add_argument(
        "--fault", action="append", default=[], metavar="JSON", help="a fault rule, or a list of them; may be repeated"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
