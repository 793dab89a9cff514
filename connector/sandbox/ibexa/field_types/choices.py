"""Options, countries, authors and tables: values out of a list, or lists of small records."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from connector.sandbox.ibexa.errors import PhpError, broken, refused
from connector.sandbox.ibexa.field_types.base import FieldContext, FieldKind, Problem

Json = Any


_ROWS = json.loads(Path(__file__).parents[1].joinpath("countries.json").read_text(encoding="utf-8"))
_ALPHA2 = {each.lower(): alpha2 for alpha2, alpha3, name, _ in _ROWS for each in (alpha2, alpha3, name)}
_NAMES = {alpha2: name for alpha2, _, name, _ in _ROWS}


def country_names(codes: list[str]) -> list[str]:
    """The names of stored countries."""
    return [_NAMES.get(each, each) for each in codes]


def _country(value: Json, _context: FieldContext) -> Json:
    if value is None:
        return None
    if not isinstance(value, list):
        raise broken("countries come as a list")
    found = [(given, _ALPHA2.get(str(given).lower())) for given in value]
    for given, alpha2 in found:
        if alpha2 is None:
            raise refused("$value", f"''{given}'' is not a valid country identifier")
    return [alpha2 for _, alpha2 in found] or None


def _several_countries(value: Json, context: FieldContext) -> list[Problem]:
    if len(value) > 1 and not context.definition.settings.get("isMultiple"):
        return [("countries", "Field definition does not allow multiple countries to be selected.")]
    return []


def _selection(value: Json, _context: FieldContext) -> Json:
    if not isinstance(value, list):
        raise PhpError
    if any(isinstance(number, bool) or not isinstance(number, int) for number in value):
        raise refused("$value->selection", "value must be of type 'integer[]'")
    return value


def _options(value: Json, context: FieldContext) -> list[Problem]:
    options = context.definition.settings.get("options") or []
    known = options.keys() if isinstance(options, dict) else range(len(options))
    if len(value) > 1 and not context.definition.settings.get("isMultiple"):
        return [("selection", "Field definition does not allow multiple options to be selected.")]
    wrong = [number for number in value if number not in known and str(number) not in known]
    return [("selection", f"Option with index {number} does not exist in the field definition.") for number in wrong]


def _authors(value: Json, _context: FieldContext) -> Json:
    if not isinstance(value, list):
        raise PhpError
    if not all(isinstance(author, dict) for author in value):
        raise PhpError
    return [
        {"id": author.get("id") or number, "name": author.get("name"), "email": author.get("email")}
        for number, author in enumerate(value, 1)
    ]


def _matrix(value: Json, _context: FieldContext) -> Json:
    """As fieldtype-matrix reads it: rows by column, every cell a text."""
    if value is None:
        return {"entries": []}
    if not isinstance(value, dict) or not isinstance(value.get("entries"), list):
        raise PhpError
    if not all(isinstance(row, dict) for row in value["entries"]):
        raise PhpError
    return {"entries": [{str(name): str(cell or "") for name, cell in row.items()} for row in value["entries"]]}


def _cells(value: Json) -> str:
    return ", ".join(cell for row in value["entries"] for cell in row.values())


MATRIX = FieldKind(_matrix, empty={"entries": []}, text=_cells)
COUNTRY = FieldKind(_country, check=_several_countries, text=lambda value: ", ".join(value or []))
SELECTION = FieldKind(_selection, empty=[], check=_options, text=lambda value: ", ".join(map(str, value)))
AUTHOR = FieldKind(_authors, empty=[], text=lambda value: ", ".join(str(each.get("name") or "") for each in value))
