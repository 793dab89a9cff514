"""Sends transcripts to a sandbox of its own, one after the other, and compares what comes back.

Recordings have holes: requests that were made between two of them. ``settings.json`` fills these: by the name of a
transcript, what is done before it (``seed``: entries of the sandbox's own seed; ``next``: the ids that the next things
get) and how it is sent (``as``: whose token; ``token``: what is wrong with it).
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from connector.sandbox.ibexa import IbexaSandbox
from tools.transcripts.likeness import Likeness
from tools.transcripts.recording import Answer, Transcript

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

    def __init__(self, settings: Json = None) -> None:
        self._settings: dict[str, Json] = (
            json.loads(_SETTINGS.read_text(encoding="utf-8")) if settings is None else settings
        )
        self._now = 0.0
        self._sandbox = IbexaSandbox(login_seconds=0, token_ttl=3600, clock=lambda: self._now)
        self._likeness = Likeness()
        self._session: tuple[str, str] | None = None

    def run(self, transcripts: list[Transcript]) -> Iterator[Outcome]:
        """Replay in the order given; a generator."""
        with self._sandbox:
            address = urlsplit(self._sandbox.url)
            for each in transcripts:
                self._now = each.at
                setting = self._settings.get(each.name, {})
                self._prepare(each, setting)
                connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=30)
                ours = self._send(connection, each, setting)
                connection.close()
                yield Outcome(each, ours, self._likeness.differences(each.answer, ours))

    def _prepare(self, transcript: Transcript, setting: Json) -> None:
        for step in setting.get("before", []):
            self._count(step.pop("next", {}))
            try:
                self._sandbox.seed(step.pop("seed", []))
            except ValueError as error:
                raise ValueError(f"settings for {transcript.name}: {error}") from None
        location = transcript.answer.headers.get("location", [""])[0]
        if transcript.answer.status == 201:
            for prefix, counter in _COUNTED.items():
                made = location.partition(prefix)[2]
                if made and made.rpartition("/")[2].isdigit() and "versions" not in made:
                    self._count({counter: int(made.rpartition("/")[2])})

    def _count(self, ids: dict[str, int]) -> None:
        for counter, number in ids.items():
            self._sandbox.repository._next[counter] = number

    def _send(self, connection: http.client.HTTPConnection, transcript: Transcript, setting: Json) -> Answer:
        headers = {"Host": "ibexa.test", **transcript.headers}
        for name, value in headers.items():
            headers[name] = value.replace("<jwt>", self._token(setting)) if "<jwt>" in value else value
        if self._session and "Cookie" in headers:
            headers["Cookie"] = f"{headers['Cookie'].partition('=')[0]}={self._session[0]}"
            if "X-CSRF-Token" in headers:
                headers["X-CSRF-Token"] = self._session[1]
        path = transcript.path
        if self._session and "/user/sessions/" in path:
            path = path[: path.rindex("/") + 1] + self._session[0]
        connection.putrequest(transcript.method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value)
        if transcript.body:
            connection.putheader("Content-Length", str(len(transcript.body)))
        connection.endheaders(transcript.body)
        ours = _read(connection.getresponse())
        if isinstance(ours.body, dict) and "Session" in ours.body:
            self._session = ours.body["Session"]["identifier"], ours.body["Session"]["csrfToken"]
        return ours

    def _token(self, setting: Json) -> str:
        issued = self._sandbox.tokens.issue(setting.get("as", "admin"))
        if setting.get("token") == "expired":
            self._now += 3601
            issued = issued[:-1] + ("A" if issued[-1] != "A" else "B")
        if setting.get("token") == "anonymous":
            issued = self._sandbox.tokens.issue("")
        return issued


def _read(response: http.client.HTTPResponse) -> Answer:
    headers: dict[str, list[str]] = {}
    for name, value in response.getheaders():
        headers.setdefault(name.lower(), []).append(value)
    text = response.read().decode()
    if "json" in headers.get("content-type", [""])[0] and text:
        return Answer(response.status, headers, json.loads(text))
    return Answer(response.status, headers, text or None)
