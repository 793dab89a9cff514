"""The PIM's products and categories in memory, and the changes that somebody makes there.

It knows nothing of HTTP; times are ISO 8601 in UTC with whole seconds, so that they can be compared as text.
"""

from __future__ import annotations

import copy
import json
import threading
from datetime import UTC, datetime, timedelta
from importlib import resources
from typing import Any
from zlib import crc32

Json = Any
_EXTRA = "XX-"
_EXTRA_UPDATED = "2026-01-01T00:00:00+00:00"
_OPENING = datetime(2026, 3, 1, 12, tzinfo=UTC)
_NEWS = " Now in edition "


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

    def page(self, start: int, limit: int, since: str = "") -> list[Json]:
        """Copies of up to ``limit`` products from a position among those updated at ``since`` or later."""
        with self._lock:
            shipped = [one for one in self.products if one["updated"] >= since]
            total = len(shipped) + (self._extra if since <= _EXTRA_UPDATED else 0)
            return [
                copy.deepcopy(shipped[at]) if at < len(shipped) else self._synthetic(at - len(shipped))
                for at in range(start, min(start + limit, total))
            ]

    def plain(self) -> list[Json]:
        """Id, name and description of the shipped products that are clean and enabled, in English."""
        with self._lock:
            return [
                {
                    "id": one["identifier"],
                    "name": one["values"]["name"]["en_GB"],
                    "description": one["values"]["short_description"]["en_GB"],
                }
                for one in self._clean()
            ]

    def find(self, identifier: str) -> Json | None:
        """A copy of the first product with that identifier."""
        with self._lock:
            found = next((one for one in self.products if one["identifier"] == identifier), None)
            if found is not None:
                return copy.deepcopy(found)
            digits = identifier.removeprefix(_EXTRA)
            number = int(digits) if digits.isascii() and digits.isdigit() else self._extra
            made = self._synthetic(number) if number < self._extra else None
            return made if made is not None and made["identifier"] == identifier else None

    def pictured(self, code: str) -> Json | None:
        """A copy of the first product whose picture has that code."""
        with self._lock:
            return copy.deepcopy(next((one for one in self.products if one["image"]["code"] == code), None))

    def families(self) -> list[str]:
        """The codes of all families."""
        with self._lock:
            return sorted({one["family"] for one in self.products})

    def change(self, count: int) -> list[str]:
        """Change price and English short description of that many clean, enabled products; their identifiers.

        The same calls after a reset choose the same products; fewer come back only when there are not so many.
        """
        with self._lock:
            number, now = self._tick()
            chosen = sorted(self._clean(), key=lambda one: crc32(f"{one['identifier']} {number}".encode()))[:count]
            for one in chosen:
                values = one["values"]
                values["price"]["amount"] = f"{float(values['price']['amount']) + 10 * number:.2f}"
                text = values["short_description"]["en_GB"].partition(_NEWS)[0]
                values["short_description"]["en_GB"] = f"{text}{_NEWS}{number + 1}!"
                one["updated"] = now
            return [one["identifier"] for one in chosen]

    def disable(self, identifier: str | None = None) -> str:
        """Disable the last clean, enabled product, or the one that is named; its identifier.

        Raises:
            LookupError: there is no such product that is clean and enabled.
        """
        with self._lock:
            chosen = next((one for one in reversed(self._clean()) if identifier in (None, one["identifier"])), None)
            if chosen is None:
                raise LookupError(f"No clean, enabled product {identifier or 'is left'}")
            chosen["enabled"] = False
            chosen["updated"] = self._tick()[1]
            return str(chosen["identifier"])

    def _tick(self) -> tuple[int, str]:
        """The number of this change and its time: an hour later each, so that every change is newer than the last."""
        self._changes += 1
        return self._changes, (_OPENING + timedelta(hours=self._changes)).isoformat()

    def _clean(self) -> list[Json]:
        return [one for one in self.products if one["enabled"] and one["identifier"] not in self.broken]

    def _synthetic(self, number: int) -> Json:
        made = copy.deepcopy(self.products[number % 10 + 20])
        made["identifier"] = f"{_EXTRA}{number:07d}"
        made["uuid"] = f"00000000-0000-4000-8000-{number:012d}"
        made["updated"] = _EXTRA_UPDATED
        made["values"]["name"] = {key: f"{name} no. {number}" for key, name in made["values"]["name"].items()}
        return made


def _text(name: str) -> str:
    return (resources.files("connector.sandbox.pim") / "data" / name).read_text(encoding="utf-8")


def _load(name: str) -> Json:
    return json.loads(_text(name))
