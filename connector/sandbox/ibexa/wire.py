"""How requests and answers look on the wire: Accept, Content-Type, bodies, links; nothing here knows the repository.

Follows server-behaviour §2 and §3, odd parts included.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from msgspec import Struct, field

from connector.sandbox.http import Request, Response
from connector.sandbox.ibexa import hrefs
from connector.sandbox.ibexa.model import Content, User
from connector.sandbox.ibexa.repository import Repository
from connector.sandbox.ibexa.sessions import Session
from connector.sandbox.ibexa.xml import write as xml_write

Json = Any
PREFIX = hrefs.PREFIX
HTML = "text/html; charset=UTF-8"
_JSON_ACCEPT = re.compile(r"application/json|application/vnd\.ibexa\.api\.[A-Za-z.]+\+json")
_VENDOR = re.compile(r"application/vnd\.ibexa\.api\.([A-Za-z.]+?)(?:\+(?:json|xml))?(?:\s*;.*)?", re.IGNORECASE)


class Call(Struct):
    """One request on its way through a handler; handlers tell the book what they touched with ``touch``.

    ``found`` is what a route's ``look`` saw when the request came; ``is_overtaken`` says that it was refused for what
    another one did since, which happens but once.
    """

    request: Request
    repository: Repository
    user: User
    params: dict[str, str] = field(default_factory=dict)
    session: Session | None = None
    body: Json = None
    input_version: str = "1.0"
    content_id: int | None = None
    remote_id: str | None = None
    version: int | None = None
    found: object = None
    is_overtaken: bool = False

    @property
    def is_logged_in(self) -> bool:
        """Whether somebody is logged in, whatever that user may do."""
        return self.user.id != 10

    def number(self, name: str) -> int:
        """A numeric parameter of the path."""
        return int(self.params[name])

    def wants(self, *shapes: str) -> bool:
        """Whether the first vendor type of Accept names one of these shapes, in any case."""
        return _first_vendor(self.request.headers.get("accept", "")) in {shape.lower() for shape in shapes}

    def touch(self, content: Content, version: int | None = None) -> None:
        """Tell the book which item (and version) this request is about."""
        self.content_id, self.remote_id, self.version = content.id, content.remote_id, version


class Row:
    """One row of a long list, which is written once and then used again."""

    __slots__ = ("_text", "value")

    def __init__(self, value: Json) -> None:
        self.value = value
        self._text = ""

    @property
    def text(self) -> str:
        """As JSON."""
        self._text = self._text or _encoded(self.value)
        return self._text


class Answer(Struct):
    """What a handler gives back: ``body`` has the root element, ``media`` is the type's name ("Content").

    ``rows`` belong into the one empty list named ``rows_at`` that the body has for them.
    """

    status: int = 200
    media: str | None = None
    body: Json = None
    location: str | None = None
    accept_patch: str | None = None
    headers: list[tuple[str, str]] = field(default_factory=list)
    rows_at: str = ""
    rows: list[Row] = field(default_factory=list)


Handler = Callable[[Call], "Answer | Response"]


class Route(Struct, frozen=True):
    """An operation: ``op`` is its id (``content.create``), ``input`` the vendor type of its body.

    ``lists`` says that the body may be a list below its root; ``look`` is called as soon as the request is there, while
    another one may still be handled.
    """

    op: str
    method: str
    template: str
    handler: Handler
    input: str | None = None
    locked: bool = True
    lists: bool = False
    look: Callable[[Call], object] | None = None


def no_content() -> Answer:
    """204."""
    return Answer(204)


def redirect(path: str) -> Answer:
    """307 with a Location that is a path, as all of the server's (§2)."""
    return Answer(307, location=PREFIX + path)


def created(path: str) -> Answer:
    """201 without a body, as COPY and MOVE answer."""
    return Answer(201, location=PREFIX + path)


def media(name: str) -> str:
    """The full media type of a name."""
    return f"application/vnd.ibexa.api.{name}+json"


def ref(name: str, path: str) -> dict[str, Json]:
    """A link: media type and path."""
    return {"_media-type": f"application/vnd.ibexa.api.{name}+json", "_href": PREFIX + path}


def accepts_json(accept: str) -> bool:
    """Whether the first entry of Accept, by q, asks for JSON; everything else gets XML."""
    return bool(_JSON_ACCEPT.fullmatch(_entries(accept)[0]))


def _entries(accept: str) -> list[str]:
    if "," not in accept:
        return [accept.partition(";")[0].strip()]
    pairs = [entry.partition(";") for entry in accept.split(",")]
    weighted = [(name.strip(), _quality(parameters)) for name, _, parameters in pairs]
    return [name for name, _ in sorted(weighted, key=lambda pair: -pair[1])]


def _quality(parameters: str) -> float:
    found = re.search(r"q=([0-9.]+)", parameters)
    return float(found.group(1)) if found else 1.0


def _first_vendor(accept: str) -> str:
    for entry in _entries(accept):
        found = _VENDOR.fullmatch(entry)
        if found:
            return found.group(1).lower()
    return ""


def write(answer: Answer, for_caches: list[tuple[str, str]], *, as_json: bool) -> Response:
    """The answer as bytes: JSON with escaped slashes as PHP writes it, or XML."""
    headers = [*answer.headers, *for_caches]
    if answer.status != 204:
        kind = HTML if answer.media is None else media(answer.media)
        headers.append(("Content-Type", kind if as_json else kind.replace("+json", "+xml")))
    if answer.accept_patch:
        patch = media(answer.accept_patch)
        headers.append(("Accept-Patch", patch if as_json else patch.replace("+json", "+xml")))
    if answer.location:
        headers.append(("Location", answer.location))
    if answer.body is None:
        return Response(answer.status, headers)
    body = _as_json(answer) if as_json else xml_write.document(_whole(answer.body, answer))
    return Response(answer.status, headers, body.encode())


def _encoded(value: Json) -> str:
    return json.dumps(value, separators=(",", ":")).replace("/", "\\/")


def _as_json(answer: Answer) -> str:
    text = _encoded(answer.body)
    if not answer.rows:
        return text
    before, at, after = text.partition(f'"{answer.rows_at}":[')
    return "".join((before, at, ",".join([row.text for row in answer.rows]), after))


def _whole(body: Json, answer: Answer) -> Json:
    """The body with its rows in their place."""
    if not answer.rows or not isinstance(body, dict):
        return body
    rows = [row.value for row in answer.rows]
    return {name: rows if name == answer.rows_at else _whole(value, answer) for name, value in body.items()}
