"""The files of a new project, as `connector init` writes them; not the writing itself."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from connector.core.jsonio import Json


def files(answers: dict[str, str], file: Mapping[str, Json] | None = None) -> dict[str, str]:
    """Name below the project's folder -> text.

    Args:
        answers: ``init``'s options by name: name, source, source_url, ibexa_url, endpoint, records, key, auth,
            content_type.
        file: what is known of the file to read, if it is one: its incoming, and JMESPath of key, title and the other
            columns.
    """
    source = answers["source"]
    route: Json = {"incoming": source, "transformers": [source], "outgoing": "ibexa"}
    client = {} if file else {f"configs/clients/{source}.json": _declared("client", _source_client(answers))}
    return {
        **client,
        "configs/clients/ibexa.json": _declared("client", _IBEXA_CLIENT),
        f"configs/incoming/{source}.json": _declared("incoming", file["incoming"] if file else _incoming(answers)),
        "configs/outgoing/ibexa.json": _declared("outgoing", _outgoing(answers)),
        f"configs/routes/{source}.json": _declared("route", route),
        f"transformers/{source}.json": _json([{"type": "map", "to": _mapping(answers, file)}]),
        ".env.example": _env_example(answers, of_file=file is not None),
        ".gitignore": ".env\n.connector/\n",
        "README.md": _README.format(**answers) + (_columns(source, file["left"]) if file else ""),
    }


_IBEXA_CLIENT: Json = {
    "type": "ibexa",
    "base_url": "${IBEXA_BASE_URL}",
    "auth": {"type": "jwt", "username": "${IBEXA_USERNAME}", "password": "${IBEXA_PASSWORD}"},
}


def _source_client(answers: dict[str, str]) -> Json:
    prefix = _prefix(answers)
    auth = {"type": "bearer", "token": f"${{{prefix}_TOKEN}}"} if answers["auth"] == "bearer" else {"type": "none"}
    return {"type": "http", "base_url": f"${{{prefix}_BASE_URL}}", "auth": auth}


def _incoming(answers: dict[str, str]) -> Json:
    asked = {"type": "http", "client": answers["source"], "endpoint": answers["endpoint"]}
    return {**asked, "records": answers["records"], "key": answers["key"], "pagination": {"type": "single"}}


def _outgoing(answers: dict[str, str]) -> Json:
    fixed = {"content_type": answers["content_type"], "main_language": "eng-GB", "parent": {"path": "/1/2"}}
    return {"type": "ibexa", "client": "ibexa", "entity": "content", "action": "upsert", "payload": fixed}


def _columns(source: str, left: Sequence[str]) -> str:
    """What the file has besides: which field a column belongs into only a person knows."""
    if not left:
        return ""
    listed = "".join(f"- `{one}`\n" for one in left)
    return _LEFT.format(source=source, listed=listed, first=left[0].replace('"', '\\"'))


_NAMED = {"folder": "name", "image": "name", "file": "name"}
"""Of content types that every Ibexa has: the field that names an item, where that is not the title."""


def _mapping(answers: dict[str, str], file: Mapping[str, Json] | None) -> Json:
    key, title = (file["key"], file["title"]) if file else (answers["key"], "name")
    named = _NAMED.get(answers["content_type"], "title")
    fields: dict[str, Json] = {named: f"required({title}, 'a record needs a name')"}
    if not file and answers["content_type"] not in _NAMED:
        fields["intro"] = {"text": "description"}
    return {"payload": {"remote_id": f"concat('{answers['source']}-', {key})", "fields": fields}}


def _env_example(answers: dict[str, str], *, of_file: bool) -> str:
    prefix = _prefix(answers)
    token = f"{prefix}_TOKEN=\n" if answers["auth"] == "bearer" else ""
    ibexa = f"IBEXA_BASE_URL={answers['ibexa_url']}\nIBEXA_USERNAME=admin\nIBEXA_PASSWORD=\n"
    return ibexa if of_file else f"{prefix}_BASE_URL={answers['source_url']}\n{token}{ibexa}"


def _prefix(answers: dict[str, str]) -> str:
    return answers["source"].upper().replace("-", "_")


def _declared(family: str, body: dict[str, Json]) -> str:
    return _json({"$schema": f"../../.connector/schemas/{family}.schema.json", **body})


def _json(value: Json) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


_README = """# {name}

Carries records from {source} into Ibexa. The mapping is `transformers/{source}.json`; everything else is in `configs/`.

```sh
cp .env.example .env                              # and fill it in; git ignores it
# to practise, in another terminal in its place:  connector sandbox --pim-port 8801 > .env
connector validate                                # all files, offline
connector --env-file .env check --all             # who answers
connector --env-file .env discover ibexa          # its content types, for `validate` and for editors
connector --env-file .env preview {source} --record
connector --env-file .env run {source}
connector tasks failures                          # what went wrong, by cause
connector schema export .connector/schemas        # after a fresh clone: completion in the editor
```
"""

_LEFT = """
## Not mapped yet

The file has these columns too. `connector --env-file .env preview {source} --record` shows their values;
`connector --env-file .env discover ibexa` finds out which fields there are, and your editor then completes them.

{listed}
In `transformers/{source}.json`, beside the first of `fields`, with the field's own identifier:

```
"my_field": "{first}"
```
"""
