"""A bare client for the sandbox's own tests: it sends exactly what it is told and hides nothing of the answer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import requests

Json = Any
ROOT = "/api/ibexa/v2"


def vendor(name: str) -> str:
    return f"application/vnd.ibexa.api.{name}+json"


@dataclass
class Api:
    url: str
    session: requests.Session
    token: str = ""

    def log_in(self, username: str = "admin", password: str = "publish") -> requests.Response:
        body = {"JWTInput": {"username": username, "password": password}}
        answer = self.send("POST", "/user/token/jwt", body, "JWTInput", Authorization="")
        if answer.status_code == 200:
            self.token = answer.json()["JWT"]["token"]
        return answer

    def send(
        self, method: str, path: str, body: Json = None, kind: str | None = None, **headers: str
    ) -> requests.Response:
        """Headers as keywords with underscores; an empty one is left out."""
        given = {"Accept": vendor("Content"), "Authorization": f"Bearer {self.token}"}
        if kind:
            given["Content-Type"] = vendor(kind)
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        data = body if isinstance(body, (str, bytes)) or body is None else json.dumps(body)
        request = requests.Request(method, self.url + ROOT + path, data=data).prepare()
        request.headers.update({name: value for name, value in given.items() if value})
        return self.session.send(request, allow_redirects=False, timeout=10)

    def create(self, remote_id: str | None = None, **fields: Json) -> requests.Response:
        return self.send("POST", "/content/objects", creation(remote_id, fields or {"name": "Folder"}), "ContentCreate")

    def publish(self, content_id: int, version: int = 1) -> requests.Response:
        return self.send("PUBLISH", f"/content/objects/{content_id}/versions/{version}")

    def published(self, remote_id: str, parent: str = "1/2") -> int:
        """A new published folder; its content id."""
        body = creation(remote_id, {"name": remote_id}, parent=parent)
        answer = self.send("POST", "/content/objects", body, "ContentCreate")
        number: int = answer.json()["Content"]["_id"]
        assert self.publish(number).status_code == 204
        return number

    def main_location(self, content_id: int) -> str:
        """``1/2/54``."""
        content = self.send("GET", f"/content/objects/{content_id}").json()["Content"]
        return str(content["MainLocation"]["_href"]).removeprefix(ROOT + "/content/locations/")

    def search(self, query: Json, kind: str = "ContentQuery") -> requests.Response:
        body = {"ViewInput": {"identifier": "t", kind: query}}
        return self.send("POST", "/views", body, Content_Type=vendor("ViewInput") + "; version=1.1")

    def admin(self, method: str, path: str, body: Json = None) -> Json:
        answer = self.session.request(method, f"{self.url}/_sandbox{path}", json=body, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()


def creation(remote_id: str | None, fields: dict[str, Json], *, parent: str = "1/2", type_id: int = 1) -> Json:
    """A ContentCreate of a folder (type 1)."""
    return {
        "ContentCreate": {
            "ContentType": {"_href": f"{ROOT}/content/types/{type_id}"},
            "mainLanguageCode": "eng-GB",
            "LocationCreate": {
                "ParentLocation": {"_href": f"{ROOT}/content/locations/{parent}"},
                "sortField": "PATH",
                "sortOrder": "ASC",
            },
            **({} if remote_id is None else {"remoteId": remote_id}),
            "fields": {
                "field": [{"fieldDefinitionIdentifier": name, "fieldValue": value} for name, value in fields.items()]
            },
        }
    }


def error_text(answer: requests.Response) -> str:
    return str(answer.json()["ErrorMessage"]["errorDescription"])
