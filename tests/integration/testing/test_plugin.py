"""The pytest plugin, as a project's own tests use it: those of the how-to, run by a pytest of their own."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
import yaml

from connector.sandbox.ibexa import IbexaSandbox

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


def test_a_project_says_of_which_version_its_ibexa_is(shop: Path) -> None:
    both = "@pytest.fixture(params=['4.6', '5.0'])\ndef ibexa_version(request):\n    return request.param\n"
    put(shop, "conftest.py", f"import pytest\n\n{CONFTEST}\n\n{both}")
    done = pytest_of(shop, "mapping", SHOP_URL="http://shop.invalid")
    assert "2 passed" in done.stdout, done.stdout


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


def test_a_variable_that_two_clients_name_means_the_sandbox(shop: Path) -> None:
    put(shop, "configs/clients/ibexa-pages.json", {"type": "http", "base_url": "${SHOP_URL}"})
    put(shop, "configs/clients/same.json", {"type": "http", "base_url": "${SHOP_URL}"})
    done = pytest_of(shop, "not_changed")
    assert done.returncode == 0, done.stdout


def test_a_client_that_is_no_json_is_told_with_its_place(shop: Path) -> None:
    put(shop, "configs/clients/pim.json", "{")
    put(shop, "tests/test_products.py", "def test_it(connector_project):\n    connector_project.run('products')\n")
    done = pytest_of(shop)
    assert done.returncode == 1
    assert '"file": "configs/clients/pim.json"' in done.stdout
    assert '"line": 1' in done.stdout
    assert "CommandFailed" in done.stdout


def test_a_project_without_configs_is_asked_for(tmp_path: Path) -> None:
    put(tmp_path, "conftest.py", CONFTEST)
    put(tmp_path, "test_it.py", "def test_it(connector_project): ...")
    done = pytest_of(tmp_path)
    assert done.returncode != 0
    assert "define a fixture connector_project_root" in done.stdout + done.stderr


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


def test_what_the_how_to_sows_is_there() -> None:
    text = PAGE.read_text(encoding="utf-8")
    call = re.findall(r"```python\n(.*?)```", text, re.DOTALL)[2]
    with IbexaSandbox() as ibexa_sandbox:
        exec(call, {"ibexa_sandbox": ibexa_sandbox})
        assert ibexa_sandbox.repository.content_by_remote_id("shop-cat-shoes")
        ibexa_sandbox.reset()
        (entries,) = (json.loads(block) for block in re.findall(r"```json\n(.*?)```", text, re.DOTALL))
        ibexa_sandbox.seed(entries)
        assert ibexa_sandbox.repository.content_by_remote_id("shop-cat-boots")


@pytest.mark.parametrize("version", ["", "5.0"])
def test_the_check_of_the_compose_service_finds_the_sandbox_it_starts(tmp_path: Path, version: str) -> None:
    service = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]["sandbox"]
    assert service["profiles"] == ["test"]
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    said = [one.replace("${SANDBOX_IBEXA:-4.6}", version or "4.6") for one in service["command"]]
    command = [port if one == "8800" else one for one in said]
    healthy = [
        sys.executable if one == "python" else one.replace("8800", port) for one in service["healthcheck"]["test"][1:]
    ]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-m", "connector", *command], cwd=tmp_path, env=env, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == f"export IBEXA_BASE_URL=http://127.0.0.1:{port}\n"
        assert subprocess.run(healthy, check=False, timeout=20).returncode == 0
        with urlopen(f"http://127.0.0.1:{port}/_sandbox/health", timeout=5) as answer:
            assert json.load(answer)["ibexa"] == (version or "4.6")
    finally:
        process.terminate()
        process.communicate(timeout=20)
    assert subprocess.run(healthy, capture_output=True, check=False, timeout=20).returncode != 0
