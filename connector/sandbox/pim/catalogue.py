"""The PIM's products and categories in memory, and the changes that somebody makes there."""

from __future__ import annotations

import copy
import json
import threading
from importlib import resources
from typing import Any

Json = Any


class Catalogue:
    """Thread-safe. ``extra`` adds that many plain synthetic products behind the shipped ones, made when asked for."""

    def __init__(self, extra: int = 0) -> None:
        self._lock = threading.RLock()
        self._extra = extra
        self.broken: dict[str, str] = _load("broken.json")
        self.categories: list[Json] = _load("categories.json")
        self.products: list[Json] = []
        self._changes = 0
        self.reset()

    def __len__(self) -> int:
        return len(self.products) + self._extra

    def reset(self) -> None:
        """As shipped."""
        with self._lock:
            self.products = [json.loads(line) for line in _text("products.jsonl").splitlines()]
            self._changes = 0

    def at(self, index: int) -> Json:
        """The product at a position."""
        with self._lock:
            if index < len(self.products):
                return copy.deepcopy(self.products[index])
        made = copy.deepcopy(self.products[index % 10 + 20])
        made["identifier"] = f"XX-{index:07d}"
        made["values"]["name"]["en_GB"] += f" no. {index}"
        return made

    def find(self, identifier: str) -> Json | None:
        """The first product with that identifier."""
        with self._lock:
            return next((one for one in self.products if one["identifier"] == identifier), None)

    def change(self, count: int) -> list[str]:
        """Change price and short description of the next clean, enabled products; their identifiers."""
        with self._lock:
            self._changes += 1
            chosen = self._clean()[30 * self._changes :: 37][:count]
            for one in chosen:
                values = one["values"]
                values["price"]["amount"] = f"{float(values['price']['amount']) + 10 * self._changes:.2f}"
                values["short_description"]["en_GB"] += f" Now in edition {self._changes + 1}!"
                one["updated"] = f"2026-03-{self._changes:02d}T12:00:00+00:00"
            return [one["identifier"] for one in chosen]

    def disable(self) -> str:
        """Disable the last clean, enabled product; its identifier."""
        with self._lock:
            chosen = self._clean()[-1]
            chosen["enabled"] = False
            chosen["updated"] = "2026-03-02T13:00:00+00:00"
            return str(chosen["identifier"])

    def _clean(self) -> list[Json]:
        return [one for one in self.products if one["enabled"] and one["identifier"] not in self.broken]


def _text(name: str) -> str:
    return (resources.files("connector.sandbox.pim") / "data" / name).read_text(encoding="utf-8")


def _load(name: str) -> Json:
    return json.loads(_text(name))
