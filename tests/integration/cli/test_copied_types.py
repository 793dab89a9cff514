"""Content types are copied from one Ibexa to another by the mapping that the docs give; without it nothing is run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from connector.sandbox.ibexa import IbexaSandbox
from tests.faults.project import ThingsProject

DOCS = Path(__file__).parents[3] / "docs" / "how-to.md"


def declare(project: ThingsProject, other: IbexaSandbox, transformers: list[str]) -> None:
    def write(name: str, body: Any) -> None:
        (project.root / name).write_text(json.dumps(body))

    client = json.loads((project.root / "configs/clients/ibexa.json").read_text())
    write("configs/clients/copy.json", {**client, "base_url": other.url})
    write(
        "configs/incoming/things.json",
        {"type": "ibexa", "client": "ibexa", "entity": "content_type", "action": "list"},
    )
    write(
        "configs/outgoing/things.json",
        {"type": "ibexa", "client": "copy", "entity": "content_type", "action": "ensure"},
    )
    write("configs/routes/things.json", {"incoming": "things", "transformers": transformers, "outgoing": "things"})
    (project.root / "transformers/thing.json").unlink(missing_ok=True)


def test_the_mapping_of_the_docs(project: ThingsProject, sandbox: IbexaSandbox) -> None:
    _, _, below = DOCS.read_text(encoding="utf-8").partition("### Content types from one Ibexa to another")
    expression = below.partition("```jmespath\n")[2].partition("```")[0]
    with IbexaSandbox(login_seconds=0) as other:
        del other.repository.types[next(n for n, one in other.repository.types.items() if one.identifier == "article")]
        declare(project, other, ["types"])
        (project.root / "transformers/types.jmespath").write_text(expression)
        assert project.run("validate").returncode == 0
        first, again = project.run("run", "things"), project.run("run", "things")
        assert ", 1 created," in first.stdout, first.stdout
        assert "nothing had to be sent" in again.stdout
        made = next(one for one in other.repository.types.values() if one.identifier == "article")
        there = next(one for one in sandbox.repository.types.values() if one.identifier == "article")
        assert [one.identifier for one in made.fields] == [one.identifier for one in there.fields]


def test_without_a_mapping_it_is_told_before_a_run(project: ThingsProject) -> None:
    with IbexaSandbox(login_seconds=0) as other:
        declare(project, other, [])
        done = project.run("run", "things")
        assert done.returncode == 2
        assert "the records of 'things' (content_type.list) are in the server's own form" in done.stdout + done.stderr
