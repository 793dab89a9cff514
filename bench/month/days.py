"""What happens by day: the source changes, and an editor works in the shop. Each kind of event is counted."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

from bench.month.editor import Editor
from bench.month.model import GERMAN, MAIN, NORSE, Expected, Ledger
from bench.month.rest import Rest
from bench.month.source import Pim

CORNER = "corner"
"""A folder that the editor made, into which she moves things."""
SOURCE_EVENTS = (
    "changed", "added", "disabled", "removed", "back", "moved", "picture", "related", "also", "category moved",
    "category renamed",
)  # fmt: skip
EDITOR_EVENTS = (
    "named", "named a category", "teaser", "price", "given back", "draft", "draft published", "hid", "revealed",
    "moved by hand", "category moved by hand", "placed", "trashed", "restored",
)  # fmt: skip


class Days:
    """The source's people and the editor, each day anew."""

    def __init__(self, luck: random.Random, pim: Pim, ledger: Ledger, url: str) -> None:
        self._luck, self._pim, self._ledger = luck, pim, ledger
        self.events: Counter[str] = Counter()
        self._editor = Editor(url)
        self._eyes = Rest(url, "admin", "publish")
        self.places = {CORNER: self._editor.folder(CORNER)}
        self._trashed: dict[str, int] = {}
        self._ids: dict[str, int] = {}

    def close(self) -> None:
        """Let go of the connections."""
        self._editor.close()
        self._eyes.close()

    def at_the_source(self, share: float) -> None:
        """What the PIM's people do in a day; ``share`` of the products are touched."""
        pim = self._pim
        acts: dict[str, Callable[[str], object]] = {
            "changed": pim.change,
            "disabled": pim.disable,
            "removed": self._remove,
            "moved": lambda sku: pim.products[sku].update(category=self._any_category()),
            "picture": lambda sku: pim.products[sku].update(picture=pim.products[sku]["picture"] + 1),
            "related": pim.relate,
            "also": self._also,
        }
        chances = {"changed": 8, "picture": 2, "moved": 2, "related": 2, "also": 2, "disabled": 1, "removed": 1}
        rarest = sorted(chances, key=lambda one: self.events[one])[:3]
        drawn = self._luck.choices(list(chances), list(chances.values()), k=max(4, int(share * len(pim.products))))
        for what in (*rarest, *drawn):
            sku = self._luck.choice([sku for sku, one in pim.products.items() if one["enabled"]])
            if acts[what](sku) is not False:
                self.events[what] += 1
        self._returns()
        self._categories()
        pim.add()
        self.events["added"] += 1

    def _remove(self, sku: str) -> bool:
        if sku in self._pim.pinned:
            return False
        self._pim.remove(sku)
        return True

    def _also(self, sku: str) -> bool:
        one = self._pim.products[sku]
        if sku in self._pim.pinned:
            return False
        one["also"] = None if one["also"] else self._any_category()
        return True

    def _returns(self) -> None:
        pim = self._pim
        away = [*pim.gone, *(sku for sku, one in pim.products.items() if not one["enabled"])]
        for sku in away:
            if self._luck.random() < 0.4:
                pim.bring_back(sku)
                self.events["back"] += 1

    def _categories(self) -> None:
        pim = self._pim
        for _ in range(2):
            pim.move_category(self._any_category())
            self.events["category moved"] += 1
        pim.categories[self._any_category()]["name"]["nb"] = pim.word("Kategori")
        self.events["category renamed"] += 1

    def _any_category(self) -> str:
        return self._luck.choice(list(self._pim.categories))

    # -- the editor -------------------------------------------------------------------------------------------------

    def in_the_shop(self, acts: int) -> None:
        """What the editor does in a day, while no feed is under way."""
        self._look()
        does: dict[str, Callable[[Expected], bool]] = {
            "named": self._named, "named a category": self._named, "teaser": self._teaser, "price": self._price,
            "given back": self._given_back, "draft": self._draft, "draft published": self._draft_published,
            "hid": self._hid, "revealed": self._revealed, "moved by hand": self._moved,
            "category moved by hand": self._moved, "placed": self._placed, "trashed": self._trash,
        }  # fmt: skip
        # the rarest first, so that each gets its turn
        for what in sorted(does, key=lambda one: self.events[one])[:acts]:
            kind = "c-" if "category" in what else "p-"
            for item in self._published(kind):
                if does[what](item):
                    self.events[what] += 1
                    break
        self._restored()

    def in_between(self) -> None:
        """She goes on while a feed is half done: what she writes stays, whichever of the two was first."""
        self._look()
        for item in self._published("p-")[:2]:
            if item.remote_id in self._ids:
                item.vague = True
                self._named(item)
                self.events["worked in between"] += 1

    def _look(self) -> None:
        found = [*self._eyes.all_of("category"), *self._eyes.all_of("product")]
        self._ids = {one["_remoteId"]: one["_id"] for one in found}

    def _published(self, kind: str) -> list[Expected]:
        found = [
            one
            for name, one in self._ledger.items.items()
            if name.startswith(kind) and one.status == "published" and one.shown and name in self._ids
        ]
        self._luck.shuffle(found)
        return found

    def _named(self, item: Expected) -> bool:
        language = self._luck.choice((MAIN, NORSE, GERMAN) if (GERMAN, "name") in item.shown else (MAIN, NORSE))
        return self._edit(item, (language, "name"), self._pim.word("Hers"))

    def _teaser(self, item: Expected) -> bool:
        return self._edit(item, (MAIN, "teaser"), self._pim.word("Her teaser"))

    def _price(self, item: Expected) -> bool:
        return self._edit(item, (MAIN, "price"), float(self._luck.randrange(10_000, 99_000)))

    def _given_back(self, item: Expected) -> bool:
        """She sets a name to what we wrote: it is the source's again."""
        for place, value in item.written.items():
            if place[1] == "name" and item.shown.get(place) not in (None, value) and not item.vague:
                return self._edit(item, place, value)
        return False

    def _edit(self, item: Expected, place: tuple[str, str], value: object) -> bool:
        self._editor.edit(self._ids[item.remote_id], {place: value})
        item.shown[place] = value
        return True

    def _draft(self, item: Expected) -> bool:
        place, value = (MAIN, "teaser"), self._pim.word("Not ready")
        number = self._editor.draft(self._ids[item.remote_id], {place: value})
        item.drafts[number] = {**item.shown, place: value}
        return True

    def _draft_published(self, item: Expected) -> bool:
        """An old draft brings back what was there when she began it."""
        if not item.drafts or item.vague:
            return False
        number = min(item.drafts)
        self._editor.publish(self._ids[item.remote_id], number)
        item.shown = item.drafts.pop(number)
        return True

    def _hid(self, item: Expected) -> bool:
        return not item.dropped and self._show(item, hidden=True)

    def _revealed(self, item: Expected) -> bool:
        return self._show(item, hidden=False)

    def _show(self, item: Expected, *, hidden: bool) -> bool:
        if item.hidden == hidden:
            return False
        self._editor.show(self._ids[item.remote_id], hidden=hidden)
        item.hidden = hidden
        return True

    def _moved(self, item: Expected) -> bool:
        """Products to a category or to her corner, categories to her corner: never a circle."""
        if item.also or (item.said or {}).get("parents", [""])[1:]:
            return False
        target = CORNER if item.remote_id.startswith("c-") else self._luck.choice([CORNER, *self._categories_shown()])
        if target == item.parent or target in item.added:
            return False
        self._pim.pinned.add(item.remote_id[2:])
        self._editor.move(self._ids[item.remote_id], self._path(target))
        item.parent = target
        return True

    def _placed(self, item: Expected) -> bool:
        if item.also or item.parent == CORNER or CORNER in item.added or (item.said or {}).get("parents", [""])[1:]:
            return False
        if item.remote_id[2:] not in self._pim.products:
            return False  # it would live on in a place that is not ours to take away
        self._pim.pinned.add(item.remote_id[2:])
        self._editor.place(self._ids[item.remote_id], self._path(CORNER))
        item.added.add(CORNER)
        return True

    def _trash(self, item: Expected) -> bool:
        if item.added or item.also or item.dropped:
            return False
        self._trashed[item.remote_id] = self._editor.trash(self._ids[item.remote_id])
        item.status = "trashed by an editor"
        return True

    def _restored(self) -> None:
        for name, number in list(self._trashed.items()):
            if self._luck.random() < 0.4:
                item = self._ledger.items[name]
                self._editor.restore(number, self._path(item.parent))
                del self._trashed[name]
                item.status = "published"
                self.events["restored"] += 1

    def _categories_shown(self) -> list[str]:
        return [name for name in self._ids if name.startswith("c-")]

    def _path(self, name: str) -> str:
        return f"1/2/{self.places[name]}" if name in self.places else self._editor.path(self._ids[name])
