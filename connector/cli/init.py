"""``connector init``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from connector.core.jsonio import Json


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path())
@click.option("--source", default="source", show_default=True, help="A name for the system that is read from.")
@click.option("--endpoint", default="/products", show_default=True, help="The path there that lists records.")
@click.option("--records", default="@", show_default=True, help="Where the records are in an answer (JMESPath).")
@click.option("--key", default="id", show_default=True, help="What names a record (JMESPath).")
@click.option(
    "--auth", type=click.Choice(["bearer", "none"]), default="bearer", show_default=True, help="How it knows us."
)
@click.option("--content-type", default="article", show_default=True, help="The content type to write.")
def command(folder: Path, **answers: str) -> None:
    r"""Make a small project that validates: one source, one mapping, one route into Ibexa. Overwrites nothing.

    \b
    Examples:
      connector init my-shop
      connector init my-shop --source erp --endpoint /articles --records items --key sku
    """
    made, kept = [], []
    for name, text in _files(answers).items():
        path = folder / name
        if path.exists():
            kept.append(name)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        made.append(name)
    _export_schemas(folder)
    for name in made:
        click.echo(f"made  {folder / name}")
    for name in kept:
        click.echo(f"kept  {folder / name}  (it was there)")
    click.echo("\nNext:")
    if folder != Path():
        click.echo(f"  cd {folder}")
    click.echo("  cp .env.example .env            # and fill it in; `connector sandbox` gives an Ibexa to practise on")
    click.echo("  connector --env-file .env check --all")
    click.echo(f"  connector --env-file .env preview {answers['source']} --record")
    click.echo(f"  connector --env-file .env run {answers['source']}")


def _export_schemas(folder: Path) -> None:
    from connector.app import schemas  # noqa: PLC0415 - heavy
    from connector.config.schema import export  # noqa: PLC0415

    export(schemas(), folder / ".connector" / "schemas")


def _files(answers: dict[str, str]) -> dict[str, str]:
    source, upper = answers["source"], answers["source"].upper().replace("-", "_")
    mapping = {
        "payload": {
            "remote_id": f"concat('{source}-', {answers['key']})",
            "fields": {"title": "required(name, 'a record needs a name')", "intro": {"text": "description"}},
        }
    }
    has_token = answers["auth"] == "bearer"
    auth = {"type": "bearer", "token": f"${{{upper}_TOKEN}}"} if has_token else {"type": "none"}
    token_line = f"{upper}_TOKEN=\n" if has_token else ""
    return {
        f"configs/clients/{source}.json": _declared(
            "client", {"type": "http", "base_url": f"${{{upper}_BASE_URL}}", "auth": auth}
        ),
        "configs/clients/ibexa.json": _declared(
            "client",
            {
                "type": "ibexa",
                "base_url": "${IBEXA_BASE_URL}",
                "auth": {"type": "jwt", "username": "${IBEXA_USERNAME}", "password": "${IBEXA_PASSWORD}"},
            },
        ),
        f"configs/incoming/{source}.json": _declared(
            "incoming",
            {
                "type": "http",
                "client": source,
                "endpoint": answers["endpoint"],
                "records": answers["records"],
                "key": answers["key"],
                "pagination": {"type": "single"},
            },
        ),
        "configs/outgoing/ibexa.json": _declared(
            "outgoing",
            {
                "type": "ibexa",
                "client": "ibexa",
                "entity": "content",
                "action": "upsert",
                "payload": {
                    "content_type": answers["content_type"],
                    "main_language": "eng-GB",
                    "parent": {"path": "/1/2"},
                },
            },
        ),
        f"configs/routes/{source}.json": _declared(
            "route", {"incoming": source, "transformers": [source], "outgoing": "ibexa"}
        ),
        f"transformers/{source}.json": _json([{"type": "map", "to": mapping}]),
        ".env.example": f"{upper}_BASE_URL=\n{token_line}IBEXA_BASE_URL=\nIBEXA_USERNAME=admin\nIBEXA_PASSWORD=\n",
        ".gitignore": ".env\n.connector/\n",
    }


def _declared(family: str, body: dict[str, Json]) -> str:
    return _json({"$schema": f"../../.connector/schemas/{family}.schema.json", **body})


def _json(value: Json) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
