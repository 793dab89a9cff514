"""Images and files: bytes come as base64; a value holds their facts, the repository the bytes (see downloads)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import mimetypes
import struct
from typing import Any

from connector.sandbox.ibexa.errors import broken, refused
from connector.sandbox.ibexa.field_types.base import FieldContext, FieldKind, Problem

Json = Any
_VARIATIONS = ("large", "medium", "original", "reference", "small", "tiny")
_IMAGE_KEYS = {
    "id", "alternativeText", "fileName", "fileSize", "imageId", "uri", "inputUri", "width", "height",
    "additionalData", "mime", "data",
}  # fmt: skip
_FORBIDDEN = {
    "php", "php3", "php4", "php5", "phps", "phar", "phpt", "pht", "phtml", "pgif", "hta", "htm", "html", "xhtm",
    "xhtml", "jar", "js", "jse", "svg", "swf", "exe", "pl", "py", "cgi", "asp", "jsp", "sh", "bat",
}  # fmt: skip
"""What Ibexa refuses as it is shipped, and what sites add to it."""


def _bytes(value: Json) -> bytes:
    if not isinstance(value, dict):
        raise broken("a file is an object")
    data = value.get("data")
    if not isinstance(data, str) or not data:
        raise refused("inputUri", "No source image could be obtained from the given external data")
    try:
        return base64.b64decode(data, validate=False)
    except binascii.Error:
        return b""


def _image(value: Json, context: FieldContext) -> Json:
    if value is None:
        return None
    if not isinstance(value, dict):
        raise broken("an image is an object")
    if unknown := sorted(value.keys() - _IMAGE_KEYS):
        raise refused("$value", f"Unknown key '{unknown[0]}' in the image")
    if value.get("id") and not value.get("data"):
        return _kept(value, context)
    return _new_image(_bytes(value), value, context)


def _kept(value: Json, context: FieldContext) -> Json:
    """A value that was read and came back: the same picture, maybe with another alternative text."""
    return {name: value.get(name) for name in _IMAGE_KEYS - {"data"}} | {
        "path": "/" + str(value["id"]),
        "variations": _variations(str(value.get("imageId") or _image_id(context))),
    }


def _new_image(data: bytes, value: Json, context: FieldContext) -> Json:
    mime, width, height = _measure(data)
    name = str(value.get("fileName") or "image")
    digits = "/".join(reversed(f"{context.field_id:04d}"[-4:]))
    place = f"{digits}/{context.field_id}-{context.version}-{context.language}"
    storage_id = f"{place}/{hashlib.sha256(data).hexdigest()[:12]}-{name}"
    context.keep(storage_id, data)
    return {
        "id": storage_id,
        "path": "/" + storage_id,
        "alternativeText": value.get("alternativeText"),
        "fileName": name,
        "fileSize": len(data),
        "imageId": _image_id(context),
        "uri": f"/var/site/storage/images/{storage_id}",
        "inputUri": None,
        "width": width,
        "height": height,
        "additionalData": [],
        "mime": mime,
        "variations": _variations(_image_id(context)),
    }


def _image_id(context: FieldContext) -> str:
    return f"{context.content_id}-{context.field_id}-{context.version}"


def _variations(image_id: str) -> Json:
    base = f"/api/ibexa/v2/content/binary/images/{image_id}/variations"
    return {name: {"href": f"{base}/{name}"} for name in _VARIATIONS}


def _measure(data: bytes) -> tuple[str | None, int, int]:
    """The media type by the first bytes, and the size in pixels; no media type: not a picture."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) >= 24:
        return ("image/png", *struct.unpack(">II", data[16:24]))
    if data[:6] in {b"GIF87a", b"GIF89a"} and len(data) >= 10:
        return ("image/gif", *struct.unpack("<HH", data[6:10]))
    if data.startswith(b"\xff\xd8\xff"):
        return ("image/jpeg", *_jpeg_size(data))
    return None, 0, 0


def _jpeg_size(data: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return 0, 0


def _image_check(value: Json, context: FieldContext) -> list[Problem]:
    if value.get("mime") is None:
        return [("fileName", "A valid image file is required.")]
    taken = context.definition.settings.get("mimeTypes")
    if taken and value["mime"] not in taken:
        return [("id", f"The mime type of the file is invalid ({value['mime']}). Allowed: {', '.join(taken)}.")]
    rule = context.definition.validators.get("AlternativeTextValidator") or {}
    if rule.get("required") and not value.get("alternativeText"):
        return [("alternativeText", "Alternative text is required.")]
    return _size_check(value, context)


def _size_check(value: Json, context: FieldContext) -> list[Problem]:
    most = (context.definition.validators.get("FileSizeValidator") or {}).get("maxFileSize")
    if most and value["fileSize"] > most * 1024 * 1024:
        return [("fileSize", f"The file size cannot exceed {most} megabyte.")]
    return []


def _file(value: Json, context: FieldContext) -> Json:
    if value is None:
        return None
    if isinstance(value, dict) and value.get("id") and not value.get("data"):
        return dict(value)
    data = _bytes(value)
    name = str(value.get("fileName") or "file")
    mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
    suffix = name.rpartition(".")[2]
    url = f"/content/download/{context.content_id}/{context.field_id}?version={context.version}"
    storage_id = f"{mime.split('/')[0]}/{hashlib.sha256(data).hexdigest()[:32]}.{suffix}"
    context.keep(storage_id, data)
    return {
        "id": storage_id,
        "path": None,
        "inputUri": None,
        "fileName": name,
        "fileSize": len(data),
        "mimeType": mime,
        "uri": url,
        "downloadCount": 0,
        "url": url,
    }


def _media(value: Json, context: FieldContext) -> Json:
    """A file with what a player needs; without the counter and the second address."""
    made = _file(value, context)
    if made is None:
        return None
    kept = {name: each for name, each in made.items() if name not in {"url", "downloadCount"}}
    flags = {name: bool(value.get(name, False)) for name in ("hasController", "autoplay", "loop")}
    return kept | flags | {name: value.get(name, 0) for name in ("height", "width")}


def _file_check(value: Json, context: FieldContext) -> list[Problem]:
    if str(value.get("fileName")).rpartition(".")[2].lower() in _FORBIDDEN:
        return [("fileExtensionBlackList", "A valid file is required. The following file extensions are not allowed.")]
    return _size_check(value, context)


def _name(value: Json) -> str:
    return (value or {}).get("fileName") or ""


IMAGE = FieldKind(_image, check=_image_check, text=lambda value: (value or {}).get("alternativeText") or _name(value))
MEDIA = FieldKind(_media, check=_file_check, text=_name)
BINARY_FILE = FieldKind(_file, check=_file_check, text=_name)
