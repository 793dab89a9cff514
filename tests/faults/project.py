"""A small project for fault tests: a JSON file as the source, the sandbox as the target, the command line as a process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

ROUTE = "things"


class ThingsProject:
    """Things with a key and a value, written to Ibexa as folders.

    Args:
        root: an empty folder.
        ibexa_url: of the sandbox.
        more: to be mapped beside the name.
        route: settings of the route.
    """

    def __init__(self, root: Path, ibexa_url: str, more: Mapping[str, Any] | None = None, **route: Any) -> None:
        self.root = root
        self.env = {
            **os.environ,
            "IBEXA_BASE_URL": ibexa_url,
            "IBEXA_PASSWORD": "publish",
            "CONNECTOR_DATABASE_URL": f"sqlite:///{root / 'run.db'}",
        }
        auth = {"type": "jwt", "username": "admin", "password": "${IBEXA_PASSWORD}"}
        client = {"type": "ibexa", "base_url": "${IBEXA_BASE_URL}", "auth": auth, "max_in_flight": 8}
        client["retry"] = {"max_attempts": 3, "first_wait": "50ms", "max_wait": "200ms"}
        client["outage"] = {"first_probe": "100ms", "max_probe": "200ms", "give_up_after": "1s"}
        fixed = {"content_type": "folder", "main_language": "eng-GB", "parent": {"path": "/1/2"}}
        outgoing = {"type": "ibexa", "client": "ibexa", "entity": "content", "action": "upsert", "payload": fixed}
        mapping = {"payload": {"remote_id": "concat('t-', key)", "fields": {"name": "value"}, **(more or {})}}
        self._write("configs/clients/ibexa.json", client)
        self._write("configs/incoming/things.json", {"type": "file", "path": "things.json", "key": "key", "batch": 20})
        self._write("configs/outgoing/things.json", outgoing)
        settings = {"concurrency": 4, "retry": {"first_wait": "10ms", "max_wait": "50ms"}, **route}
        self._write(
            f"configs/routes/{ROUTE}.json",
            {"incoming": "things", "transformers": ["thing"], "outgoing": "things", **settings},
        )
        self._write("transformers/thing.json", [{"type": "filter", "where": "value"}, {"type": "map", "to": mapping}])

    def on(self, database: str) -> Self:
        """With its run log in that database, whose tables are made."""
        self.env["CONNECTOR_DATABASE_URL"] = database
        made = self.run("db", "upgrade")
        assert made.returncode == 0, made.stderr
        return self

    def things(self, values: Mapping[str, str]) -> None:
        """What the source holds now."""
        body = json.dumps([{"key": key, "value": value} for key, value in values.items()])
        part = self.root / "things.part"
        part.write_text(body, encoding="utf-8")
        part.rename(self.root / "things.json")

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Our command line as a process."""
        program = [sys.executable, "-m", "connector", "-C", str(self.root), "-q", *arguments]
        return subprocess.Popen(program, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The same, to its end."""
        program = [sys.executable, "-m", "connector", "-C", str(self.root), "-q", *arguments]
        return subprocess.run(program, env=self.env, capture_output=True, text=True, check=False, timeout=120)

    def run_with(self, wrapper: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The command line in a program that bends it first."""
        program = [sys.executable, "-c", wrapper, "-C", str(self.root), "-q", *arguments]
        return subprocess.run(program, env=self.env, capture_output=True, text=True, check=False, timeout=120)

    def _write(self, name: str, body: Any) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(body, indent=2), encoding="utf-8")
