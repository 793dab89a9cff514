"""Figures of content.upsert through the command line: many of them in bad weather, and a tree in any order."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.databases import run_log
from connector.sandbox.ibexa import IbexaSandbox

Json = Any
_CLIENT = {
    "type": "ibexa", "base_url": "${IBEXA_BASE_URL}", "max_in_flight": 8,
    "auth": {"type": "jwt", "username": "admin", "password": "${IBEXA_PASSWORD}"},
    "retry": {"max_attempts": 3, "first_wait": "20ms", "max_wait": "100ms"},
    "outage": {"first_probe": "100ms", "max_probe": "200ms", "give_up_after": "20s"},
}  # fmt: skip
_OUTGOING = {
    "type": "ibexa", "client": "ibexa", "entity": "content", "action": "upsert", "payload": {"main_language": "eng-GB"},
}  # fmt: skip
_ROUTE = {"concurrency": 8, "retry": {"first_wait": "20ms", "max_wait": "200ms"}}
_MAPPING = {
    "remote_id": "remote_id", "content_type": "content_type", "parent": "parent", "fields": "fields",
}  # fmt: skip
_TYPES = [
    {"identifier": "knot", "main_language": "eng-GB", "names": {"eng-GB": "Knot"}, "is_container": True, "fields": [
        {"identifier": "name", "type": "string", "required": True},
        {"identifier": "related", "type": "relation_list", "translatable": False}]},
]  # fmt: skip


class Feed:
    """A project whose records are messages already, from a file; its routes are run by our command line."""

    def __init__(self, root: Path, url: str, records: list[Json]) -> None:
        self._root = root
        self._env = {
            **os.environ, "IBEXA_BASE_URL": url, "IBEXA_PASSWORD": "publish",
            "CONNECTOR_DATABASE_URL": run_log(root),
        }  # fmt: skip
        files: dict[str, Json] = {
            "configs/clients/ibexa.json": _CLIENT,
            "configs/incoming/types.json": {"type": "file", "path": "types.json", "key": "identifier"},
            "configs/incoming/knots.json": {"type": "file", "path": "knots.json", "key": "remote_id", "batch": 500},
            "configs/outgoing/types.json": {
                "type": "ibexa",
                "client": "ibexa",
                "entity": "content_type",
                "action": "ensure",
            },
            "configs/outgoing/knots.json": _OUTGOING,
            "configs/routes/types.json": {"incoming": "types", "transformers": ["type"], "outgoing": "types"},
            "configs/routes/knots.json": {
                "incoming": "knots",
                "transformers": ["knot"],
                "outgoing": "knots",
                "after": ["types"],
                **_ROUTE,
            },
            "transformers/knot.json": [{"type": "map", "to": {"payload": _MAPPING}}],
            "types.json": _TYPES,
            "knots.json": records,
        }
        for name, body in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(body), encoding="utf-8")
        (root / "transformers/type.jmespath").write_text("{payload: @}", encoding="utf-8")

    def run(self, *routes: str) -> tuple[int, dict[str, Json]]:
        """Exit code and the counts of each route."""
        program = [sys.executable, "-m", "connector", "-C", str(self._root), "-q", "run", *routes, "--retry", "--json"]
        done = subprocess.run(program, env=self._env, capture_output=True, text=True, check=False)
        if not done.stdout:
            raise AssertionError(done.stderr)
        return done.returncode, {one["route"]: one["counts"] for one in json.loads(done.stdout)}


def weather(items: int, *, seed: int = 4711, token_seconds: float = 5.0, most_runs: int = 5) -> dict[str, Any]:
    """Upserts while of all requests 5 % fail with 500 and 5 % are carried out and not answered; tokens are short."""
    records = [_knot(f"w-{number}", {"path": "/1/2"}, []) for number in range(items)]
    failed: list[int] = []
    with tempfile.TemporaryDirectory() as root, IbexaSandbox(login_seconds=0, token_ttl=token_seconds) as sandbox:
        feed = Feed(Path(root), sandbox.url, records)
        feed.run("types")
        sandbox.book.reset()
        for number, do in enumerate(({"status": 500}, {"cut": "after"})):
            sandbox.faults.add({"when": {"probability": 0.05, "seed": seed + number}, "do": do})
        code = 1
        while code and len(failed) < most_runs:
            code, counts = feed.run("knots")
            failed.append(counts["knots"]["failed"])
        book, held = sandbox.book.snapshot(), _held(sandbox, "w-")
    lost = sum(held.get(one["remote_id"], {}).get("name") != one["fields"]["name"] for one in records)
    return {
        "upserts": items,
        "requests": book["requests"]["total"],
        "answered with 500": book["faults"].get("status 500", 0),
        "carried out, not answered": book["faults"].get("cut after", 0),
        "log-ins": book["logins"],
        "duplicates": len(book["duplicates"]) + sum(one["creates"] > 1 for one in book["items"].values()),
        "lost": lost,
        "drafts left over": len(book["leftover_drafts"]),
        "runs until nothing had failed": len(failed) if code == 0 else "more than allowed",
        "failed, run by run": failed,
    }


def tree(categories: int, products: int, *, seed: int = 4711) -> dict[str, Any]:
    """A tree whose branches, leaves and relations come in any order, by one route: children and circles first too."""
    chance = random.Random(seed)
    records = list(_tree(categories, products, chance))
    chance.shuffle(records)
    with tempfile.TemporaryDirectory() as root, IbexaSandbox(login_seconds=0) as sandbox:
        feed = Feed(Path(root), sandbox.url, records)
        feed.run("types")
        sandbox.book.reset()
        code, counts = feed.run("knots")
        book, held = sandbox.book.snapshot(), _held(sandbox, "k-")
        versions = [max(one.versions) for one in sandbox.repository.contents.values() if one.remote_id in held]
    wrong = [
        one["remote_id"]
        for one in records
        if held.get(one["remote_id"])
        != {
            "name": one["fields"]["name"],
            "parent": one["parent"].get("remote_id", ""),
            "related": [each["remote_id"] for each in one["fields"]["related"]],
        }
    ]
    place = {one["remote_id"]: number for number, one in enumerate(records)}
    return {
        "categories": categories,
        "products": products,
        "fed before their parent": sum(place.get(one["parent"].get("remote_id", ""), -1) > place[one["remote_id"]] for one in records),
        "relations": sum(len(one["fields"]["related"]) for one in records),
        "failed": counts["knots"]["failed"],
        "exit code": code,
        "missing or other than fed": len(wrong),
        "duplicates": len(book["duplicates"]),
        "drafts left over": len(book["leftover_drafts"]),
        "requests": book["requests"]["total"],
        "written twice": sum(one > 1 for one in versions),
        "most versions of an item": max(versions, default=0),
    }  # fmt: skip


def _tree(categories: int, products: int, chance: random.Random) -> Iterator[Json]:
    """A tenth of the categories lie below the root; each product has three relations, so that there are circles."""
    for number in range(categories):
        above = {"path": "/1/2"} if number < categories // 10 + 1 else {"remote_id": f"k-c{chance.randrange(number)}"}
        yield _knot(f"k-c{number}", above, [])
    for number in range(products):
        others = sorted({chance.randrange(products) for _ in range(3)} - {number})
        yield _knot(
            f"k-p{number}", {"remote_id": f"k-c{chance.randrange(categories)}"}, [f"k-p{one}" for one in others]
        )


def _knot(remote_id: str, parent: Json, related: list[str]) -> Json:
    fields = {"name": f"Knot {remote_id}", "related": [{"remote_id": one} for one in related]}
    return {"remote_id": remote_id, "content_type": "knot", "parent": parent, "fields": fields}


def _held(sandbox: IbexaSandbox, prefix: str) -> dict[str, Json]:
    """What is published under such remote ids, by the sandbox's own store."""
    store, found = sandbox.repository, {}
    for one in list(store.contents.values()):
        if one.status != "PUBLISHED" or not one.remote_id.startswith(prefix):
            continue
        above = store.contents.get(store.locations[store.locations[one.main_location or 0].parent_id].content_id)
        values = one.version.fields["eng-GB"]
        related = (values["related"] or {}).get("destinationContentIds") or []
        found[one.remote_id] = {
            "name": values["name"],
            "parent": above.remote_id if above and above.remote_id.startswith(prefix) else "",
            "related": [store.contents[each].remote_id for each in related],
        }
    return found
