"""Short stories told to the sandbox: requests one after another, each with the answer that has to come."""

from __future__ import annotations

import json
from typing import Any

from tests.sandbox.ibexa.client import ROOT, Api

Json = Any
Step = tuple[str, str, Json, str | None, int, str]
"""Method, path, body, the body's type, status, a piece of the answer (its Location included, slashes unescaped)."""


def href(path: str) -> Json:
    return {"_href": ROOT + path}


def names(text: str, code: str = "eng-GB") -> Json:
    return {"value": [{"_languageCode": code, "#text": text}]}


def tell(api: Api, steps: list[Step]) -> None:
    for number, (method, path, body, kind, status, piece) in enumerate(steps, 1):
        answer = api.send(method, path, body, kind)
        text = answer.text
        if text and "json" in answer.headers["Content-Type"]:
            text = json.dumps(answer.json(), separators=(",", ":"), ensure_ascii=False)
        said = f"{answer.headers.get('Location', '')} {text}"
        assert (answer.status_code, piece in said) == (status, True), f"step {number}, {method} {path}: {said[:2000]}"
