"""What the database sorts and compares a field by: a number or a text, made of the value by its type (ibexa/core 4.6).

A text is in the form in which the database compares texts. Of a number there is always one: nothing is 0.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from connector.sandbox.ibexa import fields
from connector.sandbox.ibexa.field_types.choices import country_names
from connector.sandbox.ibexa.model import FieldDefinition
from connector.sandbox.ibexa.repository import collate

Json = Any
Key = int | str
_FIRST_LINE = 255


def _stamp(value: Json) -> int:
    return int(value["timestamp"]) if value else 0


def _target(value: Json) -> int:
    return int((value or {}).get("destinationContentId") or 0)


def _first_line(value: Json) -> str:
    return str(value or "").strip().partition("\n")[0].rstrip("\r")[:_FIRST_LINE]


def _float(value: Json) -> str:
    return "" if value is None else f"{value:.14g}"


def _joined(names: list[str]) -> str:
    return ",".join(sorted(each.lower() for each in names))


NUMBERS: dict[str, Callable[[Json], int]] = {
    "ezinteger": lambda value: value or 0,
    "ezboolean": int,
    "ezdate": _stamp,
    "ezdatetime": _stamp,
    "eztime": lambda value: value or 0,
    "ezobjectrelation": _target,
}
"""The types that are compared by a number."""
SEPARATORS = {"ezauthor": ",", "ezcountry": ",", "ezobjectrelationlist": ",", "ezselection": "-"}
"""The types whose text is a list, and what parts it."""
UNSORTED = {"ezurl", "ezmedia", "ezuser"}
"""The types of which the database keeps no key."""
_TEXTS: dict[str, Callable[[Json], str]] = {
    "ezfloat": _float,
    "eztext": _first_line,
    "ezcountry": lambda value: _joined(country_names(value or [])),
    "ezauthor": lambda value: _joined([str(each.get("name") or "") for each in value or []]),
    "ezselection": lambda value: "-".join(map(str, value or [])),
    "ezobjectrelationlist": lambda value: ",".join(map(str, (value or {}).get("destinationContentIds") or [])),
    "ezkeyword": lambda value: ",".join(map(str, value or [])),
}


def of(definition: FieldDefinition, values: dict[str, Json]) -> Key:
    """The key of a field among the values of a language."""
    value = values.get(definition.identifier)
    number = NUMBERS.get(definition.type)
    if number:
        return number(value)
    text = _TEXTS.get(definition.type)
    return collate(text(value) if text else fields.text_of(definition, values))
