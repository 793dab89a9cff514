"""What the server adds to a value when it gives it out: addresses with the host, variations, a user's picture."""

from __future__ import annotations

import re
from typing import Any

from connector.sandbox.ibexa.model import Content, Version
from connector.sandbox.ibexa.repository import Repository
from connector.sandbox.ibexa.wire import media

Json = Any
_VERSION = re.compile(r"\?version=[0-9]+$")


def thumbnail(repository: Repository, item: Content, shown: Version) -> Json:
    """Nothing, but for users: the initials of the name on a picture that the server draws."""
    drawn: dict[str, Json] = {}
    if any(each.type == "ezuser" for each in repository.types[item.type_id].fields):
        values = shown.fields.get(item.main_language, {})
        initials = "".join(str(values.get(name) or "")[:1] for name in ("first_name", "last_name")).upper()
        address = f"/user/default_profile_image/initials.svg?initials={initials}#profile_image"
        drawn = {"resource": address, "width": None, "height": None, "mimeType": "image/svg+xml"}
    return {"_media-type": media("Thumbnail"), **drawn}


def given_out(repository: Repository, kind: str, value: Json, version: int = 0) -> Json:
    """A stored value of a field type as it is shown with that version: its files' addresses name the version."""
    if (left_out := repository.release.not_given.get(kind)) and isinstance(value, dict):
        return {name: each for name, each in value.items() if name not in left_out}
    if kind in {"ezbinaryfile", "ezmedia"} and isinstance(value, dict):
        shown = {name: _VERSION.sub(f"?version={version}", value[name]) for name in ("uri", "url") if value.get(name)}
        value = value | shown
        whole = {name: f"http://{repository.host}{value[name]}" for name in ("uri", "url") if value.get(name)}
        return value | {name: address for name, address in whole.items() if value[name].startswith("/")}
    if kind == "ezimageasset" and isinstance(value, dict):
        return value | {"variations": _variations(repository, value.get("destinationContentId"))}
    return value


def _variations(repository: Repository, content_id: Json) -> Json:
    """Those of the picture that an image asset points to."""
    source = repository.contents.get(content_id) if isinstance(content_id, int) else None
    pictures = [each for values in source.version.fields.values() for each in values.values()] if source else []
    return next((each["variations"] for each in pictures if isinstance(each, dict) and "variations" in each), [])
