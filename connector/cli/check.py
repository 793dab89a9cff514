"""``connector check``."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlsplit

import click

from connector.cli.errors import say
from connector.cli.names import Name
from connector.cli.options import examples, json_option
from connector.cli.output import print_facts, print_json
from connector.cli.state import State
from connector.core.errors import AuthRefused, BadAnswer, ConnectorError
from connector.core.jsonio import Json

if TYPE_CHECKING:
    from connector.app import Application
    from connector.clients import HttpClient
    from connector.clients.request import Response

EXAMPLES = examples(
    "connector check ibexa", "connector check pim --path /api/products?limit=1", "connector check --all"
)


@click.command(epilog=EXAMPLES)
@click.argument("clients", nargs=-1, type=Name("client"))
@click.option("--all", "check_all", is_flag=True, help="All clients of the project.")
@click.option("--path", help="What to ask a client of type http for, below its base URL.  [default: /]")
@json_option
@click.pass_obj
def command(state: State, clients: tuple[str, ...], check_all: bool, path: str | None) -> None:  # noqa: FBT001
    """Log in at a client's system and say who, where, which version and how long it took; or why not."""
    found: list[dict[str, Json]] = []
    worst = 0
    with state.app() as app:
        for name in _chosen(app, clients, everything=check_all):
            try:
                facts = {"client": name, "ok": True, **_facts(app, name, path)}
            except ConnectorError as error:
                worst = max(worst, error.exit_code)
                facts = {"client": name, "ok": False, "problem": error.problem().as_json()}
                if not state.as_json:
                    say(error)
            else:
                if not state.as_json:
                    print_facts(facts)
            found.append(facts)
    if state.as_json:
        print_json(found)
    raise click.exceptions.Exit(worst)


def _chosen(app: Application, wanted: tuple[str, ...], *, everything: bool) -> list[str]:
    known = sorted(app.project.clients)
    if everything and wanted:
        raise click.UsageError(f"name clients, or --all, not both: --all asks {', '.join(known)}.")
    names = known if everything else list(dict.fromkeys(wanted))
    if not names:
        listed = ", ".join(known) or "none yet; declare one in configs/clients/"
        raise click.UsageError(f"name a client, or --all. Clients are: {listed}.")
    return names


def _facts(app: Application, name: str, path: str | None) -> dict[str, Json]:
    from connector.clients.ibexa import IbexaClient  # noqa: PLC0415 - heavy
    from connector.systems.ibexa.verify import verify  # noqa: PLC0415

    client: HttpClient = app.client(name)
    return verify(client) if isinstance(client, IbexaClient) else _asked(client, path)


def _asked(client: HttpClient, path: str | None) -> dict[str, Json]:
    """What a system of no known kind answers.

    Raises:
        AuthRefused: it does not take the credentials.
        BadAnswer: a path that somebody named is not there, or the server fails.
    """
    from connector.clients.request import Request  # noqa: PLC0415

    client.login()
    parts = urlsplit(path or "/")
    below = "/" + quote(parts.path.lstrip("/"), safe="/%:@!$&'()*+,;=~")
    response = client.send(Request("GET", below, tuple(parse_qsl(parts.query, keep_blank_values=True))))
    _judge(client, response, below, named=path is not None)
    described = {name: value for name, value in client.describe().items() if name != "name"}
    answer = f"{response.status} to GET {below}"
    if response.status >= 400:
        answer += " (a base URL needs no page of its own: try --path)"
    return {**described, "answer": answer, "seconds": round(response.seconds, 3)}


def _judge(client: HttpClient, response: Response, path: str, *, named: bool) -> None:
    what = f"{client.base_url} answers {response.status} to GET {path}"
    if response.status in (401, 403):
        raise AuthRefused(f"{what}: it does not take these credentials", hint=f"Check auth of client {client.name}.")
    if response.status >= 500 or (named and response.status >= 400):
        raise BadAnswer(what, hint="Check base_url and --path." if named else "Check base_url, or ask again later.")
