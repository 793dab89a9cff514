"""Reads the body of a request: its Content-Type decides what it is, JSON or XML; what is below its root is what counts.

Follows server-behaviour §2 and the input dispatcher of ibexa/rest 4.6, odd parts included.
"""

from __future__ import annotations

import json
import re
from typing import Any

from connector.sandbox.http import Request
from connector.sandbox.ibexa.errors import PhpError, bad_request
from connector.sandbox.ibexa.xml import read as xml_read

Json = Any
_FAMILY = "application/vnd.ibexa.api."
_VERSION = re.compile(r"version=(\S+)")


def read_body(request: Request, expected: str, known: set[str], *, lists: bool = False) -> tuple[Json, str]:
    """The body below its root element (whose name is not looked at) and the version of its media type.

    Raises:
        RestError: 400 for a Content-Type, JSON or XML that does not do.
        PhpError: another known type than the one expected, or no object below the root.
    """
    name, version, form = _body_type(request)
    if form not in {"json", "xml"}:
        raise bad_request(f"Unknown format specification: '{form}'.")
    root = xml_read.document(request.body) if form == "xml" else _decoded(request.body)
    below = _below(root)
    if below in (None, False) and expected in _TOLD_THEIR_ADDRESS:
        below = {}
    if not isinstance(below, (dict, list)):
        raise PhpError
    is_known = name.startswith(_FAMILY) and name.removeprefix(_FAMILY) in known
    if not is_known or version not in {"1.0", "1.1"} or (version == "1.1" and name != _FAMILY + "ViewInput"):
        raise bad_request(f"Unknown content type specification: '{name} (version: {version})'.")
    if name != _FAMILY + expected:
        raise PhpError
    if below == []:
        below = {}  # PHP writes an empty object as []
    if isinstance(below, list) and not lists:
        raise PhpError
    return below, version


def _below(root: Json) -> Json:
    """What is below the root: the first there is; a body that is no object or list has nothing."""
    if not isinstance(root, (dict, list)):
        return {}
    return next(iter(root.values() if isinstance(root, dict) else root), None)


_TOLD_THEIR_ADDRESS = {"ContentCreate", "VersionUpdate", "ContentTypeCreate", "FieldDefinitionUpdate"}
"""Inputs to which the server adds the address (or a parameter): so nothing becomes an empty object."""


def _body_type(request: Request) -> tuple[str, str, str]:
    given = request.headers.get("content-type")
    if not given:
        raise bad_request("Missing Content-Type header in message.")
    head, _, parameters = given.partition(";")
    parts = head.split("+")
    version = _VERSION.search(parameters)
    # another type's body is read as XML first, and only then is its type found to be unknown
    return parts[0], version.group(1) if version else "1.0", parts[1] if len(parts) == 2 else "xml"


def _decoded(body: bytes) -> Json:
    try:
        return json.loads(body.decode(), parse_constant=_no_constant)
    except ValueError as error:
        raise bad_request(
            f"An error occured while decoding the JSON input:\n{_what_is_wrong(error)}\nInput JSON:\n\n"
            + body.decode(errors="replace")
        ) from error


def _no_constant(name: str) -> Json:
    raise ValueError(f"{name} is no JSON")


def _what_is_wrong(error: ValueError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "Malformed UTF-8 characters, possibly incorrectly encoded"
    is_control = isinstance(error, json.JSONDecodeError) and error.msg.startswith("Invalid control character")
    return "Control character error, possibly incorrectly encoded" if is_control else "Syntax error"
