"""Where the bytes of images and files may come from, as an outgoing declares it: hosts, one folder, how large.

What a message says is mostly a source's data. So it can name only what the declaration opens: nothing of the project
is read before a folder is declared, and what the project itself lives by lies in none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct

from connector.core.jsonio import Json, shown
from connector.core.spec import SIZE
from connector.core.units import size

MAX_SIZE = 20 * 1024 * 1024
FORBIDDEN = (
    *("php", "php3", "php4", "php5", "phps", "phar", "phpt", "pht", "phtml", "pgif", "exe", "hta", "jar"),
    *("htm", "html", "xhtm", "xhtml", "js", "jse", "svg", "swf"),
)
"""What Ibexa refuses as it is shipped (``io.file_storage.file_type_blacklist``), and exe."""
HOST_PATTERN = r"^[^/@\s]*$"
FOLDER_PATTERN = r"^(?!(configs|transformers)(/|$))[^/\\.][^/\\]*(/[^/\\.][^/\\]*)*/?$"
_USER = re.compile(r"//.*@|^[^/]*:[^/]*@")
_OURS = ("configs", "transformers")
_HOSTS: Mapping[str, Json] = {"type": "array", "items": {"type": "string", "minLength": 1, "pattern": HOST_PATTERN}}
SCHEMA: Mapping[str, Json] = {
    "type": "object",
    "properties": {
        "allow_hosts": {
            **_HOSTS,
            "description": "Hosts, or hosts with port, from which images and files may be fetched.",
        },
        "allow_private": {
            **_HOSTS,
            "description": "Those of allow_hosts that may lie on this machine or in a private network.",
        },
        "folder": {
            "type": "string",
            "minLength": 1,
            "pattern": FOLDER_PATTERN,
            "description": "The folder of the project, e.g. pictures, below which `file` is read; without it none is.",
        },
        "max_size": {**SIZE, "description": "The largest file.", "default": "20MiB"},
        "forbidden_extensions": {
            "type": "array",
            "items": {"type": "string", "pattern": "^[A-Za-z0-9]+$"},
            "description": "What the name of a file must not end in: as the site has it.",
            "default": list(FORBIDDEN),
        },
    },
    "additionalProperties": False,
}
"""``assets`` of an outgoing."""


class NotAllowed(Struct, frozen=True):
    """Why something may not be sent, to be put after what it is; and what to do."""

    message: str
    hint: str = ""


NO_FOLDER = NotAllowed(
    "is not read: the outgoing declares no assets.folder",
    'Declare the folder that holds it, alone, in the outgoing, e.g. "assets": {"folder": "pictures"}.',
)


class Sources(Struct, frozen=True):
    """What an outgoing allows.

    Attributes:
        hosts: to fetch from, in small letters, with or without port.
        private: those that may be at an address that is not public.
        folder: below which files are read; empty: none is.
        max_size: bytes of one asset.
        forbidden: endings of names, in small letters.
    """

    hosts: frozenset[str] = frozenset()
    private: frozenset[str] = frozenset()
    folder: str = ""
    max_size: int = MAX_SIZE
    forbidden: frozenset[str] = frozenset(FORBIDDEN)

    @classmethod
    def of(cls, declared: Mapping[str, Json]) -> Sources:
        """From ``assets`` of an outgoing."""
        return cls(
            hosts=frozenset(map(_host, declared.get("allow_hosts", ()))),
            private=frozenset(map(_host, declared.get("allow_private", ()))),
            folder=str(declared.get("folder", "")),
            max_size=size(declared["max_size"]) if "max_size" in declared else MAX_SIZE,
            forbidden=frozenset(str(one).lower() for one in declared.get("forbidden_extensions", FORBIDDEN)),
        )

    def may_be_private(self, host: str, port: int) -> bool:
        """Whether it may be connected to at any address."""
        return _is_among(host.strip("[]"), port, self.private)

    def about_url(self, url: str) -> NotAllowed | None:
        """Why it is not fetched; None: it is."""
        parted = address(url)
        if parted is None:
            return not_http(url)
        host, port = parted
        if _is_among(host, port, self.hosts):
            return None
        hint = f'Add "{shown(host, 80)}" to assets.allow_hosts of the outgoing, if that is meant.'
        return NotAllowed(f"downloads from {shown(host, 80)} are not allowed", hint)


def refused(value: Json, sources: Sources, root: Path) -> NotAllowed | None:
    """Why what a field's value names is never sent; None: it may be. Whether it is there, only a run tells.

    Args:
        value: of a picture, file or film, as a mapping writes it.
        sources: what the outgoing allows.
        root: the project's folder.
    """
    given = {"url": value} if isinstance(value, str) else value
    kind = next((one for one in ("url", "file") if given.get(one)), "") if isinstance(given, dict) else ""
    source = given[kind] if kind else None
    if not isinstance(source, str) or "${" in source or given.get("base64"):
        return None
    if kind == "url":
        return sources.about_url(source)
    found = file_below(root, sources.folder, source)
    if not isinstance(found, NotAllowed):
        return None
    return NotAllowed(f"the file {shown(place_of(source), 60)} {found.message}", found.hint)


def refusal_of(declared: Json, root: Path) -> Callable[[Json], NotAllowed | None] | None:
    """``refused`` for the ``assets`` of an outgoing; None where that is not known, or told otherwise."""
    if "${" in str(declared) or not isinstance(declared, dict | None):
        return None
    sources = Sources.of(declared or {})
    if any("*" in one or one.startswith(".") for one in sources.hosts):
        return None  # of a pattern it is told itself
    return lambda value: refused(value, sources, root)


def address(url: str) -> tuple[str, int] | None:
    """Host in small letters and port of a plain http(s) address; None: it is none."""
    try:
        parts = urlsplit(url)
        port = {"http": 80, "https": 443}.get(parts.scheme) if parts.port is None else parts.port
    except ValueError:
        return None
    host = (parts.hostname or "").lower()
    if not host or port is None or parts.scheme not in ("http", "https") or parts.username is not None:
        return None
    return None if any(ord(char) <= 32 or ord(char) == 127 for char in url) else (host, port)


def place_of(url: str) -> str:
    """An address for people: a user, a password or a query in it, which may be secret, are not shown."""
    return _USER.sub("//", url).partition("?")[0]


def not_http(url: str) -> NotAllowed:
    """What to say of what is no plain http(s) address."""
    hint = "Give an address that begins with https:// or http://, without user and password, spaces as %20"
    return NotAllowed(
        f"{shown(place_of(url), 80)!r} is no plain http(s) address",
        f'{hint}; a file of the project is named by {{"file": "…"}}, below the assets.folder of the outgoing.',
    )


def file_below(root: Path, folder: str, name: str) -> Path | NotAllowed:
    """The file that a message names, or why it is not read: only what lies below the folder, links followed, is.

    Args:
        root: the project's folder.
        folder: ``assets.folder``; empty when none is declared.
        name: of the file, from the project's folder.
    """
    if not folder:
        return NO_FOLDER
    try:
        home = root.resolve()
        below, path = (home / folder).resolve(), (home / name).resolve()
    except (OSError, RuntimeError, ValueError):  # links in a circle, bytes that no name has
        return NotAllowed("cannot be found: that is no name of a file", "Correct the source.")
    if below == home or not below.is_relative_to(home) or _is_ours(below.relative_to(home)):
        hint = "Keep pictures and files in a folder of their own inside of the project, such as pictures."
        return NotAllowed(f"is not read: the assets.folder {shown(folder, 40)} is no folder for files", hint)
    if path == below or not path.is_relative_to(below):
        hint = (
            f"Put it, or a copy of it, below {folder.rstrip('/')}/: the outgoing's assets.folder. Nothing else is read."
        )
        return NotAllowed(f"is not read: it does not lie below {shown(folder.rstrip('/'), 40)}/", hint)
    if _is_ours(path.relative_to(home)):
        return NotAllowed("is not read: its name, or its folder's, begins with a dot", "Rename it, if it is meant.")
    return path


def _is_ours(place: Path) -> bool:
    """Whether the project lives by it: configuration, mappings, and whatever is hidden (.env, .connector, .git)."""
    return place.parts[0].casefold() in _OURS or any(part.startswith(".") for part in place.parts)


def _host(text: Json) -> str:
    """As it is compared: an IPv6 address without its brackets."""
    return str(text).lower().replace("[", "").replace("]", "")


def host_of(entry: str) -> str:
    """Of an entry of ``allow_hosts``: without its port, an IPv6 address without its brackets."""
    if entry.startswith("["):
        return entry[1:].partition("]")[0]
    return entry.rpartition(":")[0] if entry.count(":") == 1 else entry


def _is_among(host: str, port: int, listed: frozenset[str]) -> bool:
    return host in listed or f"{host}:{port}" in listed
