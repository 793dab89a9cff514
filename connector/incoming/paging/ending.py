"""Whether a listing that has ended, as its paging was declared, has given everything: what speaks against it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from msgspec import Struct

from connector.core.errors import BadAnswer, ClientError, NotWhole, SourceError
from connector.core.jsonio import Json, shown
from connector.core.problem import Finding
from connector.incoming.paging.base import Page, PageRequest
from connector.incoming.paging.guard import Guard
from connector.incoming.paging.named import Named, named_next
from connector.incoming.paging.pointer import Missed, missed, missed_header
from connector.incoming.refusals import NO_SUCH_PAGE

_LOCATORS: Mapping[str, tuple[str, ...]] = {"next_link": ("next",), "token": ("more", "token", "token_header")}
"""The locators by which a kind of paging goes on, that which decides first. The others count by themselves."""

_HEADER = "token_header"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SIZES = _words(
    "limit perpage pagesize size count take top first rows maxresults itemsperpage resultsperpage pagelimit"
)
"""Parameters by which a size of pages is asked for."""
_NEXT_LINK = '"pagination": {{"type": "next_link", {}}}'
_USUAL = frozenset({10, 15, 20, 25, 30, 50, 100, 200, 250, 500, 1000})
"""Sizes of pages where none is asked for."""


class Doubt(Struct, frozen=True):
    """Why not everything may have come.

    Attributes:
        pointer: of what is to be corrected in the incoming.
        message: what speaks against it.
        hint: what to declare.
        certain: records are missing.
    """

    pointer: str
    message: str
    hint: str
    certain: bool

    @property
    def fault(self) -> NotWhole | None:
        """What the read ends with; None: with nothing, as records are not surely missing."""
        return NotWhole(self.message, hint=self.hint) if self.certain else None

    @property
    def finding(self) -> Finding:
        """For those who look at the declaration."""
        return Finding(self.pointer, "CFG212", self.message, self.hint, "error" if self.certain else "warning")


class Ending(Struct, frozen=True):
    """The end of a read.

    Attributes:
        config: the incoming's declaration.
        pages: so many were read.
        page: the last one.
        asked: the parameters that it was asked with.
        covered: as many records came as the source says that it has.
    """

    config: Mapping[str, Json]
    pages: int
    page: Page
    asked: Mapping[str, Json]
    covered: bool

    def doubt(self, leads_on: Callable[[str], bool | None]) -> Doubt | None:
        """What speaks against its being whole; None: nothing.

        A pointer to the next page that is there, be it with null, has said that there is none; and one that was
        followed before may be left out at the end. Where neither is so, the answer may name a next page in another way,
        and a full page without any word of the next is no certain end.

        Args:
            leads_on: whether that address gives records that did not come yet; None: it cannot be told.
        """
        declared = self.config["pagination"]
        locators = [key for key in _LOCATORS.get(declared["type"], ()) if key in declared][:1]
        if not self.page.records or declared.get("only_first"):
            return None
        if declared["type"] in _LOCATORS and self.pages > 1:
            return None
        gap = self._gap(locators[0]) if locators else None
        if locators and gap is None:
            return None
        named = named_next(self.page, str(self.config["records"]))
        if named is not None:
            more = leads_on(named.address) if named.address else None
            return self._unfollowed(named, gap) if more or (more is None and not self.covered) else None
        if gap is None or self.covered:
            return None
        likely = gap.meant or (self._is_full() and not gap.ends_a_list_of_links)
        return self._silent(locators[0], gap) if likely else None

    def _gap(self, key: str) -> Missed | None:
        locator = str(self.config["pagination"][key])
        return missed_header(locator, self.page.headers) if key == _HEADER else missed(locator, self.page.body)

    def _is_full(self) -> bool:
        sizes = [int(str(value)) for name, value in self.asked.items() if _is_size(name) and str(value).isdecimal()]
        came = len(self.page.records)
        return came >= min(sizes) if sizes else came in _USUAL

    def _unfollowed(self, named: Named, gap: Missed | None) -> Doubt:
        declared = self.config["pagination"]
        if named.kind == "flag":
            message = f"the answer says that there is more (`{named.where}`), and nothing asks for it"
        else:
            by = "the header Link" if named.kind == "header" else f"`{named.where}`"
            message = f"the answer names a next page ({by}) that is not followed"
        key = next((key for key in _LOCATORS.get(declared["type"], ()) if key in declared), "")
        hint = f"{_there(key, str(declared[key]), gap)} " if gap is not None else ""
        hint += _remedy(named, declared["type"])
        if declared["type"] == "single":
            hint += ' If only the first page is wanted, say "only_first": true in pagination.'
        pointer = f"/pagination/{key}" if key else "/pagination"
        return Doubt(pointer, f"{message}: {_came(self)}, and that is not all", hint, certain=True)

    def _silent(self, key: str, gap: Missed) -> Doubt:
        locator = str(self.config["pagination"][key])
        of = "no answer has the header" if key == _HEADER else "no answer has"
        why = f"{of} `{locator}`, but one nearly like it" if gap.meant else f"page 1 is full, and {of} `{locator}`"
        message = f"{why}: {_came(self)}, perhaps not all"
        meant = f"Did you mean '{gap.meant}'? " if gap.meant else ""
        hint = f"{meant}{_there(key, locator, gap)} Correct `{key}`, or declare `total`."
        return Doubt(f"/pagination/{key}", message, hint, certain=False)


def tried(read: Callable[[PageRequest], Page], guard: Guard) -> Callable[[str], bool | None]:
    """Reads what an address leads to; see Ending.doubt."""

    def leads_on(address: str) -> bool | None:
        try:
            return not guard.knows(read(PageRequest(link=address)).records)
        except BadAnswer as error:
            return False if error.status in NO_SUCH_PAGE else None
        except (ClientError, SourceError):
            return None

    return leads_on


def unknown(_address: str) -> None:
    """Where an address cannot be asked as the pages are."""


def _remedy(named: Named, kind: str) -> str:
    where = json.dumps(named.where, ensure_ascii=False)
    if named.kind == "address":
        inner = f'"next": {where}'
        return f"Declare {inner if kind == 'next_link' else _NEXT_LINK.format(inner)}."
    if named.kind == "token":
        declare = f'{{"type": "token", "token": {where}, "token_param": …}}'
        return f'Declare "pagination": {declare}, with the parameter that takes it.'
    if named.kind == "header":
        return "No kind of paging follows that header: count, by `page` or `offset`, as the source does."
    return "Declare in `pagination` how the source pages."


def _there(key: str, locator: str, gap: Missed) -> str:
    there = shown(", ".join(gap.has[:12]), 200)
    of = f"`{'.'.join(gap.at)}`" if gap.at else "the head of the answer" if key == _HEADER else "the answer"
    return f"`{locator}` is in no answer; {of} has: {there or 'no names'}."


def _came(ending: Ending) -> str:
    count = len(ending.page.records)
    records = "1 record" if count == 1 else f"{count} records"
    return f"{records} came" if ending.pages == 1 else f"{records} came with page {ending.pages}"


def _is_size(name: str) -> bool:
    return "".join(one for one in name.rpartition("/")[2] if one.isalnum()).lower() in _SIZES
