"""From JSON to XML as Ibexa reads it; what its reader would silently change is refused.

How it reads (seen in ibexa/rest 4.6 and 5.0): texts are trimmed; inside field values digits become integers, digits and
dots become floats, true and false become booleans, an empty ``value`` an empty list; a second list in one element is
lost.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NoReturn
from xml.sax.saxutils import escape

from connector.clients.ibexa_xml.shapes import FIELD_HASHES, shapes
from connector.core.errors import RecordError
from connector.core.jsonio import MAX_DEPTH, Json, shown, type_name
from connector.core.numbers import Number

_HINT = 'Let the client speak JSON: leave out its "format".'
_NAME = re.compile(r"(?![xX][mM][lL])[A-Za-z_][A-Za-z0-9_.-]*")
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ATTRIBUTE = {'"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
_LARGEST = 2**63 - 1
_BLANKS = " \t\n\r\0\v"
"""What PHP trims."""


def to_xml(body: Json) -> bytes:
    """The XML that says the same, in UTF-8.

    Args:
        body: an object with one key, the root element.

    Raises:
        RecordError: it has no form in XML, or the server would read something else. The step says where.
    """
    if not isinstance(body, dict) or len(body) != 1:
        what = f"an object with {len(body)} keys" if isinstance(body, dict) else type_name(body)
        raise RecordError(f"a body in XML has one root element, and this is {what}", hint=_HINT, step="payload")
    name, content = next(iter(body.items()))
    if isinstance(content, list):
        _refuse("payload", f"the root '{shown(name, 40)}' is a list, and XML has one root element")
    return ('<?xml version="1.0" encoding="UTF-8"?>\n' + _element(name, content, "payload", 1)).encode()


def _element(name: str, value: Json, where: str, depth: int) -> str:
    _check_depth(where, depth)
    if not _NAME.fullmatch(name):
        _refuse(where, f"'{shown(name, 40)}' cannot be the name of an element")
    if not isinstance(value, dict):
        return _tagged(name, "", _text(value, where))
    attributes = "".join(_attribute(key, one, where) for key, one in value.items() if _is_attribute(key))
    content = _text(value["#text"], where) if "#text" in value else ""
    _refuse_second_list(value, where)
    inner = "".join(
        _child(key, one, f"{where}.{key}", depth + 1)
        for key, one in value.items()
        if key != "#text" and not _is_attribute(key)
    )
    return _tagged(name, attributes, content + inner)


def _refuse_second_list(value: Mapping[str, Json], where: str) -> None:
    known = shapes().wrapped.keys() | FIELD_HASHES
    lists = [key for key, one in value.items() if isinstance(one, list) and len(one) > 1 and key not in known]
    if len(lists) > 1:
        _refuse(where, f"in XML, Ibexa reads one list in an element, and here are {' and '.join(lists[:3])}")


def _child(key: str, value: Json, where: str, depth: int) -> str:
    if key in FIELD_HASHES:
        return _field(key, "", value, where, depth)
    if isinstance(value, dict) and value and all(one == [] for one in value.values()):
        return ""  # <descriptions/> would be nothing where the server wants a list, and a 400
    if not isinstance(value, list):
        return _element(key, value, where, depth)
    if key in shapes().wrapped:
        inner = "".join(_entry(shapes().wrapped[key], one, where, depth + 1) for one in value)
        return _tagged(key, "", inner)
    return "".join(_entry(key, one, where, depth) for one in value)


def _entry(name: str, value: Json, where: str, depth: int) -> str:
    if isinstance(value, list):
        _refuse(where, "a list in a list has no form in XML")
    return _element(name, value, where, depth)


def _field(name: str, attributes: str, value: Json, where: str, depth: int) -> str:
    """A field's value, setting or validator: everything below is a ``value``."""
    _check_depth(where, depth)
    if isinstance(value, dict):
        # Nothing and an empty text would arrive as an empty list: left out, the server takes them for empty.
        inner = "".join(
            _field("value", _attribute("_key", key, where), one, f"{where}.{key}", depth + 1)
            for key, one in value.items()
            if not _is_nothing(one)
        )
        return _tagged(name, attributes, inner)
    if isinstance(value, list):
        if any(_is_nothing(one) for one in value):
            _refuse(where, "an empty entry of a list would arrive as an empty list")
        return _tagged(name, attributes, "".join(_field("value", "", one, where, depth + 1) for one in value))
    _refuse_changed(value, where)
    return _tagged(name, attributes, _text(value, where))


def _is_nothing(value: Json) -> bool:
    return value is None or (isinstance(value, str) and not value.strip(_BLANKS))


def _refuse_changed(value: Json, where: str) -> None:
    """Values that Ibexa's reader of XML takes for something else, without a word.

    Raises:
        RecordError: this is one of them.
    """
    if isinstance(value, bool) or value is None:
        return
    text = str(value).strip(_BLANKS)
    if isinstance(value, str) and _read_as(text) != text:
        _refuse(where, f"in XML, Ibexa reads the text {shown(text, 40)!r} as {shown(_read_as(text), 40)}")
    if isinstance(value, int) and value > _LARGEST:
        _refuse(where, "in XML, Ibexa reads a number above 9223372036854775807 as that one")


def _read_as(text: str) -> str:
    """What becomes of a text in a field of texts: it goes through a number or a boolean and back."""
    if re.fullmatch("[0-9]+", text):
        plain = text.lstrip("0") or "0"
        return str(_LARGEST) if len(plain) > 18 and int(plain[:20]) > _LARGEST else plain
    if re.fullmatch(r"[0-9.]+", text):
        start = re.match(r"[0-9]*\.?[0-9]*", text)
        found = start[0] if start and start[0] != "." else "0"
        return f"{float(found[:300]):.14G}"  # the precision with which PHP makes a text of a float
    return {"true": "1", "false": "''"}.get(text.lower(), text)


def _is_attribute(key: str) -> bool:
    return key.startswith("_")


def _attribute(key: str, value: Json, where: str) -> str:
    name = key[1:]
    if not _NAME.fullmatch(name):
        _refuse(where, f"'{shown(name, 40)}' cannot be the name of an attribute")
    if isinstance(value, dict | list):
        _refuse(f"{where}.{key}", f"an attribute cannot be of type {type_name(value)}")
    text = _plain(value, f"{where}.{key}")
    if name == "media-type":
        text = text.replace("+json", "+xml")
    return f' {name}="{escape(text, _ATTRIBUTE)}"'


def _text(value: Json, where: str) -> str:
    return escape(_plain(value, where), {"\r": "&#13;"})


def _plain(value: Json, where: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str | Number):
        _refuse(where, f"a text cannot be of type {type_name(value)}")
    text = str(value)
    found = _NO_XML.search(text)
    if found:
        _refuse(where, f"the text holds the character U+{ord(found[0]):04X}, which XML cannot hold")
    return text


def _tagged(name: str, attributes: str, inner: str) -> str:
    return f"<{name}{attributes}>{inner}</{name}>" if inner else f"<{name}{attributes}/>"


def _check_depth(where: str, depth: int) -> None:
    if depth > MAX_DEPTH:
        # The place would be as deep as the body.
        _refuse(shown(where, 80), f"the body is nested deeper than {MAX_DEPTH} levels")


def _refuse(where: str, message: str) -> NoReturn:
    raise RecordError(f"{where}: {message}", hint=_HINT, step=where)
