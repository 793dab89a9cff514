"""The pytest plugin, as a project's own tests use it: those of the how-to, run by a pytest of their own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs/how-to/test-your-routes-offline.md"
CONFTEST, TESTS = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)[:2]
MAPPING = {"payload": {"remote_id": "concat('shop-', sku)", "fields": {"name": "title"}}}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A project with one route from a PIM that is nowhere, and the tests of the how-to."""
    root = tmp_path / "shop"
    auth = {"type": "jwt", "username": "${SHOP_USER}", "password": "${SHOP_PASSWORD}"}
    fixed = {"content_type": "folder", "main_language": "eng-GB", "parent": {"path": "/1/2"}}
    files: dict[str, Any] = {
        "configs/clients/ibexa.json": {"type": "ibexa", "base_url": "${SHOP_URL}", "auth": auth},
        "configs/clients/pim.json": {
            "type": "http", "base_url": "${PIM_URL:-https://pim.invalid}", "auth": {"type": "bearer", "token": "${PIM_TOKEN}"},
        },
        "configs/incoming/products.json": {
            "type": "http", "client": "pim", "endpoint": "/products", "records": "items", "key": "sku",
            "pagination": {"type": "single"},
        },
        "configs/outgoing/products.json": {
            "type": "ibexa", "client": "ibexa", "entity": "content", "action": "upsert", "payload": fixed,
        },
        "configs/routes/products.json": {"incoming": "products", "transformers": ["product"], "outgoing": "products"},
        "transformers/product.json": [{"type": "map", "to": MAPPING}],
        "conftest.py": CONFTEST,
        "tests/test_products.py": TESTS,
    }  # fmt: skip
    for name, content in files.items():
        put(root, name, content)
    return root


def put(root: Path, name: str, content: Any) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")


def pytest_of(root: Path, only: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(root), "-k", only]
    given = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "CONNECTOR_"))}
    return subprocess.run(
        program,
        cwd=root,
        env={**given, "PYTHONPATH": str(ROOT), **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


def test_the_tests_of_the_how_to_are_green_and_touch_no_live_system(shop: Path) -> None:
    live = {"SHOP_URL": "http://shop.invalid", "SHOP_USER": "x", "SHOP_PASSWORD": "y", "PIM_URL": "http://pim.invalid"}
    done = pytest_of(shop, **live, CONNECTOR_DATABASE_URL="postgresql://nobody@database.invalid/x", CONNECTOR_YES="1")
    assert "4 passed" in done.stdout, done.stdout
    assert done.returncode == 0
    assert not (shop / ".connector").exists()
    assert not (shop / "fed").exists()


def test_they_are_red_when_the_route_is_broken(shop: Path) -> None:
    broken = {"payload": {"remote_id": "'shop-always-the-same'", "fields": {"name": "sku"}}}
    put(shop, "transformers/product.json", [{"type": "map", "to": broken}])
    done = pytest_of(shop, "mapping or 500")
    assert done.returncode == 1
    assert "FAILED tests/test_products.py::test_the_mapping_yields_what_the_editors_expect" in done.stdout
    assert "FAILED tests/test_products.py::test_an_error_500_is_made_good_within_the_run" in done.stdout


def test_an_invalid_project_is_red_and_says_where(shop: Path) -> None:
    put(shop, "configs/routes/products.json", {"incoming": "products", "outgoing": "nowhere"})
    done = pytest_of(shop, "mapping")
    assert done.returncode == 1
    assert "configs/routes/products.json:1:" in done.stdout
    assert "CommandFailed" in done.stdout


def test_a_client_with_a_fixed_address_is_refused(shop: Path) -> None:
    put(shop, "configs/clients/pim.json", {"type": "http", "base_url": "https://pim.invalid"})
    done = pytest_of(shop, "mapping")
    assert done.returncode == 1
    assert "pim.json: 'base_url' is fixed" in done.stdout
    assert '"${NAME:-https://pim.invalid}"' in done.stdout


def test_a_source_that_was_not_fed_is_away(shop: Path) -> None:
    put(shop, "tests/test_products.py", """
def test_it(connector_project):
    report = connector_project.run("products")
    assert report["state"] == "failed"
    assert "127.0.0.1:9" in str(report["problem"])
""")  # fmt: skip
    put(shop, "configs/clients/pim.json", {"type": "http", "base_url": "${PIM_URL}", "retry": {"max_attempts": 1}})
    done = pytest_of(shop, PIM_URL="http://pim.invalid")
    assert done.returncode == 0, done.stdout


def test_nothing_is_loaded_where_it_is_not_asked_for() -> None:
    program = "import sys, connector, connector.cli; print([name for name in sys.modules if name.startswith(('connector.testing', 'connector.sandbox', 'pytest'))])"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stdout.strip() == "[]"
