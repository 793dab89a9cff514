"""Ibexa by hand: a login, a session for each thread, the same mapping as the route's."""

from __future__ import annotations

import json
import os
import threading
from typing import Any

import jmespath
import requests

from connector.systems.ibexa.fields.docbook import from_tree
from connector.systems.ibexa.fields.html import parse_html

MEDIA = "application/vnd.ibexa.api."
_MAP = jmespath.compile("{sku: sku, name: values.name.en_GB, short: values.short, text: values.text}")


class Ibexa:
    """Logs in once; threads share the token, and have a session each."""

    def __init__(self) -> None:
        self._base = os.environ["IBEXA_BASE_URL"] + "/api/ibexa/v2"
        login = {"JWTInput": {"username": "admin", "password": os.environ["IBEXA_PASSWORD"]}}
        headers = {"Content-Type": f"{MEDIA}JWTInput+json", "Accept": f"{MEDIA}JWT+json"}
        answer = requests.post(f"{self._base}/user/token/jwt", data=json.dumps(login), headers=headers, timeout=60)
        answer.raise_for_status()
        self._token = answer.json()["JWT"]["token"]
        self._mine = threading.local()

    def find(self, remote_id: str) -> Any:
        """The content item, or None."""
        headers = {"Accept": f"{MEDIA}Content+json"}
        asked = {"remoteId": remote_id}
        answer = self._session().get(f"{self._base}/content/objects", params=asked, headers=headers, timeout=60)
        if answer.status_code == 404:
            return None
        answer.raise_for_status()
        return answer.json()["Content"]

    def create(self, remote_id: str, values: dict[str, Any]) -> str:
        """Create a draft; its id."""
        fields = [
            {"fieldDefinitionIdentifier": name, "languageCode": "eng-GB", "fieldValue": value}
            for name, value in values.items()
        ]
        body = {
            "ContentCreate": {
                "ContentType": {"_href": "/api/ibexa/v2/content/types/1"},
                "mainLanguageCode": "eng-GB",
                "LocationCreate": {
                    "ParentLocation": {"_href": "/api/ibexa/v2/content/locations/1/2"},
                    "sortField": "PATH",
                    "sortOrder": "ASC",
                },
                "remoteId": remote_id,
                "fields": {"field": fields},
            }
        }
        headers = {"Accept": f"{MEDIA}Content+json", "Content-Type": f"{MEDIA}ContentCreate+json"}
        answer = self._session().post(
            f"{self._base}/content/objects", data=json.dumps(body), headers=headers, timeout=60
        )
        answer.raise_for_status()
        return answer.headers["Location"].rpartition("/")[2]

    def publish(self, number: str) -> None:
        headers = {"Accept": f"{MEDIA}Content+json", "X-HTTP-Method-Override": "PUBLISH"}
        url = f"{self._base}/content/objects/{number}/versions/1"
        self._session().post(url, headers=headers, timeout=60).raise_for_status()

    def _session(self) -> requests.Session:
        if not hasattr(self._mine, "session"):
            self._mine.session = requests.Session()
            self._mine.session.headers["Authorization"] = f"Bearer {self._token}"
        found: requests.Session = self._mine.session
        return found


def mapped(record: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The remote id and the fields of a record."""
    product = _MAP.search(record)
    text = {"xml": from_tree(parse_html(product["text"]))}
    return f"b-{product['sku']}", {
        "name": product["name"],
        "short_name": product["short"].upper(),
        "description": text,
    }
