"""One mistake, one finding: what only follows from another one is not told, and never passes for being right."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from connector.app import Application, validate_project
from connector.core.errors import ConfigError
from tests.unit.config.test_broken import project

ROUTE, MAPPING = "configs/routes/products.json", "transformers/product.json"
OUTGOING: dict[str, Any] = {"type": "ibexa", "client": "ibexa", "entity": "content", "action": "upsert"}
PAYLOAD: dict[str, Any] = {"content_type": "product", "parent": {"id": 2}, "main_language": "eng-GB"}
IMPORT = {"incoming": "products", "transformers": ["product"], "outgoing": "shop"}


def told(root: Path, files: dict[str, Any]) -> list[str]:
    """Code, severity and file of what is told; the route of the examples is in it."""
    found = validate_project(project(root, files), {})[1]
    keep = [one for one in found if not one.message.startswith("nothing uses")]
    return [f"{one.severity} {one.code} {one.place.file if one.place else ''}" for one in keep]


def mapped(payload: Any, message: str = "payload") -> list[Any]:
    return [{"type": "map", "to": {message: payload}}]


@pytest.mark.parametrize(
    ("files", "only"),
    [
        ({MAPPING: [{"type": "filter", "when": "sku"}, *mapped("@")]}, f"error CFG110 {MAPPING}"),
        (
            {"configs/outgoing/shop.json": {**OUTGOING, "payload": {**PAYLOAD, "remoteId": "x"}}, MAPPING: mapped({})},
            "error CFG157 configs/outgoing/shop.json",
        ),
        ({MAPPING: mapped({"remoteId": "sku"})}, f"error CFG161 {MAPPING}"),
        ({MAPPING: mapped({"remote_id": "sku"}, "content")}, f"error CFG161 {MAPPING}"),
        ({ROUTE: {**IMPORT, "incoming": "products.json"}}, f"error CFG120 {ROUTE}"),
        ({ROUTE: {**IMPORT, "incoming": "Le Magasin"}}, f"error CFG114 {ROUTE}"),
        ({ROUTE: {**IMPORT, "when_missing": {"action": "hide"}}}, f"error CFG112 {ROUTE}"),
    ],
    ids=["where", "payload", "mapping", "beside the payload", "file's name", "no name", "no object"],
)
def test_what_follows_from_it_is_not_told(files: dict[str, Any], only: str, tmp_path: Path) -> None:
    assert told(tmp_path, files) == [only]


def test_two_mistakes_are_two(tmp_path: Path) -> None:
    steps = [{"type": "filter", "spam": "sku"}, *mapped("@")]
    assert told(tmp_path, {MAPPING: steps}) == [f"error CFG111 {MAPPING}", f"error CFG110 {MAPPING}"]


@pytest.mark.parametrize(
    ("was", "now", "only"),
    [
        ("transformers", "configs/transformers", "error CFG101 configs/transformers"),
        ("configs/outgoing", "configs/outgoings", "error CFG101 configs/outgoings"),
        ("configs/incoming/products.json", "configs/incoming/products.jsonc", "error CFG101 configs/incoming/products.jsonc"),
        ("configs/incoming/products.json", "configs/incoming/Products.json", "error CFG102 configs/incoming/Products.json"),
        ("configs/incoming/products.json", "configs/incoming/erp/products.json", "error CFG101 configs/incoming/erp"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_read_is_told_and_not_that_it_is_missing(
    was: str, now: str, only: str, tmp_path: Path
) -> None:
    root = project(tmp_path, {})
    (root / now).parent.mkdir(exist_ok=True)
    (root / was).rename(root / now)
    found = [one for one in validate_project(root, {})[1] if one.severity == "error"]
    assert [f"{one.severity} {one.code} {one.place.file if one.place else ''}" for one in found] == [only]
    with pytest.raises(ConfigError), Application.open(root, {}, partly=True) as app:
        app.route("products")


def test_a_file_that_nobody_asks_for_stays_a_warning(tmp_path: Path) -> None:
    assert told(tmp_path, {"configs/incoming/notes.txt": "x"}) == ["warning CFG101 configs/incoming/notes.txt"]


def test_all_routes_of_a_circle_are_refused_though_it_is_told_once(tmp_path: Path) -> None:
    files = {f"configs/routes/{name}.json": {**IMPORT, "after": [other]} for name, other in ("ab", "ba")}
    assert told(tmp_path, files) == ["error CFG122 configs/routes/a.json"]
    with Application.open(tmp_path, {}, partly=True) as app:
        app.ensure_sound("route", "products")
        for name in "ab":
            with pytest.raises(ConfigError):
                app.ensure_sound("route", name)
