"""A PIM whose catalogue changes from day to day; it lists in another order each night, and fails when it is told to."""

from __future__ import annotations

import copy
import json
import random
import struct
import threading
import zlib
from typing import Any, Self

from connector.sandbox.http import Request, Response, Server

Json = Any
COLOURS = ("Red", "Blue", "Green")
_PAGE = 25


def picture(code: str, version: int) -> bytes:
    """A PNG of which no other version has the size: ``version`` pixels wide."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", version, 1, 8, 0, 0, 0, 0)
    row = zlib.compress(bytes([0, *(len(code) for _ in range(version))]))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", row) + chunk(b"IEND", b"")


class Pim:
    """Categories and products, by code; ``gone`` are products that it does not list at present."""

    def __init__(self, luck: random.Random, categories: int, products: int) -> None:
        self._luck = luck
        self._count = 0
        self.fails = 0
        self.failed = 0
        self.order = 0
        self.categories = {f"{n}": self._category(n) for n in range(categories)}
        self.products: dict[str, Json] = {}
        self.gone: dict[str, Json] = {}
        self.pinned: set[str] = set()
        for _ in range(products):
            self.add()
        for sku in self.products:
            self.relate(sku)
        self._server = Server("127.0.0.1", 0, self._answer)
        self._lock = threading.Lock()

    def _category(self, number: int) -> Json:
        parent = f"{self._luck.randrange(number)}" if number and self._luck.random() < 0.8 else None
        return {"code": f"{number}", "parent": parent, "name": {"en": f"Category {number}", "nb": f"Kategori {number}"}}

    # -- what its people do -----------------------------------------------------------------------------------------

    def word(self, of: str) -> str:
        """A text that was never given before."""
        self._count += 1
        return f"{of} {self._count}"

    def add(self) -> str:
        """A new product."""
        sku = f"{len(self.products) + len(self.gone) + 1000}"
        self.products[sku] = {
            "sku": sku,
            "enabled": True,
            "name": {"en": self.word("Chair"), "nb": self.word("Stol")},
            "body": {"en": self.word("Good"), "nb": self.word("God")},
            "teaser": self.word("Look"),
            "price": float(self._luck.randrange(100, 9000)),
            "stock": self._luck.random() < 0.5,
            "colour": self._luck.choice(COLOURS),
            "picture": 1,
            "category": self._luck.choice(list(self.categories)),
            "also": None,
            "related": [],
        }
        return sku

    def relate(self, sku: str) -> None:
        """Other products, circles included."""
        others = [one for one in self.products if one != sku and self.products[one]["enabled"]]
        self.products[sku]["related"] = sorted(self._luck.sample(others, min(2, len(others))))

    def change(self, sku: str) -> None:
        """One to three things of a product, or a date that matters to nobody."""
        one = self.products[sku]
        for what in self._luck.sample(("name", "nb", "de", "body", "teaser", "price", "stock", "colour"), 3):
            if what in ("name", "nb", "de"):
                language = {"name": "en"}.get(what, what)
                one["name"][language] = self.word("Name")
            elif what == "body":
                one["body"][self._luck.choice(("en", "nb"))] = self.word("Body")
            elif what == "teaser":
                one["teaser"] = self.word("Teaser")
            elif what == "price":
                one["price"] += 1.5
            elif what == "stock":
                one["stock"] = not one["stock"]
            else:
                one["colour"] = self._luck.choice(COLOURS)

    def disable(self, sku: str) -> None:
        """It is listed, but not for sale."""
        self.products[sku]["enabled"] = False

    def remove(self, sku: str) -> None:
        """It is not listed any more, and nothing refers to it."""
        self.gone[sku] = self.products.pop(sku)
        for one in (*self.products.values(), *self.gone.values()):
            one["related"] = [other for other in one["related"] if other != sku]

    def bring_back(self, sku: str) -> None:
        """It is listed and for sale again."""
        if sku in self.gone:
            self.products[sku] = self.gone.pop(sku)
        one = self.products[sku]
        one["enabled"] = True
        one["related"] = [other for other in one["related"] if other in self.products]

    def move_category(self, code: str) -> None:
        """Below another one, or to the top; never below itself."""
        below = {code}
        while more := {one for one, each in self.categories.items() if each["parent"] in below} - below:
            below |= more
        self.categories[code]["parent"] = self._luck.choice(
            [None, *(one for one in self.categories if one not in below)]
        )

    def snapshot(self) -> Json:
        """What it says now: categories and products by code."""
        return copy.deepcopy({"categories": self.categories, "products": self.products})

    # -- over the wire ----------------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        """Where it listens."""
        return self._server.url

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()

    def _answer(self, request: Request) -> Response:
        if request.path.startswith("/pictures/"):
            code, _, version = request.path.rpartition("/")[2].partition("-")
            return Response(200, [("Content-Type", "image/png")], picture(code, int(version)))
        with self._lock:
            if self.fails > 0:
                self.fails -= 1
                self.failed += 1
                return Response(500, [], b"the database is away")
        rows = list((self.categories if request.path == "/categories" else self.products).values())
        random.Random(self.order).shuffle(rows)
        page = int(request.param("page") or "1")
        shown = [self._shown(one) for one in rows[(page - 1) * _PAGE : page * _PAGE]]
        body = json.dumps({"items": shown, "total": len(rows)}).encode()
        return Response(200, [("Content-Type", "application/json")], body)

    def _shown(self, record: Json) -> Json:
        if "sku" not in record:
            return record
        href = f"{self.url}/pictures/{record['sku']}-{record['picture']}"
        return {**record, "picture": {"href": href, "version": f"v{record['picture']}"}, "seen": self.order}
