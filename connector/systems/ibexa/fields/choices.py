"""Field types that hold a choice or a list of words: selection, country, keyword, author."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, NoReturn

from connector.core.jsonio import Json
from connector.core.nearest import did_you_mean
from connector.systems.ibexa.fields.codec import Codec, Context
from connector.systems.ibexa.fields.texts import text_of

_LONGEST_CODE = 3
"""Letters of the longest code of a country; what is longer is a name."""


def _selection(value: Json, context: Context) -> Json:
    """Option numbers from labels; REST knows the numbers only."""
    wanted = value if isinstance(value, list) else [value]
    labels = _labels(context.definition.settings)
    found = sorted({_option(one, labels, context) for one in wanted})
    if len(found) > 1 and not context.definition.settings.get("isMultiple", False):
        raise context.refuse(value, "it takes one option only")
    return found


def _labels(settings: Mapping[str, Json]) -> dict[int, str]:
    options = settings.get("options") or []
    # PHP writes a list with gaps as an object.
    numbered = options.items() if isinstance(options, dict) else enumerate(options)
    return {int(number): str(label) for number, label in numbered}


def own_labels(settings: Mapping[str, Json]) -> dict[int, str]:
    """Number -> label of the options of a selection, without labels that are empty or that several have."""
    labels = _labels(settings)
    often = Counter(labels.values())
    return {number: label for number, label in labels.items() if label and often[label] == 1}


def _option(value: Json, labels: Mapping[int, str], context: Context) -> int:
    """By label; a number that is nobody's label is that of an option, as one in ``{"option": 1}`` always is."""
    if isinstance(value, dict) and list(value) == ["option"]:
        number = value["option"]
        return int(number) if number in labels else _no_option(value, labels, context)
    whole = isinstance(value, float) and value.is_integer()
    text = text_of(int(value) if whole else value, context)
    for fold in (str, str.casefold):
        for number, label in labels.items():
            if fold(label) == fold(text):
                return number
    if isinstance(value, int | float) and not isinstance(value, bool) and value in labels:
        return int(value)
    return _no_option(value, labels, context)


def _no_option(value: Json, labels: Mapping[int, str], context: Context) -> NoReturn:
    some = ", ".join(list(labels.values())[:20])
    raise context.refuse(value, "it is none of the options", hint=f"Options are: {some or 'none'}.")


def _words(value: Json, context: Context) -> Json:
    listed = value if isinstance(value, list) else text_of(value, context).split(",")
    words = [text_of(one, context).strip() for one in listed]
    for word in words:
        if len(word) > 255:
            raise context.refuse(word, "a keyword has at most 255 characters")
    return list(dict.fromkeys(word for word in words if word))


def _countries(value: Json, context: Context) -> Json:
    """Alpha-2 codes, which is what Ibexa answers, whatever way a country is written in."""
    wanted = [text_of(one, context).strip() for one in (value if isinstance(value, list) else [value])]
    known = context.gateway.countries() if wanted else {}
    found = list(dict.fromkeys(_country(one, known, context) if known else one for one in wanted))
    if len(found) > 1 and not context.definition.settings.get("isMultiple", False):
        raise context.refuse(value, "it takes one country only")
    return found


def _country(text: str, known: Mapping[str, str], context: Context) -> str:
    found = known.get(text.casefold())
    if found is None:
        names = [one.title() for one in known if len(one) > _LONGEST_CODE]
        hint = f"{did_you_mean(text.title(), names)}Write its English name, or its code of two or three letters."
        raise context.refuse(text, "Ibexa knows no such country", hint=hint)
    return found


def _authors(value: Json, context: Context) -> Json:
    found = []
    for number, one in enumerate(value if isinstance(value, list) else [value], start=1):
        plain: dict[str, Any] = one if isinstance(one, dict) else {"name": text_of(one, context)}
        name, email = (text_of(plain.get(key) or "", context) for key in ("name", "email"))
        if not name and not email:
            raise context.refuse(one, "an author needs a name or an email")
        found.append({"id": number, "name": name, "email": email})
    return found


def _same_set(desired: Json, current: Json) -> bool:
    return sorted(map(str, desired or [])) == sorted(map(str, current or []))


def _same_authors(desired: Json, current: Json) -> bool:
    def plain(value: Json) -> list[tuple[str, str]]:
        return [(str(one.get("name", "")), str(one.get("email") or "")) for one in value or []]

    return plain(desired) == plain(current)


CHOICES = {
    "selection": Codec(_selection, empty=[], equal=_same_set),
    "keyword": Codec(_words, empty=[], equal=_same_set),
    "country": Codec(_countries, empty=None, equal=_same_set),
    "author": Codec(_authors, empty=[], equal=_same_authors),
}
