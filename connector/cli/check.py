"""``connector check``."""

from __future__ import annotations

import click

from connector.cli.errors import say
from connector.cli.output import print_facts, print_json
from connector.cli.state import State
from connector.core.errors import ConnectorError
from connector.core.jsonio import Json


@click.command()
@click.argument("clients", nargs=-1)
@click.option("--all", "check_all", is_flag=True, help="All clients of the project.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def command(state: State, clients: tuple[str, ...], check_all: bool, as_json: bool) -> None:  # noqa: FBT001
    r"""Log in at a client's system and say who, where, which version and how long it took; or why not.

    \b
    Examples:
      connector check ibexa
      connector check --all
    """
    found: list[dict[str, Json]] = []
    worst = 0
    with state.app() as app:
        names = sorted(app.project.clients) if check_all else list(clients)
        if not names:
            listed = ", ".join(sorted(app.project.clients)) or "none yet; declare one in configs/clients/"
            raise click.UsageError(f"name a client, or --all. Clients are: {listed}.")
        for name in names:
            try:
                facts = _facts(
                    app.client(name), str(app.project.clients[name].data["type"]) if name in app.project.clients else ""
                )
            except ConnectorError as error:
                worst = max(worst, error.exit_code)
                facts = {"client": name, "ok": False, "problem": error.problem().as_json()}
                if not (as_json or state.as_json):
                    say(error)
            else:
                if not (as_json or state.as_json):
                    print_facts(facts)
            found.append(facts)
    if as_json or state.as_json:
        print_json(found)
    raise click.exceptions.Exit(worst)


def _facts(client: object, kind: str) -> dict[str, Json]:
    from connector.clients import HttpClient  # noqa: PLC0415
    from connector.clients.request import Request  # noqa: PLC0415
    from connector.systems.ibexa.verify import verify  # noqa: PLC0415

    assert isinstance(client, HttpClient)
    if kind == "ibexa":
        return {"client": client.name, "ok": True, **verify(client)}
    client.login()
    response = client.send(Request("GET", "/"))
    facts = {"client": client.name, "ok": response.status < 500, **client.describe()}
    facts.pop("name")
    return {**facts, "answer": f"{response.status} at {response.url}", "seconds": round(response.seconds, 3)}
