"""Content that is there before anything is asked: entries of a file or a test, sent as the administrator's requests.

An entry with ``method`` is a request: ``{"method", "path", "type"?, "body"?}`` in the API's own words, ``path`` below
the API's root, ``type`` the name in the media type ("SectionInput"). Any other is a content item to create and publish:
``{"content_type", "fields", "remote_id"?, "parent"?, "language"?}``; ``parent`` is a Location path ("1/2", the default)
or the remote id of an item with a Location.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from connector.sandbox.http import Headers, Request, Response
from connector.sandbox.ibexa.repository import Repository
from connector.sandbox.ibexa.wire import PREFIX

Json = Any
_REQUEST = {"method", "path", "type", "body"}
_CONTENT = {"content_type", "fields", "remote_id", "parent", "language"}
_PATH = re.compile(r"/?\d+(/\d+)*/?")
Send = Callable[[str, str, str | None, Json], Response]


def sow(entries: Json, repository: Repository, app: Callable[[Request], Response], token: str) -> None:
    """Carry out the entries one after the other.

    Raises:
        ValueError: an entry is none, or was refused; with its number, and what the sandbox said. Earlier ones stay.
    """
    if not isinstance(entries, list):
        raise ValueError("what to begin with is a list of content items and requests")  # noqa: TRY004

    def send(method: str, path: str, kind: str | None, body: Json) -> Response:
        headers = {"Accept": "application/json", "Authorization": f"Bearer {token}"}
        if kind:
            headers["Content-Type"] = f"application/vnd.ibexa.api.{kind}+json"
        data = b"" if body is None else json.dumps(body).encode()
        return app(Request(method, PREFIX + path, headers=Headers(headers), body=data))

    for number, entry in enumerate(entries, 1):
        try:
            for answer in _steps(entry, repository, send):
                if answer.status >= 300:
                    raise ValueError(f"{answer.status} {answer.body.decode()[:500]}")
        except ValueError as error:
            raise ValueError(f"entry {number}: {error}") from None


def _steps(entry: Json, repository: Repository, send: Send) -> Iterator[Response]:
    is_request = isinstance(entry, dict) and "method" in entry
    known, needed = (_REQUEST, {"method", "path"}) if is_request else (_CONTENT, {"content_type", "fields"})
    if not isinstance(entry, dict) or entry.keys() - known or needed - entry.keys():
        raise ValueError(f"it is an object with {sorted(needed)}, and may have {sorted(known - needed)}")
    if is_request:
        yield send(str(entry["method"]), str(entry["path"]), entry.get("type"), entry.get("body"))
        return
    if not isinstance(entry["fields"], dict):
        raise ValueError("'fields' is an object")  # noqa: TRY004
    created = send("POST", "/content/objects", "ContentCreate", _creation(entry, repository))
    yield created  # whoever asks for the next knows that this one went well
    made = json.loads(created.body)["Content"]["_id"]
    yield send("PUBLISH", f"/content/objects/{made}/versions/1", None, None)


def _creation(entry: dict[str, Json], repository: Repository) -> Json:
    fields = [{"fieldDefinitionIdentifier": name, "fieldValue": value} for name, value in entry["fields"].items()]
    body: Json = {
        "ContentType": {"_href": f"{PREFIX}/content/types/{_type_id(str(entry['content_type']), repository)}"},
        "mainLanguageCode": entry.get("language", "eng-GB"),
        "LocationCreate": {
            "ParentLocation": {
                "_href": f"{PREFIX}/content/locations/{_place(str(entry.get('parent', '1/2')), repository)}"
            },
            "sortField": "PATH",
            "sortOrder": "ASC",
        },
        "fields": {"field": fields},
    }
    return {"ContentCreate": body | ({"remoteId": entry["remote_id"]} if "remote_id" in entry else {})}


def _type_id(identifier: str, repository: Repository) -> int:
    found = repository.type_by_identifier(identifier)
    if found is None:
        raise ValueError(f"there is no content type '{identifier}'")
    return found.id


def _place(parent: str, repository: Repository) -> str:
    if _PATH.fullmatch(parent):
        return parent.strip("/")
    item = repository.content_by_remote_id(parent)
    if item is None or item.main_location is None:
        raise ValueError(f"there is no item with the remote id '{parent}' and a Location, to be its parent")
    return repository.location(item.main_location).href_path
