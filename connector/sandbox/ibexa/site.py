"""What the server gives out beside its REST API: the bytes of files and images, and a page to log in.

A file is a download that asks for permission like any page of the site: tokens of the REST API count for nothing here,
a session's cookie does (their firewalls are apart in the stock configuration). Images are plain files below the web
root, which nobody asks for permission (field types).
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, unquote

from connector.sandbox.http import Request, Response
from connector.sandbox.ibexa.access import may_item
from connector.sandbox.ibexa.fault_answers import LOGIN_PAGE
from connector.sandbox.ibexa.model import Content, User, Version
from connector.sandbox.ibexa.repository import Repository
from connector.sandbox.ibexa.wire import HTML, Call

Json = Any
_DOWNLOAD = re.compile(r"/content/download/([0-9]+)/([0-9]+)")
_IMAGES = "/var/site/storage/images/"
_MISSING = Response(404, [("Content-Type", HTML)], b"<!DOCTYPE html>\n<html><h1>Page not found</h1></html>")


def op_of(request: Request) -> str:
    """The name of a request in the book; ``unknown`` for all but files and images."""
    if request.path.startswith(_IMAGES):
        return "site.image"
    return "site.download" if _DOWNLOAD.fullmatch(request.path) else "unknown"


def page(repository: Repository, user: User, request: Request) -> Response:
    """The answer to a request for anything outside of the API; the caller holds the repository's lock."""
    if request.method not in ("GET", "HEAD"):
        return _MISSING
    if request.path == "/login":
        return LOGIN_PAGE
    if request.path.startswith(_IMAGES):
        return _image(repository, unquote(request.path.removeprefix(_IMAGES)))
    place = _DOWNLOAD.fullmatch(request.path)
    item = repository.contents.get(int(place.group(1))) if place else None
    if place is None or item is None:
        return _MISSING
    number = request.param("version")
    version = item.versions.get(int(number) if number and number.isdigit() else item.current or 0)
    if version is None:
        return _MISSING
    if not _may(Call(request, repository, user), item, version):
        away = Response(302, [("Content-Type", HTML), ("Location", "/login")])
        return away if user.login == "anonymous" else Response(403, [("Content-Type", HTML)])
    return _file(repository, _value_of(item, version, int(place.group(2))))


def _may(call: Call, item: Content, version: Version) -> bool:
    function = "read" if version.status == "PUBLISHED" else "versionread"
    return may_item(call, "read", item) and may_item(call, function, item, version=version)


def _value_of(item: Content, version: Version, field_id: int) -> Json:
    """The value of the field with that id, which is one field in one language."""
    place = next((name for name, number in item.field_ids.items() if number == field_id), ("", ""))
    return version.fields.get(place[1], {}).get(place[0])


def _file(repository: Repository, value: Json) -> Response:
    data = repository.files.get(str(value.get("id"))) if isinstance(value, dict) and "mimeType" in value else None
    if data is None:
        return _MISSING
    name = quote(str(value["fileName"]))
    headers = [("Content-Type", str(value["mimeType"])), ("Content-Disposition", f"attachment; filename={name}")]
    return Response(200, headers, data)


def _image(repository: Repository, storage_id: str) -> Response:
    """The picture as it was uploaded; smaller ones are not drawn here."""
    data = repository.files.get(storage_id)
    if data is None:
        return _MISSING
    kinds = {b"\x89PN": "image/png", b"GIF": "image/gif", b"\xff\xd8\xff": "image/jpeg"}
    return Response(200, [("Content-Type", kinds.get(data[:3], "application/octet-stream"))], data)
