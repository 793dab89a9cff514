"""Field types that hold an object: a place on a map, a table, a picture that is a content item of its own, an ISBN."""

from __future__ import annotations

import re
from collections.abc import Mapping

from connector.core.jsonio import Json
from connector.core.nearest import did_you_mean
from connector.systems.ibexa.fields.codec import Codec, Context
from connector.systems.ibexa.fields.relations import content_id
from connector.systems.ibexa.fields.texts import text_of

_AXES: Mapping[str, tuple[tuple[str, ...], float]] = {
    "latitude": (("latitude", "lat"), 90.0),
    "longitude": (("longitude", "lng", "lon"), 180.0),
}
"""Our names of an axis, and how far it reaches."""
_LONGEST_ADDRESS = 150
"""Characters of a place's address; the database refuses a longer one (500)."""
_OLD = 10
"""Digits of an ISBN from before 2007."""


def _place(value: Json, context: Context) -> Json:
    """``{"latitude", "longitude", "address"}``; the server takes real numbers only."""
    if not isinstance(value, dict):
        raise context.refuse(value, 'it wants {"latitude": 59.9, "longitude": 10.7, "address": "…"}')
    if all(value.get(name) is None for names, _ in _AXES.values() for name in names):
        return None
    found: dict[str, Json] = {axis: _degrees(value, axis, context) for axis in _AXES}
    address = text_of(value.get("address") or "", context)
    if len(address) > _LONGEST_ADDRESS:
        rule = f"its address is {len(address)} characters long, at most {_LONGEST_ADDRESS} are allowed"
        raise context.refuse(address, rule)
    return {**found, "address": address}


def _degrees(value: Mapping[str, Json], axis: str, context: Context) -> float:
    names, limit = _AXES[axis]
    given = next((value[name] for name in names if value.get(name) is not None), None)
    try:
        number = float("nan") if given is None or isinstance(given, bool) else float(given)
    except (TypeError, ValueError):
        number = float("nan")
    if not -limit <= number <= limit:
        raise context.refuse(value, f"{axis} is no number between -{limit:g} and {limit:g}")
    return number


def _seen_place(held: Json) -> Json:
    """As it is compared: to a tenth of a metre."""
    if not isinstance(held, dict):
        return None
    return [*(round(float(held.get(axis) or 0), 6) for axis in _AXES), str(held.get("address") or "")]


def _rows(value: Json, context: Context) -> Json:
    """Rows as objects by the columns' identifiers, or as lists in the columns' order."""
    listed = value.get("entries") if isinstance(value, dict) else value
    if not isinstance(listed, list):
        raise context.refuse(value, 'it wants a list of rows, such as [{"column": "text"}]')
    declared = context.definition.settings.get("columns")
    columns = [str(one.get("identifier")) for one in declared if isinstance(one, dict)] if declared else []
    return {"entries": [_row(one, columns, context) for one in listed]}


def _row(row: Json, columns: list[str], context: Context) -> dict[str, Json]:
    if isinstance(row, list):
        if len(row) > len(columns):
            raise context.refuse(row, f"it has {len(columns)} columns")
        row = dict(zip(columns, row, strict=False))
    if not isinstance(row, dict):
        raise context.refuse(row, "a row is an object or a list")
    for name in row:
        if columns and name not in columns:
            hint = f"{did_you_mean(str(name), columns)}Columns are: {', '.join(columns)}."
            raise context.refuse(row, f"it has no column '{name}'", hint=hint)
    names = columns or [str(name) for name in row]
    return {name: "" if row.get(name) is None else text_of(row[name], context) for name in names}


def _seen_rows(held: Json) -> Json:
    rows = held.get("entries") if isinstance(held, dict) else None
    return [{name: str(cell or "") for name, cell in row.items()} for row in rows or [] if isinstance(row, dict)]


def _asset(value: Json, context: Context) -> Json:
    """A content item that holds a picture, with a text of this field's own."""
    plain = value if isinstance(value, dict) else {}
    text = plain.get("alternative_text")
    ref = {name: one for name, one in plain.items() if name != "alternative_text"} if plain else value
    said = None if text is None else text_of(text, context)
    return {"destinationContentId": content_id(ref, context), "alternativeText": said}


def _seen_asset(held: Json) -> Json:
    number = held.get("destinationContentId") if isinstance(held, dict) else None
    return None if number is None else [number, held.get("alternativeText") or ""]


def _isbn(value: Json, context: Context) -> Json:
    text = text_of(value, context).strip()
    digits = re.sub(r"[\s-]", "", text).upper()
    if re.fullmatch(r"\d{9}[\dX]", digits):
        total = sum((10 - at) * (10 if digit == "X" else int(digit)) for at, digit in enumerate(digits))
        sound = total % 11 == 0
    elif re.fullmatch(r"97[89]\d{10}", digits):
        sound = sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(digits)) % 10 == 0
    else:
        raise context.refuse(value, "an ISBN has 10 digits, or 13 that begin with 978 or 979")
    if not sound:
        raise context.refuse(value, "its check digit is wrong")
    if len(digits) == _OLD and context.definition.settings.get("isISBN13") is True:
        raise context.refuse(value, "the field takes ISBNs of 13 digits only")
    return text


STRUCTURES = {
    "map_location": Codec(_place, equal=lambda ours, held: _seen_place(ours) == _seen_place(held), essence=_seen_place),
    "matrix": Codec(
        _rows,
        empty={"entries": []},
        equal=lambda ours, held: _seen_rows(ours) == _seen_rows(held),
        essence=_seen_rows,
    ),
    "image_asset": Codec(_asset, equal=lambda ours, held: _seen_asset(ours) == _seen_asset(held), essence=_seen_asset),
    "isbn": Codec(_isbn, empty=""),
}
