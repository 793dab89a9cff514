"""Pictures and files that are the same in all messages, e.g. a logo: whether the outgoing allows them, and has them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from connector.checks.files import amiss
from connector.checks.mapping import Found, mapping_of, object_in, text_in
from connector.config.declaration import Declaration
from connector.config.project import Project
from connector.config.references import filled, inside, texts
from connector.core.jsonio import shown
from connector.core.nearest import did_you_mean
from connector.core.problem import Finding
from connector.systems.ibexa.asset_sources import NO_FOLDER, NotAllowed, file_below
from connector.transformers.skeleton import UNKNOWN

_FILE = re.compile(r"/payload/(fields|translations/[^/]+)/[^/]+/file")


class _Said(Struct, frozen=True):
    """A problem with a file, without its place."""

    message: str
    hint: str
    severity: str


def check_asset_files(project: Project, env: Mapping[str, str]) -> Iterator[Found]:
    """Files that an outgoing, or a mapping into it, names, else their folder; of unset variables nothing is said."""
    found = list(_files(project, env))
    yield from found
    for outgoing in project.outgoings.values():
        folder = _folder(outgoing, env, project.root) if _is_sound(project, outgoing) else None
        if folder and not any(f"{folder.rstrip('/')}/" in one.message for _, one in found):
            gone = _no_folder(project.root, folder, str(object_in(outgoing, "assets")["folder"]))
            yield from [(outgoing, gone)] if gone else []


def _files(project: Project, env: Mapping[str, str]) -> Iterator[Found]:
    for outgoing in project.outgoings.values():
        if not _is_sound(project, outgoing):
            continue
        folder = _folder(outgoing, env, project.root)
        for pointer, text in texts(outgoing.data) if folder is not None else ():
            if _FILE.fullmatch(pointer) and text and _is_set(text, env, project.root):
                name = filled(text, env, project.root)
                said = _told(project.root, str(folder), name, text)
                if said is not None:
                    yield outgoing, Finding(pointer, "CFG147", said.message, said.hint, said.severity)
    found: dict[tuple[str, str, str], Found] = {}
    for one in _mapped(project, env):
        found.setdefault((one[0].shown, one[1].pointer, one[1].message), one)  # routes may share a mapping
    yield from found.values()


def _mapped(project: Project, env: Mapping[str, str]) -> Iterator[Found]:
    for route in project.routes.values():
        outgoing, mapping = project.outgoings.get(text_in(route, "outgoing")), mapping_of(project, route)
        if outgoing is None or mapping is None or not _is_sound(project, outgoing):
            continue
        folder = _folder(outgoing, env, project.root)
        for pointer, text in texts({"payload": mapping.part("payload")}) if folder is not None else ():
            if not _FILE.fullmatch(pointer) or not text or (UNKNOWN in text and folder):
                continue
            said = _told(project.root, str(folder), text, text) if UNKNOWN not in text else _NO_FOLDER
            if said is not None:
                source, finding = mapping.finding(pointer, said.message, said.hint, at_key=False, code="CFG147")
                yield source, Finding(finding.pointer, "CFG147", said.message, said.hint, said.severity)


def _no_folder(root: Path, folder: str, written: str) -> Finding | None:
    """Of a folder that is not there; of one that may not be used, its files tell."""
    if isinstance(file_below(root, folder, f"{folder}/x"), NotAllowed) or (root / folder).is_dir():
        return None
    near = did_you_mean(folder, [one.name for one in root.iterdir() if one.is_dir()])
    message = f"the folder {shown(written, 60)} is not there"
    hint = f"{near}Make it before the first run, or correct the name: it is looked for in the project's folder."
    return Finding("/assets/folder", "CFG147", message, hint, "warning")


def _told(root: Path, folder: str, name: str, written: str) -> _Said | None:
    """What is wrong with a file that is named outright; as written, since a variable's value may be a secret."""
    what = f"the file {shown(written, 60)}"
    found = file_below(root, folder, name)
    if isinstance(found, NotAllowed):
        return _Said(f"{what} {found.message}", found.hint, "error")
    said = amiss(root / name, root)
    return said and _Said(f"{what} {said[0]}", *said[1:])


_NO_FOLDER = _Said(f"what a record names {NO_FOLDER.message}", NO_FOLDER.hint, "warning")
"""Of a name that only a record gives: some records may have none."""


def _folder(outgoing: Declaration, env: Mapping[str, str], root: Path) -> str | None:
    """``assets.folder``, empty when there is none; None when a variable in it is not set."""
    text = object_in(outgoing, "assets").get("folder", "")
    if not isinstance(text, str) or not _is_set(text, env, root):
        return None
    return filled(text, env, root)


def _is_set(text: str, env: Mapping[str, str], root: Path) -> bool:
    return all(one.value(env, root) is not None for one in inside(text))


def _is_sound(project: Project, outgoing: Declaration) -> bool:
    return outgoing.shown not in project.unsound and text_in(outgoing, "type") == "ibexa"
