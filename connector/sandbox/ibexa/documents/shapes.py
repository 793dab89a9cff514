"""Fills the shapes of the tables with what a document holds.

In a shape ``&Cart`` is a media type, ``$a.b`` a value of the document (its key is left out when there is none), a text
with a slash in front a path below the API's prefix, with ``{name}`` for values, and an object with a key such as
``$each`` a function of this file. All else stands for itself.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from connector.sandbox.ibexa import inputs
from connector.sandbox.ibexa.documents import Documents, table
from connector.sandbox.ibexa.render import date
from connector.sandbox.ibexa.wire import PREFIX, media

Json = Any
Values = Mapping[str, Json]
MISSING = object()


def shown(documents: Documents, collection: str, document: Json) -> Json:
    """A document below its root element."""
    spec = table("collections")[collection]
    steps = spec.get("workflow", {}).get(document.get("status"), {})
    return fill(spec["shape"], {**document, "transitions": list(steps)}, documents)


def fill(shape: Json, values: Values, documents: Documents) -> Json:
    """The shape with the values; MISSING for a value that is not there."""
    if isinstance(shape, str):
        return _text(shape, values)
    if isinstance(shape, list):
        return [fill(each, values, documents) for each in shape]
    if not isinstance(shape, dict):
        return shape
    name = next(iter(shape), "")
    if name.startswith("$"):
        return _FUNCTIONS[name](shape, values, documents)
    filled = {key: fill(each, values, documents) for key, each in shape.items()}
    return {key: each for key, each in filled.items() if each is not MISSING}


def _text(shape: str, values: Values) -> Json:
    if shape.startswith("&"):
        return media(shape[1:])
    if shape.startswith("/"):
        return PREFIX + shape.format_map(values)
    return value_at(values, shape[1:]) if shape.startswith("$") else shape


def value_at(values: Json, pointer: str) -> Json:
    """The value at ``a.b``, or MISSING."""
    for key in pointer.split("."):
        if not isinstance(values, Mapping) or key not in values:
            return MISSING
        values = values[key]
    return values


def _each(shape: Json, values: Values, documents: Documents) -> Json:
    found = value_at(values, shape["$each"])
    entries = found if isinstance(found, list) else []
    return [fill(shape["as"], {**values, **each}, documents) for each in entries if isinstance(each, dict)]


def _grouped(shape: Json, values: Values, documents: Documents) -> Json:
    groups: dict[str, list[Json]] = {}
    for each in values[shape["$grouped"]]:
        groups.setdefault(str(each.get(shape["by"]))[:10], []).append(each)
    return [
        fill(shape["as"], {**values, "key": key, "count": len(items), "items": items}, documents)
        for key, items in groups.items()
    ]


def _given(shape: Json, values: Values, documents: Documents) -> Json:
    there = value_at(values, shape["$given"])
    return fill(shape["as"], values, documents) if isinstance(there, dict) else MISSING


def _of(shape: Json, values: Values, documents: Documents) -> Json:
    found = documents.find(shape["$of"], str(values.get(shape["by"])))
    return MISSING if found is None else shown(documents, shape["$of"], found)


def _link(shape: Json, values: Values, _documents: Documents) -> Json:
    there = value_at(values, shape["$link"])
    return {"_media-type": media(shape["to"]), "_href": there["_href"]} if isinstance(there, dict) else MISSING


def _money(shape: Json, values: Values, _documents: Documents) -> Json:
    there = value_at(values, shape["$money"])
    if there is MISSING or there is None:
        return MISSING
    currency = value_at(values, "OrderCurrency.code")
    amount = there if isinstance(there, dict) else {"amount": there}
    return {"amount": str(amount.get("amount")), "currency": amount.get("currency", currency)}


def _rate(shape: Json, values: Values, _documents: Documents) -> Json:
    there = value_at(values, shape["$rate"])
    return MISSING if there is MISSING else f"{float(there):.2f}"


def _date(shape: Json, values: Values, _documents: Documents) -> Json:
    return date(values[shape["$date"]])


def _php_date(shape: Json, values: Values, _documents: Documents) -> Json:
    text = datetime.fromtimestamp(values[shape["$php_date"]], UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    return {"date": text, "timezone_type": 3, "timezone": "UTC"}


def _flag(shape: Json, values: Values, _documents: Documents) -> Json:
    return inputs.boolean(values[shape["$flag"]], shape["$flag"])


def _one_language(shape: Json, values: Values, _documents: Documents) -> Json:
    there = values.get(shape["$text"])
    return next(iter(there.values()), "") if isinstance(there, dict) else ""


def _token(_shape: Json, _values: Values, _documents: Documents) -> Json:
    return secrets.token_urlsafe(48)


_FUNCTIONS: dict[str, Callable[[Json, Values, Documents], Json]] = {
    "$each": _each,
    "$grouped": _grouped,
    "$given": _given,
    "$of": _of,
    "$link": _link,
    "$money": _money,
    "$rate": _rate,
    "$date": _date,
    "$php_date": _php_date,
    "$flag": _flag,
    "$text": _one_language,
    "$token": _token,
}
