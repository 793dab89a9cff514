"""The judge: reads the shop by REST and the book, and names every difference that nobody wanted."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
from typing import Any

from bench.month.model import MAIN, ROOT_PLACE, Expected, Ledger, Place, said_of
from bench.month.rest import Rest
from bench.month.source import picture

Json = Any
_ROOT_LOCATION = "2"


class Judge:
    """Looks at the shop with the eyes of an administrator.

    Args:
        url: of the Ibexa.
        places: what an editor made -> the id of its Location.
    """

    def __init__(self, url: str, places: dict[str, int]) -> None:
        self._rest = Rest(url, "admin", "publish")
        self._made = {str(number): name for name, number in places.items()}

    def close(self) -> None:
        """Let go of the connection."""
        self._rest.close()

    def unexpected(self, ledger: Ledger, book: Json) -> list[str]:
        """Each difference between the shop and what it must be, as a sentence."""
        held = [*self._rest.all_of("category"), *self._rest.all_of("product")]
        names = Counter(one["_remoteId"] for one in held)
        found = [f"{name} is there {count} times" for name, count in names.items() if count > 1]
        found += [f"{name} should not be there" for name in names if name not in ledger.items]
        self._by_id = {one["_id"]: one["_remoteId"] for one in held}
        self._by_id |= {one["content_id"]: one["remote_id"] for one in book["trashed"]}
        self._by_location = {_ROOT_LOCATION: ROOT_PLACE, **self._made}
        for one in held:
            for href in self._locations(one["_id"]):
                self._by_location[href.rpartition("/")[2]] = one["_remoteId"]
        trashed = {one["remote_id"] for one in book["trashed"]}
        shop = {one["_remoteId"]: one for one in held}
        for remote_id, item in ledger.items.items():
            found += [
                f"{remote_id}: {told}" for told in self._item(item, shop.get(remote_id), in_trash=remote_id in trashed)
            ]
        return found + self._by_the_book(ledger, book)

    def _item(self, item: Expected, held: Json, *, in_trash: bool) -> list[str]:
        if item.status != "published":
            return [] if in_trash and held is None else [f"should be {item.status}"]
        if held is None or in_trash:
            return ["is not in the shop"]
        found = [] if held["isHidden"] == item.hidden else [f"isHidden is {held['isHidden']}"]
        fields = self._fields(held["CurrentVersion"]["Version"])
        found += _differences(item.shown, fields)
        main = self._above(held["MainLocation"]["_href"])
        if main != item.parent:
            found.append(f"lies below {main}, not {item.parent}")
        others = sorted(
            self._above(one) for one in self._locations(held["_id"]) if one != held["MainLocation"]["_href"]
        )
        if others != sorted(item.also | item.added):
            found.append(f"lies below {others} too, not {sorted(item.also | item.added)}")
        return found + self._drafts(item, held["_id"])

    def _drafts(self, item: Expected, content_id: int) -> list[str]:
        rows = self._rest("GET", f"/content/objects/{content_id}/versions")["VersionList"]["VersionItem"]
        numbers = {row["VersionInfo"]["versionNo"] for row in rows if row["VersionInfo"]["status"] == "DRAFT"}
        if numbers != set(item.drafts):
            return [f"has the drafts {sorted(numbers)}, not {sorted(item.drafts)}"]
        found = []
        for number, fields in item.drafts.items():
            draft = self._rest("GET", f"/content/objects/{content_id}/versions/{number}")["Version"]
            found += [f"draft {number}: {told}" for told in _differences(fields, self._fields(draft))]
        return found

    def _fields(self, version: Json) -> dict[Place, Json]:
        """As the model says them; empty values are left out, and what a language has of the main one."""
        plain = {
            (row["languageCode"], row["fieldDefinitionIdentifier"]): self._plain(row)
            for row in version["Fields"]["field"]
        }
        own = {place: value for place, value in plain.items() if place[1] in ("name", "body") or place[0] == MAIN}
        return {place: value for place, value in own.items() if value not in (None, "", [])}

    def _plain(self, row: Json) -> Json:
        value, name = row["fieldValue"], row["fieldDefinitionIdentifier"]
        if name == "body" and value:
            return unescape(re.sub("<[^>]*>", "", value["xml"])).strip()
        if name == "colour":
            return value[0] if value else None
        if name == "related":
            return [self._by_id.get(one, one) for one in (value or {}).get("destinationContentIds") or []]
        if name == "picture" and value:
            version = int(value["width"])
            code = str(value["alternativeText"])
            return version if int(value["fileSize"]) == len(picture(code, version)) else f"{value}"
        return value

    def _above(self, href: str) -> str:
        number = href.rstrip("/").split("/")[-2]
        return self._by_location.get(number, number)

    def _locations(self, content_id: int) -> list[str]:
        rows = self._rest("GET", f"/content/objects/{content_id}/locations")["LocationList"]["Location"]
        return [row["_href"] for row in rows]

    def _by_the_book(self, ledger: Ledger, book: Json) -> list[str]:
        found = [f"made twice: {one}" for one in book["duplicates"]]
        found += [f"made {one['creates']} times: {name}" for name, one in book["items"].items() if one["creates"] > 1]
        drafts = {(one["remote_id"], one["version"]) for one in book["leftover_drafts"]}
        hers = {(name, number) for name, item in ledger.items.items() for number in item.drafts}
        return found + [f"draft left over: {one}" for one in sorted(drafts - hers)]


def _differences(wanted: dict[Place, Json], held: dict[Place, Json]) -> list[str]:
    wanted = {place: value for place, value in wanted.items() if value not in (None, "", [])}
    return [
        f"{name} ({language}) is {held.get((language, name))!r}, not {wanted.get((language, name))!r}"
        for language, name in sorted(wanted.keys() | held.keys())
        if wanted.get((language, name)) != held.get((language, name))
    ]


def wanted_differences(ledger: Ledger, snapshot: Json) -> Counter[str]:
    """Where the shop differs from the source as the configuration wants it, by reason."""
    found: Counter[str] = Counter()
    records = {f"p-{one['sku']}": one for one in snapshot["products"].values()}
    records |= {f"c-{one['code']}": one for one in snapshot["categories"].values()}
    for remote_id, item in ledger.items.items():
        record = records.get(remote_id)
        if record is None or not record.get("enabled", True):
            found["not in the source: in the trash" if record is None else "disabled: hidden"] += 1
            continue
        if item.status != "published":
            found["trashed by an editor"] += 1
            continue
        said = said_of(record)
        for place, value in said["fields"].items():
            if item.shown.get(place) != value:
                owner = {"name": "the editor's by 'initial'", "teaser": "the editors'"}
                found[f"{place[1]}: {owner.get(place[1], 'edited, until its record changes')}"] += 1
        found["moved by an editor"] += item.parent != said["parents"][0]
        found["hidden by an editor"] += item.hidden
        found["placed elsewhere too by an editor"] += len(item.added)
        found["drafts of an editor"] += len(item.drafts)
    return +found
