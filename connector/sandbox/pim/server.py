"""The PIM's HTTP side: a paginated JSON API with a token, pictures, and a back door for the demo and tests.

What the catalogue holds, and how it changes, is told by `catalogue`; here it is only shown.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Self
from urllib.parse import urlencode

from connector.sandbox.http import Request, Response, Server
from connector.sandbox.pim.catalogue import Catalogue
from connector.sandbox.pim.faults import Faults
from connector.sandbox.pim.pictures import picture
from connector.sandbox.router import Router

Json = Any
_Target = Callable[[Request, dict[str, str]], Response]
MOST = 100


class PimSandbox:
    """The PIM. Use as a context manager, or start and stop it.

    Args:
        host: the address to listen on.
        port: 0 takes a free one.
        token: the bearer token that everything under ``/api/`` asks for.
        extra: how many synthetic products follow the shipped ones.
    """

    def __init__(
        self, host: str = "127.0.0.1", port: int = 0, *, token: str = "demo-pim-token", extra: int = 0
    ) -> None:
        self.catalogue = Catalogue(extra)
        self.faults = Faults()
        self._token = token
        self._server = Server(host, port, self._answer)
        self._router: Router[_Target] = Router()
        for method, template, target in (
            ("GET", "/api/products", self._products),
            ("GET", "/api/products/{identifier}", self._product),
            ("GET", "/products", self._plain_products),
            ("GET", "/api/categories", self._categories),
            ("GET", "/api/families", self._families),
            ("GET", "/media/{code}.png", self._picture),
            ("POST", "/_pim/change", self._change),
            ("POST", "/_pim/disable", self._disable),
            ("POST", "/_pim/reset", self._reset),
            ("POST", "/_pim/faults", self._set_faults),
            ("GET", "/_pim/health", lambda _request, _params: _json(200, {"ok": True})),
        ):
            self._router.add(method, template, target)

    def start(self) -> Self:
        """Listen; OSError when the port is taken."""
        self._server.start()
        return self

    def stop(self) -> None:
        """Stop listening."""
        self._server.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """``http://127.0.0.1:PORT``."""
        return self._server.url

    def reset(self) -> None:
        """As shipped, without faults."""
        self.catalogue.reset()
        self.faults.clear()

    def change(self, count: int) -> list[str]:
        """Change some products; their identifiers."""
        return self.catalogue.change(count)

    def disable(self, identifier: str | None = None) -> str:
        """Disable one product; its identifier. LookupError when it is not there, broken or disabled."""
        return self.catalogue.disable(identifier)

    def fault(self, page: int, do: str, times: int = 1) -> None:
        """Let a page of the products go wrong: 500, html, truncate, same_page or empty_page."""
        self.faults.add(page, do, times)

    # -- answers ----------------------------------------------------------------------------------------------------

    def _answer(self, request: Request) -> Response:
        if (request.path.startswith("/api/") or request.path == "/products") and not self._allowed(request):
            return _problem(401, "Authentication is required")
        match = self._router.find(request.method, request.path)
        if match is None:
            return _problem(404, "There is nothing here")
        if match.target is None:
            return _problem(405, f"Allowed here: {', '.join(match.methods)}")
        try:
            return match.target(request, match.params)
        except ValueError as error:
            return _problem(422, str(error))

    def _allowed(self, request: Request) -> bool:
        given = request.headers.get("authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {self._token}".encode())

    def _products(self, request: Request, _params: dict[str, str]) -> Response:
        limit, start = _limit(request, default=10), _number(request, "search_after", 0)
        since = _moment(request.param("updated_since"))
        fault = self.faults.take(start // limit + 1)
        if fault in _BROKEN:
            return _BROKEN[fault]
        rows = self.catalogue.page(start, limit, since)
        links = {"self": self._link(limit, start, since), "first": self._link(limit, 0, since)}
        if len(rows) == limit:  # a full page says that there may be more, so the last page can be an empty one
            links["next"] = self._link(limit, start if fault == "same_page" else start + limit, since)
        items = [] if fault == "empty_page" else [self._shown(one) for one in rows]
        hrefs = {name: {"href": href} for name, href in links.items()}
        return _json(200, {"_links": hrefs, "_embedded": {"items": items}})

    def _plain_products(self, _request: Request, _params: dict[str, str]) -> Response:
        """The clean, enabled ones in one plain list, as a project of ``connector init`` reads them by itself."""
        return _json(200, self.catalogue.plain())

    def _link(self, limit: int, start: int, since: str) -> str:
        query = {"limit": limit, "search_after": start or None, "updated_since": since or None}
        kept = {name: value for name, value in query.items() if value is not None}
        return f"{self.url}/api/products?{urlencode(kept)}"

    def _shown(self, product: Json) -> Json:
        image = product.pop("image")
        href = f"{self.url}/media/{image['code']}.png"
        return {**product, "media": {"image": {"code": image["code"], "href": href, "version": image["version"]}}}

    def _product(self, _request: Request, params: dict[str, str]) -> Response:
        found = self.catalogue.find(params["identifier"])
        return _problem(404, "Product does not exist") if found is None else _json(200, self._shown(found))

    def _categories(self, request: Request, _params: dict[str, str]) -> Response:
        page, limit = _number(request, "page", 1), _limit(request, default=20)
        if page < 1:
            raise ValueError("Pages count from 1.")
        rows = self.catalogue.categories
        shown = rows[(page - 1) * limit : page * limit]
        return _json(200, {"items": shown, "total": len(rows), "page": page, "pages": -(-len(rows) // limit)})

    def _families(self, _request: Request, _params: dict[str, str]) -> Response:
        return _json(200, {"items": self.catalogue.families()})

    def _picture(self, _request: Request, params: dict[str, str]) -> Response:
        found = self.catalogue.pictured(params["code"])
        if found is None:
            return _problem(404, "No such picture")
        tag = ("ETag", f'"{found["image"]["version"]}"')
        kind, body = _NO_PICTURES.get(params["code"], ("image/png", b""))
        body = body or picture(found["family"], found["values"]["colour"], params["code"])
        return Response(200, [("Content-Type", kind), tag], body)

    # -- the back door ----------------------------------------------------------------------------------------------

    def _change(self, request: Request, _params: dict[str, str]) -> Response:
        count = _body(request, {}).get("count", 7)
        if type(count) is not int or count < 0:
            raise ValueError("count is a whole number, 0 or more")
        return _json(200, {"changed": self.change(count)})

    def _disable(self, request: Request, _params: dict[str, str]) -> Response:
        wanted = _body(request, {}).get("identifier")
        try:
            return _json(200, {"disabled": self.disable(wanted)})
        except LookupError as error:
            return _problem(404, str(error))

    def _reset(self, _request: Request, _params: dict[str, str]) -> Response:
        self.reset()
        return _json(200, {"ok": True})

    def _set_faults(self, request: Request, _params: dict[str, str]) -> Response:
        self.faults.replace(_body(request, []))
        return _json(200, {"ok": True})


_BROKEN = {
    "500": Response(500, [("Content-Type", "application/json")], b'{"code":500,"message":"Something went wrong"}'),
    "html": Response(200, [("Content-Type", "text/html")], b"<!DOCTYPE html><html><body>Please log in</body></html>"),
    "truncate": Response(200, [("Content-Type", "application/json")], b'{"_embedded": {"items": [{"identifier": "AB'),
}
# By code: the pictures that are none.
_NO_PICTURES = {
    "broken-html": ("text/html", b"<!DOCTYPE html><title>Please log in</title>"),
    "broken-text": ("image/png", b"this was a picture once"),
}


def _json(status: int, body: Json) -> Response:
    return Response(status, [("Content-Type", "application/json")], json.dumps(body, ensure_ascii=False).encode())


def _problem(status: int, message: str) -> Response:
    return _json(status, {"code": status, "message": message})


def _number(request: Request, name: str, default: int) -> int:
    text = request.param(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise ValueError(f"{name} is a whole number, 0 or more.")
    return int(text)


def _limit(request: Request, *, default: int) -> int:
    limit = _number(request, "limit", default)
    if not 1 <= limit <= MOST:
        raise ValueError(f"limit is from 1 to {MOST}.")
    return limit


def _moment(text: str | None) -> str:
    """A time as the catalogue writes it; without a zone it is UTC. ValueError for anything else."""
    if not text:
        return ""
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("updated_since is an ISO 8601 time, such as 2026-03-01T12:00:00Z.") from None
    return (given if given.tzinfo else given.replace(tzinfo=UTC)).astimezone(UTC).isoformat(timespec="seconds")


def _body(request: Request, shape: Json) -> Json:
    """The JSON body, of the same type as ``shape``, which stands for an empty one."""
    try:
        body = json.loads(request.body) if request.body else shape
    except ValueError:
        raise ValueError("The body is no JSON.") from None
    if type(body) is not type(shape):
        raise ValueError(f"The body is a JSON {'object' if isinstance(shape, dict) else 'list'}.")
    return body
