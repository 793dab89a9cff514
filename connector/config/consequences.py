"""One mistake, one finding: takes out what only follows from another one, and is gone when that is mended.

What remains still says where; what was hidden behind it is told by the next look.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

from msgspec.structs import replace

from connector.config.additions import hidden_by, is_addition
from connector.config.project import FOLDERS
from connector.core.problem import Problem

_MISSPELT = frozenset({"CFG110", "CFG157", "CFG161"})
_MISSING = frozenset({"CFG111", "CFG162"})
_UNREAD = frozenset({"CFG101", "CFG102"})
_OUTSIDE = "Put it below `payload`."
_OF_PAYLOAD = frozenset({"CFG162", "CFG182", "CFG186"})
_OF_VALUE = frozenset({"CFG113", "CFG114", "CFG115"})
_NAME = re.compile(r"'([^']+)'")
_NO_SUCH = re.compile(r"there is no (\w+) '([^']+)'")


def without_consequences(problems: Sequence[Problem], root: Path) -> list[Problem]:
    """The findings, in their order, without those that follow from another.

    Args:
        problems: of a whole project.
        root: its folder: what lies in a folder that is not read is looked up there.
    """
    unread = {one: _hidden_by(one, problems, root) for one in problems if one.code in _UNREAD}
    wrong = {one.place.file for one in problems if one.severity == "error" and one.place}
    gone = {id(one) for hidden in unread.values() for one in hidden}
    gone |= {id(one) for one in hidden_by(sorted(filter(is_addition, wrong)), problems, root)}
    gone |= {id(one) for found in (rule(problems) for rule in _RULES) for one in found}
    hiding = {one for one in problems if unread.get(one) or (one.code == "CFG133" and _as_it_is(one, problems))}
    # What hides an error is one itself.
    return [replace(one, severity="error") if one in hiding else one for one in problems if id(one) not in gone]


def _missing(problems: Sequence[Problem]) -> Iterable[Problem]:
    """A key that is missing because it stands there misspelt; of a payload perhaps in another file."""
    misspelt = _misspelt(problems)
    keys = {key for _, key in misspelt}
    for one in problems:
        key = _NAME.search(one.message.rpartition(": ")[2])
        if one.code not in _MISSING or not key or not one.place or not one.message.endswith("is missing"):
            continue
        if (one.place.file, key[1]) in misspelt or (one.code == "CFG162" and key[1] in keys):
            yield one


def _misspelt(problems: Sequence[Problem]) -> set[tuple[str, str]]:
    """File and key of what was meant by a key that is not known."""
    return {
        (one.place.file, meant[1])
        for one in problems
        if one.code in _MISSPELT and one.place and (meant := re.match(r"Did you mean '([^']+)'\?", one.hint))
    }


def _outside(problems: Sequence[Problem]) -> Iterable[Problem]:
    """What a message lacks because it stands beside the payload, or below a misspelt key."""
    files = {one.place.file for one in problems if one.place and one.code in _MISSPELT and _is_of_payload(one.hint)}
    return (one for one in problems if one.place and one.place.file in files and one.code in _OF_PAYLOAD)


def _is_of_payload(hint: str) -> bool:
    return hint == _OUTSIDE or hint.startswith(("Did you mean 'payload'?", "Did you mean 'fields'?"))


def _names(problems: Sequence[Problem]) -> Iterable[Problem]:
    """Of a name that can be none and that nothing has, the more helpful of the two."""
    links = {one.place: one for one in problems if one.code == "CFG120"}
    for one in problems:
        link = links.get(one.place) if one.code == "CFG114" else None
        if link is not None:
            yield one if link.hint.startswith("Did you mean") else link


def _of_shape(problems: Sequence[Problem]) -> Iterable[Problem]:
    """What is said of a value that should be something else altogether: that it is none of the choices, or too long."""
    places = {one.place for one in problems if one.code == "CFG112" and one.place}
    return (one for one in problems if one.place in places and one.code in _OF_VALUE)


def _nothing(problems: Sequence[Problem]) -> Iterable[Problem]:
    """An expression that is empty, of which it is told that there must be a character."""
    places = {(one.place.file, one.place.pointer) for one in problems if one.code == "CFG115" and one.place}
    empty = [one for one in problems if one.code == "CFG160" and one.message == "the expression is empty"]
    return (one for one in empty if one.place and (one.place.file, one.place.pointer) in places)


def _secret(problems: Sequence[Problem]) -> Iterable[Problem]:
    """A key that is not known, of a secret that is to stand elsewhere anyway."""
    places = {one.place for one in problems if one.code == "CFG116" and one.place}
    return (one for one in problems if one.place in places and one.code in _MISSPELT)


def _unused(problems: Sequence[Problem]) -> Iterable[Problem]:
    """A transformer that no route names, where a route lacks one."""
    if any(one.code == "CFG226" for one in problems):
        yield from (one for one in problems if one.code == "CFG121" and "the transformer" in one.message)


def _either(problems: Sequence[Problem]) -> Iterable[Problem]:
    """That one of some keys is wanted, where one of them stands there misspelt."""
    meant = _misspelt(problems)
    for one in problems:
        _, said, keys = one.message.partition(" exactly one of ")
        if one.code != "CFG117" or not said or not one.place or not one.hint.startswith("Add "):
            continue
        if any((one.place.file, key) in meant for key in keys.split(" and ")):
            yield one


def _of_form(problems: Sequence[Problem]) -> Iterable[Problem]:
    """Keys that the declared form of a file has no use for, where the file is of another form."""
    files = {one.place.file for one in problems if one.code == "CFG148" and one.place and '"format": ' in one.hint}
    return (one for one in problems if one.code == "CFG213" and one.place and one.place.file in files)


def _around(problems: Sequence[Problem]) -> Iterable[Problem]:
    """What is said of a whole value, when the slip is known inside of it."""
    inner = [(one.place.file, one.place.pointer) for one in problems if one.code == "CFG110" and one.place]
    for one in problems:
        if one.code == "CFG112" and one.place:
            file, pointer = one.place.file, f"{one.place.pointer}/"
            if any(file == other and place.startswith(pointer) for other, place in inner):
                yield one


def _references(problems: Sequence[Problem]) -> Iterable[Problem]:
    """What is said of the form of a value that was meant for a reference and is not written as one."""
    return (fault for one in problems if one.code == "CFG133" for fault in _as_it_is(one, problems))


def _as_it_is(one: Problem, problems: Sequence[Problem]) -> list[Problem]:
    return [fault for fault in problems if fault.code in _OF_VALUE and fault.place and fault.place == one.place]


def _constants(problems: Sequence[Problem]) -> Iterable[Problem]:
    """That an expression reads nothing, where the records of the file show what that comes to."""
    shown = {one.place for one in problems if one.code == "CFG168"}
    return (one for one in problems if one.code == "CFG253" and one.place in shown)


_RULES = (
    _of_form,
    _unused,
    _secret,
    _missing,
    _either,
    _outside,
    _names,
    _of_shape,
    _nothing,
    _around,
    _references,
    _constants,
)


def _hidden_by(unread: Problem, problems: Sequence[Problem], root: Path) -> list[Problem]:
    """Names that lead nowhere because the file or folder that has what they name is not read."""
    if unread.place is None:
        return []
    path = PurePosixPath(unread.place.file)
    if is_addition(unread.place.file):
        return hidden_by([unread.place.file], problems, root)
    found = []
    for one in problems:
        named = _NO_SUCH.fullmatch(one.message) if one.code == "CFG120" else None
        if named is not None and _holds(path, unread.hint, root, named[1], named[2]):
            found.append(one)
    return found


def _holds(path: PurePosixPath, hint: str, root: Path, family: str, name: str) -> bool:
    folder = FOLDERS.get(family, "transformers")
    if (root / path).is_dir():
        of_family = path.name == folder or f"'{folder}'" in hint or path.parent.name == folder
        return of_family and any((root / path / f"{name}{ending}").is_file() for ending in (".json", ".jmespath"))
    stem = re.sub(r"[^a-z0-9]+", "-", path.name.lower().partition(".")[0]).strip("-")
    return path.parent.name == folder and stem == name
