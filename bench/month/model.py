"""What the shop must look like, by the documentation alone: what was fed, what editors did, and who owns what."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from bench.month.source import COLOURS

Json = Any
Place = tuple[str, str]
"""Language and field."""
MAIN, NORSE, GERMAN = "eng-GB", "nor-NO", "ger-DE"
ROOT_PLACE = "root"
OWNERS = {"name": "initial", "teaser": "editor"}


def said_of(record: Json) -> Json:
    """What the mapping makes of a record: fields by place, parents by remote id."""
    fields: dict[Place, Json] = {(MAIN, "name"): record["name"]["en"], (NORSE, "name"): record["name"]["nb"]}
    if "sku" not in record:
        fields[MAIN, "code"] = record["code"]
        return {"fields": fields, "parents": [f"c-{record['parent']}" if record["parent"] else ROOT_PLACE]}
    fields |= {(MAIN, "body"): record["body"]["en"], (NORSE, "body"): record["body"]["nb"]}
    if "de" in record["name"]:
        fields[GERMAN, "name"] = record["name"]["de"]
    fields |= {(MAIN, name): record[name] for name in ("sku", "teaser", "price", "stock")}
    fields[MAIN, "colour"] = COLOURS.index(record["colour"])
    fields[MAIN, "picture"] = record["picture"]
    fields[MAIN, "related"] = [f"p-{one}" for one in record["related"]]
    parents = [f"c-{one}" for one in (record["category"], record["also"]) if one is not None]
    return {"fields": fields, "parents": parents}


@dataclass
class Expected:
    """One content item as it must be.

    Attributes:
        hidden_by_us: its record is passed over, and we hid it; ``dropped``: it is passed over.
        shown: what its fields hold.
        written: of fields, what we last wrote or found to be the same as the source.
        vague: whether an editor worked on it in the middle of a feed, so that ``written`` is not known.
        parent: below which item its main Location lies; ``put``: below which we put it.
        also: further Locations that we made; ``added``: those that an editor made.
        drafts: an editor's drafts by version number: what they hold.
        said: the last message that was sent; ``declared``: the first parent of it that was obeyed.
    """

    remote_id: str
    status: Literal["published", "trashed", "trashed by an editor"] = "published"
    hidden: bool = False
    hidden_by_us: bool = False
    dropped: bool = False
    shown: dict[Place, Json] = field(default_factory=dict)
    written: dict[Place, Json] = field(default_factory=dict)
    vague: bool = False
    parent: str = ""
    put: str = ""
    also: set[str] = field(default_factory=set)
    added: set[str] = field(default_factory=set)
    drafts: dict[int, dict[Place, Json]] = field(default_factory=dict)
    said: Json = None
    declared: str = ""

    def feed(self, said: Json) -> None:
        """A message arrives; it is only sent when it differs from the last one, or the item was put away by us."""
        if said == self.said and not self.dropped:
            return
        if self.status == "trashed by an editor":
            return  # reported, as declared: the task fails until a person restores it
        restored, is_new = self.status == "trashed", self.said is None
        self.said = said
        self._write(said["fields"], is_new=is_new)
        self._lie(said["parents"], anew=restored or is_new)
        self.status, self.dropped = "published", False
        if self.hidden_by_us:
            self.hidden = self.hidden_by_us = False

    def _write(self, fields: dict[Place, Json], *, is_new: bool) -> None:
        languages = {language for language, _ in self.shown}
        for place, value in fields.items():
            owner = OWNERS.get(place[1], "source")
            fresh = is_new or place[0] not in languages
            held = self.shown.get(place)
            if owner == "editor" and not fresh:
                continue
            if owner == "initial" and not fresh and held not in (None, "", value, self.written.get(place)):
                continue
            self.shown[place] = self.written[place] = value

    def _lie(self, parents: list[str], *, anew: bool) -> None:
        first = parents[0]
        if anew or (first != self.declared and self.parent in (first, self.put)):
            self.parent = self.put = self.declared = first
        self.also = {one for one in parents[1:] if one != self.parent}

    def drop(self) -> None:
        """The mapping passes over it: hidden once, unless it is hidden already."""
        if self.dropped or self.status != "published":
            return
        self.dropped = True
        self.hidden_by_us = not self.hidden
        self.hidden = True

    def vanish(self) -> None:
        """The source does not list it any more."""
        if self.status == "published":
            self.status, self.dropped, self.also = "trashed", True, set()


class Ledger:
    """All items."""

    def __init__(self) -> None:
        self.items: dict[str, Expected] = {}

    def fed(self, snapshot: Json) -> None:
        """A night came to its end: every record of the source is through."""
        for code, record in snapshot["categories"].items():
            self._item(f"c-{code}").feed(said_of(record))
        for sku, record in snapshot["products"].items():
            if record["enabled"]:
                self._item(f"p-{sku}").feed(said_of(record))
            elif f"p-{sku}" in self.items:
                self.items[f"p-{sku}"].drop()
        for remote_id, item in self.items.items():
            if remote_id.startswith("p-") and remote_id[2:] not in snapshot["products"]:
                item.vanish()

    def _item(self, remote_id: str) -> Expected:
        return self.items.setdefault(remote_id, Expected(remote_id))
