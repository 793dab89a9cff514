"""Loads what `connector discover` wrote down: ``configs/types/<client>.json`` and ``configs/types/<client>/*.json``.

What these files say is not known here: see systems/ibexa/type_document.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field

from connector.config.declaration import Discovered
from connector.config.reading import BROKEN, LEFTOVERS, parsed, text_of, unread
from connector.core.nearest import did_you_mean

if TYPE_CHECKING:
    from connector.config.project import Project

FOLDER = "types"


class DiscoveredFiles(Struct):
    """Of one client.

    Attributes:
        server: what its server has as a whole; None: not written down.
        types: one file a content type.
    """

    server: Discovered | None = None
    types: list[Discovered] = field(default_factory=list)


def load_discovered(project: Project, folder: Path) -> None:
    """Read all files; what belongs to no client is told of, and not read."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        client = path.name if path.is_dir() else path.stem
        if LEFTOVERS.search(path.name) or ("client", client) in project.broken:
            continue
        if client not in project.clients:
            unread(project, path, f"{did_you_mean(client, project.clients)}There is no client '{client}'.")
        elif path.is_dir():
            found = project.discovered.setdefault(client, DiscoveredFiles())
            found.types += [one for inner in sorted(path.iterdir()) for one in _read(project, inner)]
        else:
            for one in _read(project, path):
                project.discovered.setdefault(client, DiscoveredFiles()).server = one


def _read(project: Project, path: Path) -> Iterator[Discovered]:
    if LEFTOVERS.search(path.name):
        return
    if path.is_dir() or path.suffix != ".json":
        unread(project, path, "Here are only files that `connector discover` wrote.")
        return
    source = text_of(project, path)
    data = BROKEN if source is None else parsed(project, source)
    if source is not None and data is not BROKEN:
        yield Discovered(source, data)
