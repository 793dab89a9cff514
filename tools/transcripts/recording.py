"""A recorded request with its answer, and the order in which a folder of them was recorded.

A file holds ``{"name", "request": {"method", "path", "headers", "body"}, "response": {"status", "headers", "body"}}``;
bodies are decoded JSON, or text for XML. Tokens were cut out by the recorder: ``Bearer <jwt>``.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

Json = Any


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers (names in lower case, each with all its values) and body: decoded JSON, text, or None."""

    status: int
    headers: dict[str, list[str]]
    body: Json


@dataclass(frozen=True, slots=True)
class Transcript:
    """One request and its answer; ``path`` carries the query, ``at`` is the server's time in Unix seconds."""

    name: str
    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    answer: Answer
    at: float

    @property
    def order(self) -> tuple[float, list[int], str]:
        """By the server's clock, and within a second by the numbers in the name."""
        return self.at, [int(each) for each in re.findall(r"\d+", self.name)], self.name


def read(folder: Path) -> list[Transcript]:
    """The transcripts of a folder in the order of the recording; files of another form are left out.

    Raises:
        ValueError: a file that is no JSON, by its name.
    """
    return sorted((each for each in map(_one, folder.glob("*.json")) if each), key=lambda each: each.order)


def left_out(folder: Path) -> list[str]:
    """The files of a folder that hold something else than one request and its answer: nobody replays these."""
    return sorted(each.stem for each in folder.glob("*.json") if _one(each) is None)


def _one(file: Path) -> Transcript | None:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{file.name}: {error}") from None
    if not isinstance(found, dict) or not {"request", "response"} <= found.keys():
        return None
    asked, told = found["request"], found["response"]
    headers = {name.lower(): value if isinstance(value, list) else [value] for name, value in told["headers"].items()}
    date = headers.get("date", ["Thu, 01 Jan 1970 00:00:00 GMT"])[0]
    return Transcript(
        str(found["name"]), asked["method"], asked["path"], dict(asked["headers"]), encoded(asked.get("body")),
        Answer(told["status"], headers, told.get("body")), parsedate_to_datetime(date).timestamp(),
    )  # fmt: skip


def encoded(body: Json) -> bytes:
    """The bytes of a body; text goes as it is."""
    if body is None:
        return b""
    return (body if isinstance(body, str) else json.dumps(body)).encode()
