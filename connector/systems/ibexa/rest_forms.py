"""By field type, the forms of a value over which Ibexa's REST fails with a 500, or which it changes without a word.

For the payloads of plain operations. What Ibexa refuses in words of its own (400, 406) is left to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from connector.core.jsonio import Json
from connector.systems.ibexa.fields.account import ACCOUNT
from connector.systems.ibexa.fields.numbers import LEAST, MOST
from connector.systems.ibexa.types import FieldDefinition

_NUMBER = re.compile(r"\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*")
_TIMES = ("rfc850", "timestring", "timestamp")


def rest_misfit(definition: FieldDefinition, value: Json) -> str:
    """What a field takes, in words, if it does not take that value; empty: nothing can be said against it."""
    form = _FORMS.get(definition.type)
    if form is None:
        return ""
    takes, words = form
    return "" if takes(value) else words


def _plain(value: Json) -> bool:
    return not isinstance(value, dict | list)


def _whole(value: Json) -> bool:
    if isinstance(value, str):
        return not value.strip() or (_NUMBER.fullmatch(value) is not None and _within(float(value)))
    return isinstance(value, bool) or not isinstance(value, int | float) or _within(value)


def _within(number: float) -> bool:
    return LEAST <= number <= MOST


def _decimal(value: Json) -> bool:
    return not isinstance(value, str) or _NUMBER.fullmatch(value) is not None


def _time(value: Json) -> bool:
    if value is None:
        return True
    if not isinstance(value, dict) or not any(value.get(name) not in (None, "") for name in _TIMES):
        return False
    if value.get("rfc850") or value.get("timestring"):
        return True
    stamp = str(value["timestamp"])
    return stamp.lstrip("-").isdigit() and _within(int(stamp))


def _listed(value: Json) -> bool:
    return isinstance(value, list)


def _object(*names: str, empty: tuple[Json, ...] = (None,)) -> Callable[[Json], bool]:
    def takes(value: Json) -> bool:
        return value in empty or (isinstance(value, dict) and all(name in value for name in names))

    return takes


def _several(value: Json) -> bool:
    listed = value.get("destinationContentIds") if isinstance(value, dict) else None
    return isinstance(listed, list) and all(str(one).isdigit() for one in listed)


def _one(value: Json) -> bool:
    number = value.get("destinationContentId") if isinstance(value, dict) else ""
    return value is None or number is None or str(number).isdigit()


def _richtext(value: Json) -> bool:
    return isinstance(value, dict) and isinstance(value.get("xml"), str)


_TIME_FORM = (
    _time,
    'takes {"timestamp": 1700000000} (from 1901 to 2038) or {"timestring": "2026-03-02"}, and null for nothing',
)
_FILE_FORM = (_object("fileName"), 'takes {"fileName": "…", "fileSize": 70, "data": base64}, and null for nothing')
_FORMS: Mapping[str, tuple[Callable[[Json], bool], str]] = {
    "string": (_plain, "takes a text"),
    "text": (_plain, "takes a text"),
    "integer": (_whole, f"takes a whole number from {LEAST} to {MOST}"),
    "float": (_decimal, "takes a number; of any other text Ibexa makes 0"),
    "date": _TIME_FORM,
    "datetime": _TIME_FORM,
    "url": (_object("link"), 'takes {"link": "https://…", "text": "…"}, and null for nothing'),
    "author": (_listed, 'takes a list such as [{"name": "…", "email": "…"}], and [] for nothing'),
    "country": (lambda value: value is None or _listed(value), 'takes a list such as ["NO"], and null for nothing'),
    "selection": (_listed, "takes a list of option numbers such as [0], and [] for nothing"),
    "relation": (_one, 'takes {"destinationContentId": 61}, and null for nothing'),
    "relation_list": (_several, 'takes {"destinationContentIds": [61]}, with [] in it for nothing'),
    "image_asset": (
        _object("destinationContentId", "alternativeText", empty=(None, {})),
        'takes {"destinationContentId": 61, "alternativeText": null}, and null for nothing',
    ),
    "richtext": (_richtext, 'takes {"xml": "…"} with DocBook, with "" in it for nothing'),
    "matrix": (_object("entries", empty=()), 'takes {"entries": [{"column": "…"}]}, with [] in it for nothing'),
    "map_location": (_object("latitude", "longitude"), 'takes {"latitude": 59.9, "longitude": 10.7, "address": "…"}'),
    "image": _FILE_FORM,
    "file": _FILE_FORM,
    "media": _FILE_FORM,
    ACCOUNT: (lambda _: False, "is a user's account: login, email and password stand beside fields"),
}
