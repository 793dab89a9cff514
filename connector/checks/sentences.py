"""What is said of names that are not in the records of a file."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from connector.core.jsonio import Json, shown
from connector.core.nearest import did_you_mean
from connector.transformers.compared import Compared
from connector.transformers.emptied import Emptied
from connector.transformers.functions import FUNCTIONS
from connector.transformers.listed import Listed
from connector.transformers.meant import as_name, needs_quotes
from connector.transformers.quoting import in_quotes
from connector.transformers.sight import Sight

_SHOWN = 12
_KINDS = {list: "a list", str: "a text", bool: "true or false", int: "a number", float: "a number"}


class Described(Struct, frozen=True):
    """The records that were looked at.

    Attributes:
        file: as declared; or the incoming that it was made up for.
        whole: they are all that the file holds.
        rows: all have the same names: columns.
        places: of the records in a file; none when they were made up.
    """

    file: str
    records: Sequence[Json]
    whole: bool
    rows: bool
    places: Sequence[str] = ()

    @property
    def none_of_them(self) -> str:
        """The beginning of a sentence."""
        return f"no record of {self.file}" if self.whole else f"none of the first {self._many} of {self.file}"

    @property
    def all_of_them(self) -> str:
        """The same of all."""
        return f"every record of {self.file} is" if self.whole else f"the first {self._many} of {self.file} are all"

    @property
    def same(self) -> str:
        """The beginning of a sentence about what should differ."""
        return f"{'all' if self.whole else 'the first'} {self._many} of {self.file} have the same"

    @property
    def _many(self) -> str:
        return f"{len(self.records)} records"


def missing(sight: Sight, described: Described, *, direct: bool, may_be_text: bool = True) -> tuple[str, str]:
    """Message and hint for a name that is never there.

    Args:
        sight: what it met.
        described: the records.
        direct: it is read from the records themselves, not from what a step made of them.
        may_be_text: somebody may have meant a fixed text.
    """
    name = sight.name
    shown = name.path or name.text
    if not direct:
        message = f"nothing that reaches this step has '{shown}'"
    elif described.rows and name.path == name.text:
        message = f"{described.file} has no column '{name.text}'"
    elif name.path:
        message = f"{described.none_of_them} has '{shown}'"
    else:
        message = f"what is read here from {described.file} never has '{shown}'"
    return message, " ".join(one for one in (_near(sight), _as_text(sight) if may_be_text else "") if one)


def _near(sight: Sight) -> str:
    name, names = sight.name, list(sight.there)
    head = name.path.rpartition(".")[0]
    if list in sight.kinds and not names:
        text = name.text if not name.quoted else f'"{name.text}"'
        return (
            f"'{head}' is a list: write {head}[].{text} for all, or {head}[0].{text} for the first."
            if head
            else f"There is a list: write [].{text} for all, or [0].{text} for the first."
        )
    if not names:
        if sight.kinds and name.text in FUNCTIONS:
            return f"A function has its brackets: {name.text}(…), with what it works on within them."
        kinds = sorted({_KINDS.get(one, one.__name__) for one in sight.kinds})
        return f"There is {' or '.join(kinds)}, not an object." if kinds else ""
    listed = f"There is: {', '.join(names[:_SHOWN])}{' …' if len(names) > _SHOWN else ''}."
    near = did_you_mean(name.text, names)
    odd = "" if name.quoted else next((one for one in names if f"'{one}'" in near and needs_quotes(one)), "")
    return near + listed + (f" That name stands in double quotes: {as_name(odd)}" if odd else "")


def _as_text(sight: Sight) -> str:
    name = sight.name
    if name.leads or name.follows:
        return ""
    return f"If the text itself is meant, write it in single quotes: {in_quotes(name.text)}."


def failing(why: str, described: Described, hint: str = "") -> tuple[str, str]:
    """Message and hint for an expression that can never be evaluated."""
    message = f"this fails for {'every record' if described.whole else 'each of the first records'} of {described.file}"
    return f"{message}: {why}", hint or "Every such task would fail; correct the expression or the file."


def failing_at_times(count: int, first: str, why: str, hint: str, described: Described) -> tuple[str, str]:
    """The same for one that fails for some of the records, or for all of them for a reason that only a run has."""
    if count == len(described.records):
        message, usual = failing(why, described)
        return message, _with_usual(hint, usual)
    many = f"{count} of the {'' if described.whole else 'first '}{len(described.records)} records"
    message = f"this fails for {many} of {described.file}, {'first ' if count > 1 else ''}{first}: {why}"
    return message, _with_usual(hint, "Such a task would fail. Where a value may be missing, say so: name && ….")


def for_some(count: int, first: str, why: str, described: Described) -> str:
    """Of messages that the target would not take, by the place of the first of their records."""
    if count == 1:
        return f"{first} of {described.file}: {why}"
    many = f"{count} of the {'' if described.whole else 'first '}{len(described.records)} records of {described.file}"
    return f"{many}, first {first}: {why}"


def _with_usual(hint: str, usual: str) -> str:
    """What is usual, before a hint that tells only which expression it is."""
    return f"{usual} {hint}".strip() if not hint or hint.startswith("In: ") else hint


def same_at_times(what: str, twice: tuple[str, str, str], count: int, described: Described) -> str:
    """Of records that share an id with another one: the first two of them.

    Args:
        what: ``remote id`` or ``key``.
        twice: the id, and where the two stand.
        count: how many share theirs with an earlier one.
        described: the records.
    """
    one, first, second = twice
    more = f"; {count} records repeat an earlier one's" if count > 1 else ""
    return f"{first} and {second} of {described.file} have the same {what}, '{shown(one, 60)}'{more}"


def unlike(compared: Compared, described: Described) -> tuple[str, str]:
    """Message and hint for a text that is compared with a number."""
    name, number = compared.name, shown(compared.number)
    read = f'"{name.text}"' if name.quoted else name.path or name.text
    end = "they are never equal" if compared.equal else "they cannot be compared"
    what = "A CSV file has only texts" if described.rows else f"A text stands there in {described.file}"
    message = f"'{name.text}' is a text and `{number}` is a number: {end}"
    return message, f"{what}: compare with '{number}', or write number({read})."


def no_list(listed: Listed, described: Described) -> tuple[str, str]:
    """Message and hint for a text that an element is taken of."""
    name = listed.name
    read = f'"{name.text}"' if name.quoted else name.path or name.text
    what = f"'{name.path or name.text}' is a text in {described.file}, not a list: nothing comes of it"
    return what, f"For the whole text write {read}; for a part of it, such as the first word, split({read}, ' ')[0]."


def emptied(call: Emptied, described: Described) -> tuple[str, str]:
    """Message and hint for texts that are no numbers, of which to_number() makes nothing without a word."""
    name = call.name
    read = "…" if name is None else f'"{name.text}"' if name.quoted else name.path or name.text
    many = f"{call.lost} of the {call.asked} texts looked at in {described.file}"
    message = f"to_number() yields nothing for {many}, such as '{shown(call.text, 40)}': the field is left as it is"
    comma = re.fullmatch(r"[+-]?\d+,\d+", call.text.strip())
    meant = f"number(replace({read}, ',', '.'))" if comma else f"number({read}), which fails such a record"
    return message, f"Write {meant}{', which fails a record that has no number' if comma else ''}."


def empty(role: str, described: Described) -> tuple[str, str]:
    """Message and hint for a step that lets nothing through."""
    what = "passes this filter" if role == "where" else "has anything in this list"
    return f"{described.none_of_them} {what}", "Nothing is wrong if that is so today; else correct the expression."
