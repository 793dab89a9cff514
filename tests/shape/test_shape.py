"""The shape of the code: sizes, names, and things that must be in step with each other. Exceptions stand here, with a reason."""

from __future__ import annotations

import ast
import re
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted(path for path in (ROOT / "connector").rglob("*.py") if "migrations" not in path.parts)
FORBIDDEN_NAMES = re.compile(r"(^|_)(utils?|helpers?|common|misc|manager|handler)(_|$)")
ALLOWED_LONG = {
    "connector/store/tables.py": "every table of the run log",
    "connector/app.py": "where all families are wired",
    "connector/routes/deliver.py": "the coordinating loop and its workers",
    "connector/clients/http.py": "one send: sign, wait, repeat, follow",
    "connector/transformers/functions.py": "a table of small functions",
    "connector/incoming/ibexa.py": "subscriber and reading of one kind",
    "connector/sandbox/http.py": "one server",
    "connector/sandbox/ibexa/content.py": "the life of a content item",
    "connector/sandbox/ibexa/repository.py": "the sandbox's one state",
    "connector/sandbox/ibexa/routes/types.py": "all routes of content types",
}


def functions() -> Iterator[tuple[str, int]]:
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                yield f"{path.relative_to(ROOT)}:{node.name}", (node.end_lineno or 0) - node.lineno + 1


def lengths() -> dict[str, int]:
    return {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in FILES}


def test_files_are_short() -> None:
    found = lengths()
    assert statistics.median(found.values()) <= 130
    assert [name for name, count in found.items() if count > 400] == []
    long = {name for name, count in found.items() if count > 260}
    assert long <= set(ALLOWED_LONG), "split it, or give a reason"


def test_functions_fit_a_screen() -> None:
    found = dict(functions())
    assert statistics.median(found.values()) <= 9
    assert [name for name, count in found.items() if count > 60] == []


def test_no_file_is_named_after_nothing_in_particular() -> None:
    assert [str(path) for path in FILES if FORBIDDEN_NAMES.search(path.stem)] == []


def test_every_module_says_what_it_is_for() -> None:
    assert [str(path) for path in FILES if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))] == []


def test_ibexa_is_named_only_where_it_belongs() -> None:
    """The engine, the run log and the core know no system."""
    for folder in ("core", "routes", "store"):
        for path in (ROOT / "connector" / folder).rglob("*.py"):
            text = re.sub(r'"""(?:.|\n)*?"""|#.*|ibexa-connector', "", path.read_text(encoding="utf-8"))
            assert "ibexa" not in text.lower(), path


@pytest.mark.parametrize("family", ["paging", "steps"])
def test_a_kind_is_a_file_named_by_its_type(family: str) -> None:
    from connector.incoming.paging import PAGINATORS
    from connector.transformers.steps import STEPS

    folder = {"paging": "incoming/paging", "steps": "transformers/steps"}[family]
    for name in PAGINATORS.types() if family == "paging" else STEPS.types():
        assert (ROOT / "connector" / folder / f"{name}.py").is_file()


def test_the_newest_migration_is_the_one_the_program_expects() -> None:
    from connector.store.migrate import HEAD

    versions = sorted((ROOT / "connector/store/migrations/versions").glob("[0-9]*.py"))
    assert versions[-1].name.startswith(HEAD)


def test_the_migrations_make_the_tables_that_the_code_describes(tmp_path: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from connector.store import open_store
    from connector.store.tables import metadata

    store = open_store(f"sqlite:///{tmp_path}/x.db")
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    store.close()


def test_every_code_of_a_configuration_problem_is_documented_and_used() -> None:
    from connector.config.codes import CODES

    text = "\n".join(path.read_text(encoding="utf-8") for path in FILES)
    used = set(re.findall(r'"(CFG[12]\d\d)"', text))
    assert used == set(CODES)


def test_no_path_of_a_machine_and_no_unfinished_place_is_left() -> None:
    marks = re.compile(r"/root/|/home/\w+/|TO" + r"DO|FIX" + r"ME|XX" + r"X\b")
    for folder in ("connector", "configs", "transformers", "docs", "tests", "bench"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in {".py", ".md", ".json", ".toml"} and path != Path(__file__):
                assert not marks.search(path.read_text(encoding="utf-8")), path


def test_the_docs_link_to_files_that_exist() -> None:
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(
            r"\]\((?!https?://|ezremote://|#|mailto:)([^)#\s]+)", path.read_text(encoding="utf-8")
        ):
            assert (path.parent / target).exists(), f"{path.relative_to(ROOT)} -> {target}"
