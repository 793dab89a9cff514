"""The variations that a picture's value links to; not in the reference, and yet there."""

from __future__ import annotations

from typing import Any

from connector.sandbox.ibexa import content
from connector.sandbox.ibexa.access import check_read
from connector.sandbox.ibexa.errors import RestError
from connector.sandbox.ibexa.wire import PREFIX, Answer, Call, Route, ref

Json = Any
# the sides of the square that a variation has to fit into; pictures are made smaller only
_LARGEST = {"reference": 600, "large": 300, "medium": 200, "small": 100, "tiny": 30, "original": 0}
_IMAGE = "/content/binary/images/{imageId:image}/variations/{variation}"


def _variation(call: Call) -> Answer:
    image_id, name = call.params["imageId"], call.params["variation"]
    content_id, field_id, version_no = (int(each) for each in image_id.split("-"))
    item, version = content.version_of(call.repository, content_id, version_no)
    check_read(call, item)
    image = _image(version.fields, image_id)
    if image is None:
        raise RestError(404, f"No image Field with ID {field_id} found")
    if name not in _LARGEST:
        raise RestError(404, f"Invalid image variation {name}")
    wide, high = _fitted(image["width"], image["height"], _LARGEST[name])
    place = image["path"] if name == "original" else f"/_aliases/{name}{image['path']}"
    body = {
        **ref("ContentImageVariation", call.request.path.removeprefix(PREFIX)),
        "uri": f"http://{call.request.headers.get('host', '')}/var/site/storage/images{place}",
        "contentType": image["mime"],
        "width": wide,
        "height": high,
        "fileSize": image["fileSize"],
    }
    return Answer(200, "ContentImageVariation", {"ContentImageVariation": body})


def _image(fields: dict[str, dict[str, Json]], image_id: str) -> Json:
    for values in fields.values():
        for value in values.values():
            if isinstance(value, dict) and value.get("imageId") == image_id:
                return value
    return None


def _fitted(wide: int, high: int, most: int) -> tuple[int, int]:
    longest = max(wide, high)
    if not most or longest <= most:
        return wide, high
    return max(1, round(wide * most / longest)), max(1, round(high * most / longest))


ROUTES = (Route("content.get_image_variation", "GET", _IMAGE, _variation),)
