"""The PIM's HTTP side: a paginated JSON API with a token, pictures, and a back door for the demo and tests."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable
from typing import Any, Self

from connector.sandbox.http import Request, Response, Server
from connector.sandbox.pim.catalogue import Catalogue
from connector.sandbox.pim.pictures import picture
from connector.sandbox.router import Router

Json = Any
_Target = Callable[[Request, dict[str, str]], Response]
MOST = 100


class PimSandbox:
    """The PIM. Use as a context manager, or start and stop it."""

    def __init__(
        self, host: str = "127.0.0.1", port: int = 0, *, token: str = "demo-pim-token", extra: int = 0
    ) -> None:
        self.catalogue = Catalogue(extra)
        self._token = token
        self._faults: list[dict[str, Json]] = []
        self._server = Server(host, port, self._answer)
        self._router: Router[_Target] = Router()
        for method, template, target in (
            ("GET", "/api/products", self._products),
            ("GET", "/api/products/{identifier}", self._product),
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
        """Listen."""
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
        self._faults = []

    def change(self, count: int) -> list[str]:
        """Change some products; their identifiers."""
        return self.catalogue.change(count)

    def disable(self) -> str:
        """Disable one product; its identifier."""
        return self.catalogue.disable()

    def fault(self, page: int, do: str, times: int = 1) -> None:
        """Let a page of the products go wrong: 500, html, truncate, same_page or empty_page."""
        self._faults.append({"page": page, "do": do, "times": times})

    # -- answers ----------------------------------------------------------------------------------------------------

    def _answer(self, request: Request) -> Response:
        if request.path.startswith("/api/") and not self._allowed(request):
            return _json(401, {"code": 401, "message": "Authentication is required"})
        match = self._router.find(request.method, request.path)
        if match is None or match.target is None:
            status = 405 if match is not None else 404
            return _json(status, {"code": status, "message": "There is nothing here"})
        return match.target(request, match.params)

    def _allowed(self, request: Request) -> bool:
        return hmac.compare_digest(request.headers.get("authorization", ""), f"Bearer {self._token}")

    def _products(self, request: Request, _params: dict[str, str]) -> Response:
        query = dict(request.query)
        limit, after = _number(query.get("limit", "10")), _number(query.get("search_after", "0"))
        if limit is None or after is None or not 1 <= limit <= MOST:
            return _json(422, {"code": 422, "message": f"You cannot request more than {MOST} items."})
        fault = self._fault(after // limit + 1)
        if fault in ("500", "html", "truncate"):
            return _BROKEN[fault]
        since = query.get("updated_since")
        wanted = range(after, min(after + limit, len(self.catalogue)))
        items = [self._shown(self.catalogue.at(index)) for index in wanted]
        if fault == "empty_page":
            items = []
        elif since:
            items = [one for one in items if one["updated"] >= since]
        links: dict[str, Json] = {"self": {"href": self._link(limit, after, since)}}
        if len(wanted) == limit:
            links["next"] = {"href": self._link(limit, after if fault == "same_page" else after + limit, since)}
        return _json(200, {"_links": links, "_embedded": {"items": items}})

    def _link(self, limit: int, after: int, since: str | None) -> str:
        more = f"&updated_since={since.replace('+', '%2B')}" if since else ""
        return f"{self.url}/api/products?limit={limit}&search_after={after}{more}"

    def _shown(self, product: Json) -> Json:
        image = product.pop("image")
        href = f"{self.url}/media/{image['code']}.png"
        return {**product, "media": {"image": {"code": image["code"], "href": href, "version": image["version"]}}}

    def _product(self, _request: Request, params: dict[str, str]) -> Response:
        found = self.catalogue.find(params["identifier"])
        if found is None:
            return _json(404, {"code": 404, "message": "Product does not exist"})
        return _json(200, self._shown({**found}))

    def _categories(self, request: Request, _params: dict[str, str]) -> Response:
        query = dict(request.query)
        page, limit = _number(query.get("page", "1")), _number(query.get("limit", "20"))
        if page is None or limit is None or page < 1 or not 1 <= limit <= MOST:
            return _json(422, {"code": 422, "message": "page and limit must be positive"})
        rows = self.catalogue.categories
        pages = -(-len(rows) // limit)
        shown = rows[(page - 1) * limit : page * limit]
        return _json(200, {"items": shown, "total": len(rows), "page": page, "pages": pages})

    def _families(self, _request: Request, _params: dict[str, str]) -> Response:
        return _json(200, {"items": sorted({one["family"] for one in self.catalogue.products})})

    def _picture(self, _request: Request, params: dict[str, str]) -> Response:
        code = params["code"]
        if code == "broken-html":
            return Response(200, [("Content-Type", "text/html")], b"<!DOCTYPE html><title>Please log in</title>")
        if code == "broken-text":
            return Response(200, [("Content-Type", "image/png")], b"this was a picture once")
        found = next((one for one in self.catalogue.products if one["image"]["code"] == code), None)
        if found is None:
            return _json(404, {"code": 404, "message": "No such picture"})
        body = picture(found["family"], found["values"]["colour"], code)
        return Response(200, [("Content-Type", "image/png"), ("ETag", f'"{found["image"]["version"]}"')], body)

    # -- the back door ----------------------------------------------------------------------------------------------

    def _change(self, request: Request, _params: dict[str, str]) -> Response:
        body = json.loads(request.body or b"{}")
        return _json(200, {"changed": self.change(int(body.get("count", 7)))})

    def _disable(self, _request: Request, _params: dict[str, str]) -> Response:
        return _json(200, {"disabled": self.disable()})

    def _reset(self, _request: Request, _params: dict[str, str]) -> Response:
        self.reset()
        return _json(200, {"ok": True})

    def _set_faults(self, request: Request, _params: dict[str, str]) -> Response:
        self._faults = list(json.loads(request.body or b"[]"))
        return _json(200, {"faults": self._faults})

    def _fault(self, page: int) -> str:
        for fault in self._faults:
            if fault["page"] == page and fault.get("times", 1) > 0:
                fault["times"] = fault.get("times", 1) - 1
                return str(fault["do"])
        return ""


_BROKEN = {
    "500": Response(500, [("Content-Type", "application/json")], b'{"code":500,"message":"Something went wrong"}'),
    "html": Response(200, [("Content-Type", "text/html")], b"<!DOCTYPE html><html><body>Please log in</body></html>"),
    "truncate": Response(200, [("Content-Type", "application/json")], b'{"_embedded": {"items": [{"identifier": "AB'),
}


def _json(status: int, body: Json) -> Response:
    return Response(status, [("Content-Type", "application/json")], json.dumps(body, ensure_ascii=False).encode())


def _number(text: str) -> int | None:
    return int(text) if text.isdigit() and len(text) < 12 else None
