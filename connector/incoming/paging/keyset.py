"""``keyset``: what comes after the last record, by a value that the listing is sorted by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import ClassVar, Self

import jmespath

from connector.core.errors import PagingError
from connector.core.jsonio import Json, shown, type_name
from connector.core.numbers import Number
from connector.core.spec import BOOLEAN, COUNT, JMESPATH, TEXT, Field, Spec
from connector.incoming.paging.base import Page, PageRequest
from connector.incoming.paging.order import order

PLACE = "{key}"
_SORT = "Sort by it at the source, e.g. in `query`; or the source ignores the parameter."
_TIES = 'Choose what is unique, such as an id; or ask with "from that value on" (>=) and say "inclusive": true.'


class Keyset:
    """Goes on behind the value of the last record, until a page brings nothing new: a short page is not the end."""

    spec: ClassVar[Spec] = Spec(
        "keyset",
        "Value of the last record",
        "Asks for what comes after the last record by a value, such as its id: nothing is missed when records come or "
        "go meanwhile. The source has to sort by that value.",
        {
            "by": Field(JMESPATH, "Where a record has the value that it is listed by.", required=True, example="id"),
            "key_param": Field(
                TEXT,
                "Name of the parameter for the value; `/a/b` is a place in the body.",
                required=True,
                example="since_id",
            ),
            "value": Field(
                {"type": "string", "minLength": 1, "x-filled": ["key"]},
                "What is sent; `{key}` stands for the value.",
                default=PLACE,
                example="id gt '{key}'",
            ),
            "start": Field(
                {"type": ["string", "number"]},
                "The value for the first page; left out: the parameter is not set there.",
                example=0,
            ),
            "limit_param": Field(TEXT, "Name of the parameter for the size, or its place.", default="limit"),
            "limit": Field(COUNT, "Records a page.", default=100),
            "order": Field(
                {"type": "string", "enum": ["rising", "falling"]}, "How the source sorts by it.", default="rising"
            ),
            "inclusive": Field(
                BOOLEAN,
                "The source answers from that value on (>=), so that several records may share it: those that were "
                "read already are left out.",
                default=False,
            ),
        },
    )

    def __init__(self, config: Mapping[str, Json]) -> None:
        self._by = str(config["by"])
        self._find = jmespath.compile(self._by)
        self._param, self._text = str(config["key_param"]), str(config["value"])
        self._limit_param, self._limit = str(config["limit_param"]), int(config["limit"])
        self._start = config.get("start")
        self._wrong = -1 if config["order"] == "rising" else 1
        self._inclusive = bool(config["inclusive"])

    @classmethod
    def build(cls, config: Mapping[str, Json]) -> Self:
        """From the declaration."""
        return cls(cls.spec.filled(config))

    @property
    def repeats(self) -> bool:
        """Where the source answers from the value on."""
        return self._inclusive

    def earlier(self, request: PageRequest) -> PageRequest:
        """As it is: a value does not move."""
        return request

    def recheck(self, request: PageRequest) -> PageRequest | None:  # noqa: ARG002 - the protocol's words
        """No need, for the same reason."""
        return None

    def covered(self, request: PageRequest, page: Page) -> tuple[int, int]:  # noqa: ARG002 - the protocol's words
        """All: a page without news was the end. A total may be of the rest only, or count what came meanwhile."""
        return (0, 0)

    def first(self) -> PageRequest:
        """From the start value, or without one."""
        return PageRequest({**({} if self._start is None else self._sent(self._start)), self._limit_param: self._limit})

    def next(self, request: PageRequest, page: Page) -> PageRequest | None:
        """Behind the last record, until nothing new comes.

        Raises:
            PagingError: the records are not in that order, share a value, or have none; or more of them share one than
                a page holds.
        """
        values = [self._find.search(one) for one in page.records]
        if not values or (self._inclusive and set(page.names) <= set(request.known)):
            if values and len(values) >= self._limit:
                message = f"more than {self._limit} records share the {self._by} {shown(values[-1], 40)}"
                raise PagingError(message, hint="Raise `limit`, or choose what fewer records share.")
            return None
        last = values[-1]
        if isinstance(last, bool) or not isinstance(last, str | Number) or last == "":
            what = "an empty text" if last == "" else type_name(last)
            raise PagingError(f"`{self._by}` of the last record is {what}: nothing to go on by", hint="Correct `by`.")
        self._check([request.after, *values])
        known = self._known(request, page, values) if self._inclusive else ()
        return PageRequest({**self._sent(last), self._limit_param: self._limit}, known=known, after=last)

    def _sent(self, value: Json) -> dict[str, Json]:
        """A value alone stays a number where it is one: in a body that makes a difference."""
        return {self._param: value if self._text == PLACE else self._text.replace(PLACE, str(value))}

    def _check(self, values: Sequence[Json]) -> None:
        there = [one for one in values if one is not None]
        for before, after in pairwise(there):
            found = order(before, after)
            if found == self._wrong:
                message = f"the listing is not {self._order} by {self._by}: {_pair(before, after)}"
                raise PagingError(message, hint=_SORT)
            if found == 0 and not self._inclusive:
                message = f"two records have the {self._by} {shown(after, 40)}: some behind it could be missed"
                raise PagingError(message, hint=_TIES)

    @property
    def _order(self) -> str:
        return "rising" if self._wrong < 0 else "falling"

    @staticmethod
    def _known(request: PageRequest, page: Page, values: Sequence[Json]) -> tuple[str, ...]:
        ties = [name for name, value in zip(page.names, values, strict=True) if value == values[-1]]
        return (*(request.known if request.after == values[-1] else ()), *ties)


def _pair(before: Json, after: Json) -> str:
    return f"{shown(after, 40)} comes after {shown(before, 40)}"
