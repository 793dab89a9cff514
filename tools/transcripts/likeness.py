"""Where two answers differ, after what no two servers can have alike has been set aside: the rules below, nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from tools.transcripts.recording import Answer

Json = Any
SECONDS = 3
RULES = {
    "ids": "an id that the server gave (under `id`, `_id`, `_fieldTypeId`, in a link, in a picture's path) may be another,"
    " but the same one stands for the same thing through the whole replay",
    "remote ids": "32 hexadecimal digits that the server made",
    "dates": f"times may be {SECONDS} seconds apart (the sandbox's clock is set to the recorded Date)",
    "file names": "12 hexadecimal digits that the server puts before the name of a stored picture",
    "durations": "how long a search took (`time` in a view); --strict counts it as a difference",
    "tokens": "JWT, session id, the cookie's and the CSRF token's value",
    "host": "none: requests carry the recorded Host",
}
HEADERS = (
    "content-type", "location", "allow", "accept-patch", "vary", "cache-control", "www-authenticate", "x-cache-tags",
    "set-cookie", "expires",
)  # fmt: skip
_ID_KEYS = {"id", "_id", "_fieldTypeId"}
_NO_ID = ("versions",)  # a version's number is counted from 1 for each item, and has to be right
_DATE = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+\d\d:\d\d|[A-Z][a-z]+, \d\d[ -][A-Z][a-z]{2}[ -]\d{2,4} \d\d:\d\d:\d\d \w+(?:\+0000)?"
_MARKS: tuple[tuple[str, str], ...] = (
    ("date", _DATE),
    ("jwt", r"<jwt>|eyJ[\w-]+\.[\w-]+\.[\w-]+"),
    ("remote id", r"(?<![0-9A-Za-z])[0-9a-f]{32}(?![0-9A-Za-z])"),
    ("csrf", r"[0-9a-f]{12}\.[\w-]{20,}\.[\w-]{20,}"),
    ("session", r"(?<![0-9A-Za-z])[a-z0-9]{26}(?![0-9A-Za-z])"),
    ("file", r"(?<=/)[0-9a-f]{12}(?=-)"),
    ("id", r"(?<=/)\d+(?=[/\"<-]|$)|(?<= id=\")\d+|(?<=<id>)\d+|(?<=-)\d+(?=-)"),
    ("time", r"(?<=<time>)[\d.E-]+"),
)
_MARK = re.compile("|".join(f"({pattern})" for _, pattern in _MARKS))


class Likeness:
    """Compares answers; what an id stands for is remembered from answer to answer."""

    def __init__(self, *, strict: bool = False) -> None:
        self._strict = strict
        self._ours: dict[tuple[str, str], str] = {}
        self._theirs: dict[tuple[str, str], str] = {}

    def differences(self, recorded: Answer, ours: Answer) -> list[str]:
        """Each difference in words, ``at: recorded | ours``."""
        found = [] if recorded.status == ours.status else [f"status: {recorded.status} | {ours.status}"]
        for name in HEADERS:
            theirs, here = recorded.headers.get(name, []), ours.headers.get(name, [])
            alike = len(theirs) == len(here) and all(map(self._text, sorted(theirs), sorted(here)))
            if not alike:
                found.append(f"{name}: {', '.join(theirs) or '-'} | {', '.join(here) or '-'}")
        return found + list(self._body(recorded.body, ours.body, "body"))

    def _body(self, theirs: Json, here: Json, at: str) -> Iterator[str]:
        if isinstance(theirs, dict) and isinstance(here, dict):
            if [*theirs] != [*here] and theirs.keys() == here.keys():
                yield f"{at}: keys in another order: {', '.join(theirs)} | {', '.join(here)}"
            for key in [*theirs, *(each for each in here if each not in theirs)]:
                if key in theirs and key in here:
                    yield from self._body(theirs[key], here[key], f"{at}.{key}")
                else:
                    yield f"{at}.{key}: {_shown(theirs, key)} | {_shown(here, key)}"
        elif isinstance(theirs, list) and isinstance(here, list):
            if len(theirs) != len(here):
                yield f"{at}: {len(theirs)} entries | {len(here)}"
            for number, (one, other) in enumerate(zip(theirs, here, strict=False)):
                yield from self._body(one, other, f"{at}[{number}]")
        elif not self._value(theirs, here, at):
            yield f"{at}: {theirs!r} | {here!r}"

    def _value(self, theirs: Json, here: Json, at: str) -> bool:
        if type(theirs) is not type(here):
            return {type(theirs), type(here)} == {int, float} and theirs == here
        if isinstance(theirs, str):
            return self._text(theirs, here)
        if isinstance(theirs, int) and at.rpartition(".")[2] in _ID_KEYS:
            return self._same(re.sub(r"\[\d+\]", "", at).split(".")[-2], str(theirs), str(here))
        if at.endswith(".Result.time") and not self._strict:
            return True  # how long a search took
        return bool(theirs == here)

    def _text(self, theirs: str, here: str) -> bool:
        """Whether two texts are the same but for what the rules set aside."""
        one, other = list(_MARK.finditer(theirs)), list(_MARK.finditer(here))
        if len(one) != len(other) or _MARK.split(theirs)[:: _MARK.groups + 1] != _MARK.split(here)[:: _MARK.groups + 1]:
            return theirs == here
        return all(self._mark(a, b, theirs[: a.start()]) for a, b in zip(one, other, strict=True))

    def _mark(self, theirs: re.Match[str], here: re.Match[str], before: str) -> bool:
        kind = _MARKS[(theirs.lastindex or 1) - 1][0]
        if theirs.lastindex != here.lastindex:
            return False
        if kind == "date":
            return abs(_seconds(theirs.group()) - _seconds(here.group())) <= SECONDS
        if kind == "id":
            return self._same("/".join(re.findall("[a-z]{4,}", before)[-2:]), theirs.group(), here.group())
        return kind != "time" or not self._strict or theirs.group() == here.group()

    def forget(self) -> None:
        """Another server answers from here on: its ids stand for other things."""
        self._ours.clear()
        self._theirs.clear()

    def _same(self, kind: str, theirs: str, here: str) -> bool:
        if kind.endswith(_NO_ID):
            return theirs == here
        return (
            self._ours.setdefault((kind, theirs), here) == here
            and self._theirs.setdefault((kind, here), theirs) == theirs
        )


def _seconds(text: str) -> float:
    if text[0].isdigit():
        return datetime.fromisoformat(text).timestamp()
    for form in ("%A, %d-%b-%y %H:%M:%S", "%a, %d-%b-%Y %H:%M:%S"):
        try:
            return datetime.strptime(text.rpartition(" ")[0], form).replace(tzinfo=UTC).timestamp()
        except ValueError:
            continue
    return parsedate_to_datetime(text).timestamp()


def _shown(holder: dict[str, Json], key: str) -> str:
    return repr(holder[key])[:120] if key in holder else "(not there)"
