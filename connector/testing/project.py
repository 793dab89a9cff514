"""A copy of a project that a test may run: its clients are pointed at servers of this machine, its run log is empty."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Self

from msgspec import Struct

from connector.config.references import texts, whole
from connector.core.jsonio import Json
from connector.sandbox.ibexa import IbexaSandbox

CLOSED = "http://127.0.0.1:9"
"""Where clients of other systems point until a test says otherwise: nothing answers there, and nothing leaves."""

_SECONDS = 300
_NOT_COPIED = shutil.ignore_patterns("alerts")


_REFUSED = 2
_Done = subprocess.CompletedProcess[str]


class CommandFailed(AssertionError):
    """A command ended without a report; the message holds what it said."""


class ConnectorProject(Struct, frozen=True):
    """A project in a temporary folder.

    Attributes:
        root: its folder; edit the declarations there as you like.
        env: the environment of its commands; set the variables of other clients here.
    """

    root: Path
    env: dict[str, str]

    @classmethod
    def copied(cls, source: Path, root: Path, sandbox: IbexaSandbox) -> Self:
        """Copy ``configs/`` (without its alerts: a test tells nobody) and ``transformers/`` of a project.

        The variables that its clients name are set: those of Ibexa clients to the sandbox, other addresses to one
        where nothing answers, other values to ``offline``. What the environment says of them does not count, so that
        no test reaches a live system because somebody exported its address.

        Raises:
            ValueError: a client's ``base_url`` is not a variable.
        """
        for folder in ("configs", "transformers"):
            if (source / folder).is_dir():
                shutil.copytree(source / folder, root / folder, ignore=_NOT_COPIED)
        env = {name: value for name, value in os.environ.items() if not name.startswith("CONNECTOR_")}
        for file, declared in _clients(root):
            for name, value in _stand_ins(file, declared, sandbox):
                env.pop(name, None)
                if value is not None:
                    env[name] = value
        return cls(root, env)

    def run(self, route: str, *options: str) -> dict[str, Json]:
        """Run a route; the report as ``connector run --json`` gives it: state, counts, problem, failures, left.

        Raises:
            CommandFailed: the project is not valid, or there is no such route.
        """
        done = self._done("run", route, *options)
        if done.returncode == _REFUSED:  # it could not begin: no report of a run, whatever was printed
            raise _failed(done)
        report: dict[str, Json] = _printed(done)[0]
        return report

    def preview(self, route: str, limit: int = 5) -> list[dict[str, Json]]:
        """What the mapping makes of the first records: key, record, messages, notes, problem of each.

        Raises:
            CommandFailed: as for ``run``.
        """
        rows: list[dict[str, Json]] = self.command("preview", route, "--limit", str(limit))
        return rows

    def command(self, *arguments: str) -> Json:
        """Any command of ``connector``, and the JSON that it prints: ``command("tasks", "failures")``.

        Raises:
            CommandFailed: it printed none.
        """
        return _printed(self._done(*arguments))

    def _done(self, *arguments: str) -> _Done:
        program = [sys.executable, "-m", "connector", "--project", str(self.root), "--json", *arguments]
        return subprocess.run(  # noqa: S603 - our own program
            program, env=self.env, capture_output=True, text=True, encoding="utf-8", check=False, timeout=_SECONDS
        )

    def feed(self, incoming: str, records: Sequence[Json]) -> None:
        """Let an incoming read these records instead of asking its system; called again, it has others.

        Its declaration in the copy becomes that of a file with the same ``key``. How the real one pages and what it
        asks for is not tried by that.

        Raises:
            FileNotFoundError: there is no such incoming.
        """
        declared = self.root / "configs" / "incoming" / f"{incoming}.json"
        key = json.loads(declared.read_text(encoding="utf-8"))["key"]
        name = f"fed/{incoming}.json"
        self.write(name, list(records))
        self.write(f"configs/incoming/{incoming}.json", {"type": "file", "path": name, "format": "json", "key": key})

    def write(self, name: str, content: Json) -> Path:
        """Put a file into the copy: a text as it is, anything else as JSON. ``name`` is relative to the project."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content, indent=2), encoding="utf-8")
        return path


def _clients(root: Path) -> list[tuple[str, dict[str, Json]]]:
    """The declarations by file name, those of Ibexa last: of a variable that two name, theirs is what counts."""
    found = []
    for path in sorted((root / "configs" / "clients").glob("*.json")):
        with contextlib.suppress(ValueError):  # what cannot be read is told by the first command, with its place
            declared = json.loads(path.read_text(encoding="utf-8"))
            if isinstance(declared, dict):
                found.append((path.name, declared))
    return sorted(found, key=lambda one: one[1].get("type") == "ibexa")


def _stand_ins(file: str, declared: dict[str, Json], sandbox: IbexaSandbox) -> Iterator[tuple[str, str | None]]:
    """The variables of one client and what they become; None: not set, so that the default holds."""
    address = declared.get("base_url")
    if isinstance(address, str) and whole(address) is None:
        hint = f'write "${{NAME}}", or "${{NAME:-{address}}}"'
        raise ValueError(f"{file}: 'base_url' is fixed, so no test can point it elsewhere: {hint}")
    ibexa = {"/base_url": sandbox.url, "/auth/username": sandbox.username, "/auth/password": sandbox.password}
    ours = ibexa if declared.get("type") == "ibexa" else {}
    for pointer, text in texts(declared):
        found = whole(text)
        if found is None or not found.name:
            continue
        is_address = pointer == "/base_url" or (found.default or "").startswith("http")
        other = CLOSED if is_address else None if found.default is not None else "offline"
        yield found.name, ours.get(pointer, other)


def _printed(done: _Done) -> Json:
    try:
        return json.loads(done.stdout)
    except ValueError:
        raise _failed(done) from None


def _failed(done: _Done) -> CommandFailed:
    command = " ".join(done.args[done.args.index("--json") + 1 :])
    return CommandFailed(f"connector {command} ended with {done.returncode}\n{done.stderr}{done.stdout}")
