"""Whether the files of a project are still those that a process read when it started."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

FOLDERS: Final = ("configs", "transformers")


class ProjectFiles:
    """Remembers what they hold now; used by many threads, where telling twice does no harm."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._told = _digest(root)

    def changed(self) -> bool:
        """Whether they hold something else than at the last look that said so, or at the beginning."""
        found = _digest(self._root)
        changed, self._told = found != self._told, found
        return changed


def _digest(root: Path) -> str:
    """Of names and contents: a check-out touches files that stay as they are."""
    found = hashlib.blake2b(digest_size=16)
    for path in sorted(path for folder in FOLDERS for path in (root / folder).rglob("*")):
        try:
            body = path.read_bytes()
        except OSError:  # a folder, or gone at this very moment
            continue
        found.update(b"%s\0%d\0" % (str(path.relative_to(root)).encode("utf-8", "surrogateescape"), len(body)))
        found.update(body)
    return found.hexdigest()
