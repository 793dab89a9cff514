"""Writes an answer as XML: keys with an underscore become attributes, lists repeat their element.

A text that is empty is written as a pair of tags, nothing at all as one.
"""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from connector.sandbox.ibexa.xml import names

Json = Any
_QUOTES = {'"': "&quot;"}


def document(body: Json) -> str:
    """The document of a body with one root element."""
    [(root, inner)] = body.items()
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{_element(root, inner)}\n'


def _element(name: str, value: Json) -> str:
    if name in names()["hashes"]:
        return _hash(name, "", value)
    if not isinstance(value, dict):
        return f"<{name}>{_scalar(value)}</{name}>"
    attributes = "".join(
        f' {key[1:]}="{_scalar(each).replace("+json", "+xml")}"' for key, each in value.items() if key[0] == "_"
    )
    inner = "".join(_child(name, key, each) for key, each in value.items() if key[0] not in "_#")
    if "#text" in value:
        return f"<{name}{attributes}>{_scalar(value['#text'])}{inner}</{name}>"
    return f"<{name}{attributes}>{inner}</{name}>" if inner else f"<{name}{attributes}/>"


def _child(parent: str, key: str, value: Json) -> str:
    place, tables = f"{parent}.{key}", names()
    if place in tables["left_out"]:
        return ""
    if place in tables["ones_for_true"] and value is True:
        value = 1
    if isinstance(value, list) and key not in tables["hashes"]:
        return "".join(_element(tables["items"].get(place, key), each) for each in value)
    return _element(key, value)


def _hash(name: str, attributes: str, value: Json) -> str:
    if value is None:
        return f"<{name}{attributes}/>"
    if isinstance(value, dict):
        inner = "".join(_hash("value", f' key="{_scalar(key)}"', each) for key, each in value.items())
    elif isinstance(value, list):
        inner = "".join(_hash("value", "", each) for each in value)
    else:
        return f"<{name}{attributes}>{f'{value:.6f}' if isinstance(value, float) else _scalar(value)}</{name}>"
    return f"<{name}{attributes}>{inner}</{name}>" if inner else f"<{name}{attributes}/>"


def _scalar(value: Json) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else escape(str(value), _QUOTES)
