"""A bare REST client for the editor and the judge: nothing of the product is used to look at what the product did."""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

Json = Any
ROOT = "/api/ibexa/v2"


class Rest:
    """One user's connection; logs in when it has to."""

    def __init__(self, url: str, login: str, password: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
        self._who = {"username": login, "password": password}
        self._token = ""

    def __call__(self, method: str, path: str, body: Json = None, kind: str = "", **headers: str) -> Json:
        """The answer's JSON, or None. Any refusal is an AssertionError: editors and judges ask for what they may."""
        status, raw = self._send(method, path, body, kind, headers)
        if status == 401:
            self._token = ""
            status, raw = self._send(method, path, body, kind, headers)
        assert status < 400, (method, path, status, raw[:300])
        return json.loads(raw) if raw else None

    def _send(self, method: str, path: str, body: Json, kind: str, more: dict[str, str]) -> tuple[int, bytes]:
        if not self._token and kind != "JWTInput":
            told = self("POST", "/user/token/jwt", {"JWTInput": self._who}, "JWTInput")
            self._token = told["JWT"]["token"]
        headers = {"Accept": "application/vnd.ibexa.api.Content+json", **more}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        if kind:
            name, _, version = kind.partition(";")
            headers["Content-Type"] = f"application/vnd.ibexa.api.{name}+json" + (f";{version}" if version else "")
        self._connection.request(method, ROOT + path, None if body is None else json.dumps(body), headers)
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    def all_of(self, content_type: str) -> list[Json]:
        """Every published item of a content type, with its current version."""
        found: list[Json] = []
        while True:
            query = {"Filter": {"ContentTypeIdentifierCriterion": content_type}, "limit": 100, "offset": len(found)}
            query["SortClauses"] = {"ContentId": "ascending"}
            body = {"ViewInput": {"identifier": "all", "ContentQuery": query}}
            result = self("POST", "/views", body, "ViewInput; version=1.1")["View"]["Result"]
            found += [hit["value"]["Content"] for hit in result["searchHits"]["searchHit"]]
            if len(found) >= result["count"]:
                return found
