"""Sends transcripts to a sandbox of its own, one after the other, and compares what comes back.

Recordings have holes: requests that were made between two of them. ``settings.json`` fills these: by the name of a
transcript, what is done before it (requests, ``folder``: one to make and publish, ``next``: the ids that the next things
get, ``reset``: another server was recorded from here on) and how it is sent (``as``: whose token, ``token``: what is
wrong with it).
"""

from __future__ import annotations

import contextlib
import http.client
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from connector.sandbox.ibexa import IbexaSandbox
from connector.sandbox.ibexa.wire import PREFIX
from tools.transcripts.likeness import Likeness
from tools.transcripts.recording import Answer, Transcript, encoded

Json = Any
_SETTINGS = Path(__file__).with_name("settings.json")
_COUNTED = {
    "/content/objects/": "content", "/user/users/": "content", "/content/locations/": "location",
    "/user/groups/": "location", "/content/sections/": "section", "/content/types/": "type",
    "/content/typegroups/": "type_group", "/user/roles/": "role",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """One replayed transcript; no differences: it matches."""

    transcript: Transcript
    ours: Answer
    differences: list[str]


class Replay:
    """One sandbox, in-process for its clock and its seed, spoken to through a socket."""

    def __init__(self, settings: Json = None, *, strict: bool = False) -> None:
        self._settings: dict[str, Json] = (
            json.loads(_SETTINGS.read_text(encoding="utf-8")) if settings is None else settings
        )
        self._now = 0.0
        self._sandbox = IbexaSandbox(login_seconds=0, token_ttl=3600, clock=lambda: self._now)
        self._likeness = Likeness(strict=strict)
        self._session: tuple[str, str] | None = None

    def run(self, transcripts: list[Transcript]) -> Iterator[Outcome]:
        """Replay in the order given; a generator."""
        with self._sandbox:
            for each in transcripts:
                self._now = each.at
                setting = self._settings.get(each.name, {})
                self._prepare(each, setting)
                ours = self._send(each, setting)
                yield Outcome(each, ours, self._likeness.differences(each.answer, ours))

    def _prepare(self, transcript: Transcript, setting: Json) -> None:
        for step in setting.get("before", []):
            if "reset" in step:
                self._sandbox.reset()
                self._likeness.forget()
            elif "next" in step:
                self._sandbox.repository.count_on(step["next"])
            else:
                self._ask(transcript.name, *(_folder(step) if "folder" in step else (step,)))
        location = transcript.answer.headers.get("location", [""])[0]
        if transcript.answer.status == 201:
            for prefix, counter in _COUNTED.items():
                made = location.partition(prefix)[2]
                if made and made.rpartition("/")[2].isdigit() and "versions" not in made:
                    self._sandbox.repository.count_on({counter: int(made.rpartition("/")[2])})

    def _ask(self, name: str, *steps: Json) -> None:
        for step in steps:
            path = step["path"].replace("{last}", str(self._sandbox.repository.next_id("content") - 1))
            headers = {"Accept": "application/json", "Authorization": f"Bearer {self._token({})}"}
            if "type" in step:
                headers["Content-Type"] = f"application/vnd.ibexa.api.{step['type']}+json"
            ours = self._http(
                step["method"], PREFIX + path, headers | step.get("headers", {}), encoded(step.get("body"))
            )
            if ours.status >= 300:
                raise ValueError(f"settings for {name}: {step['method']} {path} is {ours.status} {ours.body}")

    def _send(self, transcript: Transcript, setting: Json) -> Answer:
        headers = dict(transcript.headers)
        for name, value in headers.items():
            headers[name] = value.replace("<jwt>", self._token(setting)) if "<jwt>" in value else value
        path = transcript.path
        if self._session and "Cookie" in headers:
            headers["Cookie"] = f"{headers['Cookie'].partition('=')[0]}={self._session[0]}"
            if "X-CSRF-Token" in headers:
                headers["X-CSRF-Token"] = self._session[1]
            if "/user/sessions/" in path:
                path = path[: path.rindex("/") + 1] + self._session[0]
        ours = self._http(transcript.method, path, headers, transcript.body)
        if isinstance(ours.body, dict) and "Session" in ours.body:
            self._session = ours.body["Session"]["identifier"], ours.body["Session"]["csrfToken"]
        return ours

    def _http(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        address = urlsplit(self._sandbox.url)
        connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=30)
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in {"Host": "ibexa.test", **headers}.items():
            connection.putheader(name, value)
        if body:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        with contextlib.closing(connection):
            return _read(connection.getresponse())

    def _token(self, setting: Json) -> str:
        tokens = self._sandbox.tokens
        tokens.ttl = -1 if setting.get("token") == "expired" else 3600
        if setting.get("token") == "nobody":
            return tokens.issue(None)
        return tokens.issue(setting.get("as", "admin"))


def _folder(step: Json) -> Iterator[Json]:
    """What the recorder did most: make a folder, publish it."""
    location = {"priority": "0", "hidden": "false", "sortField": "PATH", "sortOrder": "ASC"}
    place = f"{PREFIX}/content/locations/{step.get('parent', '1/2')}"
    body = {
        "ContentType": {"_href": f"{PREFIX}/content/types/1"},
        "mainLanguageCode": "eng-GB",
        "LocationCreate": {"ParentLocation": {"_href": place}, **location},
        "Section": {"_href": f"{PREFIX}/content/sections/1"},
        "alwaysAvailable": "true",
        "remoteId": step["remote_id"],
        "fields": {"field": [{"fieldDefinitionIdentifier": "name", "fieldValue": step["folder"]}]},
    }
    yield {"method": "POST", "path": "/content/objects", "type": "ContentCreate", "body": {"ContentCreate": body}}
    if not step.get("draft"):
        yield {"method": "PUBLISH", "path": "/content/objects/{last}/versions/1"}


def _read(response: http.client.HTTPResponse) -> Answer:
    headers: dict[str, list[str]] = {}
    for name, value in response.getheaders():
        headers.setdefault(name.lower(), []).append(value)
    text = response.read().decode()
    if "json" in headers.get("content-type", [""])[0] and text:
        return Answer(response.status, headers, json.loads(text))
    return Answer(response.status, headers, text or None)
