"""What the forms of a declared operation are called, and how to write them: data of wording.py."""

from __future__ import annotations

import re
from typing import Final

_ID: Final = r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$"
_PATH: Final = r"^/([a-zA-Z0-9._/-]|\{[A-Za-z]+\})*$"
_ROOT: Final = r"^[A-Za-z][A-Za-z0-9]*$"
_KEYS: Final = r"^[A-Za-z][A-Za-z0-9]*(\.[A-Za-z][A-Za-z0-9]*)*$"
_INNER_KEYS: Final = r"^[A-Za-z][A-Za-z0-9]*(\.[A-Za-z][A-Za-z0-9]*)+$"
_ANSWER: Final = r"^application/vnd\.ibexa\.api\.[A-Za-z.]+\+json$"
_REQUEST: Final = r"^application/vnd\.ibexa\.api\.[A-Za-z._{}]+\+json(; version=1\.1)?$"
PATTERNS: Final = {
    _ID: (
        "the id of an operation",
        "Write its entity, a dot and its action, in small letters, digits and underscores: rating.list.",
    ),
    _PATH: (
        "a path below the client's base URL",
        "Letters, digits and . _ - between slashes; what a message fills in stands in { }: /ratings/{contentId}.",
    ),
    _ROOT: ("the name of a root element", "Letters and digits: RatingList."),
    _KEYS: ("a place in a body", "Write its keys from the root element on, joined by dots: RatingList.Rating."),
    _INNER_KEYS: ("a place in a body", "Write its keys from the root element on: ViewInput.ContentQuery.offset."),
    _ANSWER: ("a media type of Ibexa in JSON", "Write it whole: application/vnd.ibexa.api.RatingList+json."),
    _REQUEST: ("a media type of Ibexa in JSON", "Write it whole: application/vnd.ibexa.api.RatingCreate+json."),
    r"^[A-Za-z]+$": ("the name of a parameter", "Letters alone, as the server calls it: contentId."),
    r"^[2-5][0-9][0-9]$": ("a status of HTTP", 'Write its number in double quotes: "404".'),
}
_ONLY_ONE: Final = {_ANSWER, _REQUEST}


def better(pattern: str, text: str) -> str:
    """The text as it would be right, in a sentence; empty where nobody can know."""
    if pattern == _PATH:
        return _path(text)
    if pattern == _ID:
        return _id(text)
    name = re.fullmatch(r"(?:application/)?(?:vnd\.)?(?:ibexa\.api\.)?([A-Za-z]+)(?:\+(?:json|xml))?", text)
    if pattern in _ONLY_ONE and name is not None and name[1] not in ("application", "json", "xml"):
        return f"Write application/vnd.ibexa.api.{name[1]}+json."
    return ""


def _path(text: str) -> str:
    """As it is written here: other programs have :name or <name>, and whole addresses."""
    plain, _, query = re.sub(r"^https?://[^/]*", "", text).removeprefix("/api/ibexa/v2").partition("?")
    plain = re.sub(r":([A-Za-z]+)|<([A-Za-z]+)>|\{\{([A-Za-z]+)\}\}", _in_braces, plain)
    if plain.count("{") != plain.count("}"):
        which = "A { is not closed" if plain.count("{") > plain.count("}") else "A } has no { before it"
        return f"{which}: what a message fills in stands in {{ }}, such as /ratings/{{contentId}}."
    plain = "/" + plain.lstrip("/")
    if plain == text or not re.search(_PATH, plain):
        return ""
    return f"Write {plain}." + (" Its query parameters are declared in query." if query else "")


def _id(text: str) -> str:
    """With one dot, in small letters; what the entity is in a word without a dot, nobody knows."""
    plain = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text).lower()
    found = re.sub(r"[^a-z0-9.]+", "_", plain).strip("_.")
    return f"Write {found}." if found != text and re.search(_ID, found) else ""


def _in_braces(found: re.Match[str]) -> str:
    return "{" + next(one for one in found.groups() if one) + "}"
