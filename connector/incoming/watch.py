"""What a read did not find of what is declared, though it could: no error of any one answer, and so told at the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import jmespath

from connector.core.jsonio import Json, shown, type_name
from connector.core.nearest import did_you_mean
from connector.core.numbers import Number
from connector.core.problem import Finding
from connector.incoming.cursor import moment_of
from connector.incoming.paging.base import Page
from connector.incoming.paging.ending import Doubt

_NAMED = 12


class Watch:
    """Of one read of one incoming.

    Args:
        config: the incoming's declaration.
        since: the cursor that it asks by.
        resumed: it goes on in the middle of a listing: what its first pages have is not seen.
    """

    def __init__(self, config: Mapping[str, Json], since: Json = None, *, resumed: bool) -> None:
        self._since = since
        self._total = "" if resumed else str(config.get("total") or "")
        self._at = str((config.get("cursor") or {}).get("at") or "")
        self._only_first = bool(config["pagination"].get("only_first"))
        self._counted = self._moved = False
        self._body: Json = None
        self._record: Json = None
        self._unfit: Json = None

    def saw(self, page: Page, records: Sequence[Json]) -> None:
        """One page more, with those records of it that are new."""
        self._counted = self._counted or page.total is not None
        self._body = page.body if self._body is None else self._body
        for one in records if self._at and not self._moved else ():
            self._record = one if self._record is None else self._record
            found = jmespath.search(self._at, one) if isinstance(one, dict) else None
            self._moved = _moves(found) and (self._since is None or _is_time(found) == _is_time(self._since))
            self._unfit = found if self._unfit is None else self._unfit

    @property
    def whole(self) -> bool:
        """Whether all that was to be read may have come: the total too, where one is declared."""
        return (self._counted or not self._total) and not self._only_first

    def findings(self, doubt: Doubt | None) -> list[Finding]:
        """What is to be told of the read so far, and of its end."""
        return [*self._missed(), *([doubt.finding] if doubt else [])]

    def _missed(self) -> Iterator[Finding]:
        if self._body is not None and self._total and not self._counted:
            found = jmespath.search(self._total, self._body)
            is_odd = f"is {type_name(found)}, no whole number" if type(found) is not int else f"is {found}, no count"
            what = f"no answer has `{self._total}`" if found is None else f"`{self._total}` {is_odd}"
            hint = f"{_there(self._total, self._body, 'The answer')}Correct `total`, or leave it out."
            yield Finding("/total", "CFG211", f"{what}: whether all records came cannot be told", hint, "warning")
        if self._record is not None and not self._moved:
            yield self._nothing_to_go_on_from()

    def _nothing_to_go_on_from(self) -> Finding:
        what = f"no record has `{self._at}`"
        if self._unfit is not None:
            value = f"'{shown(self._unfit, 40)}'" if isinstance(self._unfit, str) else type_name(self._unfit)
            what = f"`{self._at}` is {value}, no time and no number"
            if _moves(self._unfit):
                kind = "a time" if _is_time(self._since) else "a number"
                what = f"`{self._at}` is {value}, and the cursor so far is {kind}"
        hint = f"{_there(self._at, self._record, 'A record')}Correct `cursor.at`."
        follows = "every read asks for everything" if self._since is None else f"the cursor stays at {self._since}"
        return Finding("/cursor/at", "CFG211", f"{what}: {follows}", hint, "warning")


def _is_time(value: Json) -> bool:
    return isinstance(value, str)


def _moves(value: Json) -> bool:
    if isinstance(value, str):
        return moment_of(value) is not None
    return isinstance(value, Number) and not isinstance(value, bool)


def _there(wanted: str, value: Json, whose: str) -> str:
    names = [str(one) for one in value][:_NAMED] if isinstance(value, dict) else []
    meant = "" if wanted in names else did_you_mean(wanted, names)
    return f"{meant}{whose} has: {shown(', '.join(names), 200)}. " if names else ""
