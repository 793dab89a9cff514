"""Bytes of images and files: from a URL of an allowed host, from the project, or inline; fetched only when sent."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from msgspec import Struct
from msgspec.structs import replace

from connector.clients.origin import origin_of, resolve_link
from connector.clients.request import Response
from connector.core.errors import AddressRefused, AnswerTooLarge, ClientError, OriginRefused, RecordError
from connector.core.jsonio import Json, shown
from connector.systems.ibexa.asset_sources import NotAllowed, Sources, file_below

_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
)
_REDIRECTS = (301, 302, 303, 307, 308)
_TOO_LARGE = "Make it smaller at the source, or raise assets.max_size of the outgoing."


class Asset(Struct, frozen=True):
    """Something to send, not fetched yet (``data`` is None) or at hand.

    Attributes:
        kind: ``url``, ``file`` or ``base64``.
        source: the address, or the name from the project's folder; empty for base64.
        stem: of its name, in plain letters.
        suffix: of its name, in small letters.
        digest: of its version, or of its bytes.
        data: its bytes.
    """

    kind: str
    source: str
    stem: str
    suffix: str
    digest: str
    data: bytes | None = None

    @property
    def shown(self) -> str:
        """For people: without a query, which may hold a key."""
        return shown(self.source.partition("?")[0], 80) or "the inline file"


class AssetRefused(RecordError):
    """It may not be fetched or read, or is too large; as it is, it will never be sent."""

    code = "AST001"


class AssetMissing(RecordError):
    """The bytes cannot be had just now; a later attempt may succeed."""

    code = "AST002"


class Assets:
    """Where bytes come from.

    Args:
        root: the project's folder, for ``file``.
        sources: what the outgoing allows.
    """

    def __init__(self, root: Path, sources: Sources | None = None) -> None:
        self._root = root
        self._transport: Any = None
        self.sources = sources or Sources()

    def note(self, value: Mapping[str, Json], step: str) -> Asset:
        """What to fetch; with a ``version`` given nothing is fetched to tell whether it is unchanged.

        Raises:
            RecordError: the value names no allowed source.
        """
        kind = next((one for one in ("url", "file") if value.get(one)), "base64")
        source = str(value[kind]) if kind != "base64" else ""
        versioned = value.get("version") not in (None, "") and kind != "base64"
        if value.get("base64") and not versioned:
            kind = "base64"
        if kind != "base64":
            self._checked(kind, source, step)
        name = str(value.get("file_name") or _last_part(kind, source) or "file")
        stem, _, suffix = name.rpartition(".") if "." in name else (name, "", "")
        asset = Asset(kind, source, _plain(stem), _ending(suffix), "")
        if versioned:
            return replace(asset, digest=_digest(f"{source}\n{value['version']}".encode(errors="replace")))
        data = self._inline(value, step) if kind == "base64" else self._fetched(kind, source, step)
        return replace(asset, digest=_digest(data), data=data)

    def bytes_of(self, asset: Asset, step: str) -> bytes:
        """The bytes.

        Raises:
            RecordError: not allowed, too large, or not there.
        """
        return asset.data if asset.data is not None else self._fetched(asset.kind, asset.source, step)

    def _checked(self, kind: str, source: str, step: str) -> Path | None:
        """The path of a file that may be read; None for an address that may be fetched."""
        if kind == "url":
            said = self.sources.about_url(source)
            if said is None:
                return None
            raise AssetRefused(said.message, hint=said.hint, step=step)
        found = file_below(self._root, self.sources.folder, source)
        if isinstance(found, NotAllowed):
            raise AssetRefused(f"the file {shown(source, 60)} {found.message}", hint=found.hint, step=step)
        return found

    def _fetched(self, kind: str, source: str, step: str) -> bytes:
        path = self._checked(kind, source, step)
        return self._download(source, step) if path is None else self._read(path, source, step)

    def _download(self, url: str, step: str) -> bytes:
        place = urlsplit(url)
        shown_url = shown(f"{place.hostname}{place.path}", 80)
        try:
            response = self._answer(url)
        except AnswerTooLarge as error:
            raise self._too_large(shown_url, error.size, step) from None
        except AddressRefused as error:
            hint = f'Add "{place.hostname}" to assets.allow_private of the outgoing, if that is meant.'
            raise AssetRefused(f"{shown_url} is not fetched: {error.message}", hint=hint, step=step) from None
        except OriginRefused:
            hint = "Name the address that it leads to: only the same scheme, host and port are followed."
            raise AssetRefused(f"{shown_url} leads elsewhere, which is not followed", hint=hint, step=step) from None
        except ClientError as error:
            raise AssetMissing(f"{shown_url} could not be fetched: {error.message}", step=step) from None
        if response.status in (404, 410):
            raise RecordError(f"{shown_url} is not there ({response.status})", hint="Correct the source.", step=step)
        if response.status != 200:
            raise AssetMissing(f"{shown_url} answered {response.status}", step=step)
        return bytes(response.body)

    def _answer(self, url: str) -> Response:
        """Of an address, or of the one on the same host that it leads to."""
        if self._transport is None:
            from connector.clients.transport import Limits, Transport  # noqa: PLC0415 - requests is heavy

            limits = Limits(max_body=self.sources.max_size, read=30.0, connections=8)
            self._transport = Transport(limits, may_be_private=self.sources.may_be_private)
        headers = {"Accept": "*/*", "Accept-Encoding": "gzip", "User-Agent": "ibexa-connector"}
        response: Response = self._transport.send("GET", url, headers, None)
        target = response.headers.get("location")
        if response.status in _REDIRECTS and target:
            response = self._transport.send("GET", resolve_link(target, url, origin_of(url)), headers, None)
        return response

    def _read(self, path: Path, name: str, step: str) -> bytes:
        what = f"the file {shown(name, 60)}"
        try:
            if not path.is_file():
                why = "is no file" if path.exists() else "is not there"
                raise RecordError(f"{what} {why}", hint="Put it there, or correct the source.", step=step)
            count = path.stat().st_size
            if count > self.sources.max_size:
                raise self._too_large(what, count, step)
            return path.read_bytes()
        except OSError as error:
            raise RecordError(f"{what} cannot be read: {error.strerror}", step=step) from None

    def _inline(self, value: Mapping[str, Json], step: str) -> bytes:
        try:
            data = base64.b64decode(str(value["base64"]), validate=True)
        except (binascii.Error, ValueError):
            raise RecordError("base64 is damaged", hint="Correct the mapping or the source.", step=step) from None
        if len(data) > self.sources.max_size:
            raise self._too_large("the inline file", len(data), step)
        return data

    def _too_large(self, what: str, count: int | None, step: str) -> AssetRefused:
        limit = self.sources.max_size
        message = (
            f"{what} has {count} bytes, more than the {limit}" if count else f"{what} has more than the {limit} bytes"
        )
        return AssetRefused(f"{message} that assets.max_size allows", hint=_TOO_LARGE, step=step)


def image_kind(data: bytes) -> str:
    """``png``, ``jpg``, ``gif``, ``webp``, or empty for what is no such image."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    return next((kind for magic, kind in _MAGIC if data.startswith(magic)), "")


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:12]


def _last_part(kind: str, source: str) -> str:
    return (unquote(urlsplit(source).path) if kind == "url" else source).rpartition("/")[2]


def _ending(suffix: str) -> str:
    return "".join(char for char in suffix.lower() if char.isascii() and char.isalnum())[:16]


def _plain(stem: str) -> str:
    kept = "".join(char if char.isascii() and (char.isalnum() or char in "-_") else "-" for char in stem)
    return kept.strip("-")[:60] or "file"
