"""The generated pages are what the code says; everything that a user can write is on one of them."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType

from connector.core.model import Message
from connector.incoming.ibexa import IbexaIncoming
from connector.outgoing.ibexa import IbexaOutgoing
from connector.systems.catalogue import ibexa
from connector.systems.ibexa.actions import ACTIONS
from connector.systems.ibexa.destinations import unchecked

ROOT = Path(__file__).parents[2]


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_reference", ROOT / "tools" / "make_reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_reference_is_what_the_code_says() -> None:
    made: dict[str, str] = generator().pages()
    for name, text in made.items():
        assert (ROOT / "docs/reference" / name).read_text(encoding="utf-8") == text, f"{name} is old: make docs"


def test_every_json_example_in_the_docs_is_json() -> None:
    for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for block in re.findall(r"```json\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL):
            json.loads(block)


def test_every_dependency_has_its_reason() -> None:
    listed = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8").lower()
    declared = re.search(
        r"\ndependencies = \[(.*?)\n\]", (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.DOTALL
    )
    assert declared is not None
    for name in re.findall(r'"([a-z0-9-]+)', declared[1]):
        assert name in listed, name


def test_the_readme_is_short_and_names_the_two_commands() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) < 150
    assert "make demo" in text
    assert "make test" in text


def test_every_example_of_an_operation_could_stand_in_a_project() -> None:
    """All of docs/ibexa/operations.md, by the real checks; and the messages that they mean can be sent."""
    page = (ROOT / "docs/ibexa/operations.md").read_text(encoding="utf-8")
    examples = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", page, re.DOTALL)]
    catalogue = ibexa()
    assert len(examples) == len(catalogue) + len(ACTIONS)
    for declared in examples:
        name = (declared["entity"], declared["action"])
        one = None if name in ACTIONS else catalogue.find(*name)
        kind = IbexaIncoming if one is not None and one.reads and one.method != "HEAD" else IbexaOutgoing
        assert [found for found in kind.lint(declared, {}) if found.severity == "error"] == [], name
        if one is not None:
            parts = {part: declared[part] for part in ("path", "query", "payload", "destination") if part in declared}
            message = unchecked(Message(**parts))
            (one.request if kind is IbexaIncoming else one.check)(message)
