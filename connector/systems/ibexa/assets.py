"""Bytes of images and files: from a URL of an allowed host, from the project, or inline; fetched only when sent."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from connector.clients.origin import origin_of, resolve_link
from connector.core.errors import ClientError, RecordError
from connector.core.jsonio import Json, shown

MAX_SIZE = 20 * 1024 * 1024
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
)


@dataclass(frozen=True, slots=True)
class Asset:
    """Something to send, not fetched yet (``data`` is None) or at hand."""

    source: str
    stem: str
    suffix: str
    digest: str
    data: bytes | None = None


class AssetMissing(RecordError):
    """The bytes cannot be had just now; a later attempt may succeed."""

    code = "AST002"


class Assets:
    """Where bytes may come from.

    Args:
        root: the project's folder, for ``file``.
        allow_hosts: hosts (``cdn.example``) or hosts with port (``cdn.example:8443``) for ``url``.
        max_size: bytes of one asset.
    """

    def __init__(self, root: Path, allow_hosts: tuple[str, ...] = (), max_size: int = MAX_SIZE) -> None:
        self._root = root.resolve()
        self._allowed = frozenset(host.lower() for host in allow_hosts)
        self._max_size = max_size
        self._transport: Any = None

    def note(self, value: Mapping[str, Json], step: str) -> Asset:
        """What to fetch; with a ``version`` given nothing is fetched to tell whether it is unchanged.

        Raises:
            RecordError: the value names no allowed source.
        """
        source = str(value.get("url") or value.get("file") or "")
        name = str(value.get("file_name") or unquote(urlsplit(source).path).rpartition("/")[2] or "file")
        stem, _, suffix = name.rpartition(".") if "." in name else (name, "", "")
        if value.get("version") not in (None, "") and source:
            digest = hashlib.sha256(f"{source}\n{value['version']}".encode()).hexdigest()[:12]
            if value.get("url"):
                self._checked(source, step)
            return Asset(source, _plain(stem), suffix.lower(), digest)
        data = self._inline(value, step) if value.get("base64") else self.fetch(source, step)
        return Asset(source, _plain(stem), suffix.lower(), hashlib.sha256(data).hexdigest()[:12], data)

    def bytes_of(self, asset: Asset, step: str) -> bytes:
        """The bytes.

        Raises:
            RecordError: not allowed, too large, or not there.
        """
        return asset.data if asset.data is not None else self.fetch(asset.source, step)

    def fetch(self, source: str, step: str) -> bytes:
        """From a URL or a file of the project."""
        if not source:
            raise RecordError("an image or file needs one of url, file or base64", step=step)
        return self._download(source, step) if "://" in source else self._read(source, step)

    def _checked(self, url: str, step: str) -> None:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        if parts.scheme not in ("http", "https") or not host or parts.username is not None:
            raise RecordError(f"{shown(url, 80)} is no plain http(s) address", step=step)
        if host not in self._allowed and f"{host}:{parts.port}" not in self._allowed:
            hint = f'Add "{host}" to assets.allow_hosts of the outgoing, if that is meant.'
            raise RecordError(f"downloads from {host} are not allowed", hint=hint, step=step)

    def _download(self, url: str, step: str) -> bytes:
        self._checked(url, step)
        if self._transport is None:
            from connector.clients.transport import Limits, Transport  # noqa: PLC0415 - requests is heavy

            self._transport = Transport(Limits(max_body=self._max_size, read=30.0, connections=8))
        place = urlsplit(url)
        shown_url = f"{place.hostname}{place.path}"
        headers = {"Accept": "*/*", "Accept-Encoding": "gzip", "User-Agent": "ibexa-connector"}
        try:
            response = self._transport.send("GET", url, headers, None)
            if response.status in (301, 302, 303, 307, 308) and response.headers.get("location"):
                target = resolve_link(response.headers["location"], url, origin_of(url))
                response = self._transport.send("GET", target, headers, None)
        except ClientError as error:
            raise AssetMissing(f"{shown_url} could not be fetched: {error.message}", step=step) from None
        if response.status in (404, 410):
            raise RecordError(f"{shown_url} is not there ({response.status})", hint="Correct the source.", step=step)
        if response.status != 200:
            raise AssetMissing(f"{shown_url} answered {response.status}", step=step)
        return bytes(response.body)

    def _read(self, name: str, step: str) -> bytes:
        path = (self._root / name).resolve()
        if not path.is_relative_to(self._root):
            raise RecordError(f"the file {shown(name, 60)} lies outside the project", step=step)
        try:
            if path.stat().st_size > self._max_size:
                raise RecordError(f"the file {shown(name, 60)} is larger than {self._max_size} bytes", step=step)
            return path.read_bytes()
        except OSError as error:
            raise RecordError(f"the file {shown(name, 60)} cannot be read: {error.strerror}", step=step) from None

    def _inline(self, value: Mapping[str, Json], step: str) -> bytes:
        try:
            data = base64.b64decode(str(value["base64"]), validate=True)
        except (binascii.Error, ValueError):
            raise RecordError("base64 is damaged", step=step) from None
        if len(data) > self._max_size:
            raise RecordError(f"the inline file is larger than {self._max_size} bytes", step=step)
        return data


def image_kind(data: bytes) -> str:
    """``png``, ``jpg``, ``gif``, ``webp``, or empty for what is no such image."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    return next((kind for magic, kind in _MAGIC if data.startswith(magic)), "")


def _plain(stem: str) -> str:
    kept = "".join(char if char.isascii() and (char.isalnum() or char in "-_") else "-" for char in stem)
    return kept.strip("-")[:60] or "file"
