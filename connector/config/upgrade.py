"""Reads projects that were written for an earlier form of the files; what is on the disk is never changed here.

``configs/project.json`` says which form its files have (``"version"``); without it they have the newest. A form is
changed by adding one step to STEPS: so tomorrow's release reads today's files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct

from connector.config.declaration import Declaration, TransformerSource
from connector.core.jsonio import Json
from connector.core.problem import Finding


class Step(Struct, frozen=True):
    """How files of one version become files of the next.

    Attributes:
        summary: for people, e.g. "`interval` is called `every` now".
        change: takes the family and what a file says, and returns it in the new form.
    """

    summary: str
    change: Callable[[str, Json], Json]


STEPS: Sequence[Step] = ()
"""From version 1 to 2, from 2 to 3, and so on."""


def newest(steps: Sequence[Step] = STEPS) -> int:
    """The version that this release writes."""
    return 1 + len(steps)


def upgrade(
    settings: Declaration | None, sources: Iterable[Declaration | TransformerSource], steps: Sequence[Step] = STEPS
) -> None:
    """Bring what files say to the newest form, in memory; of a version that is not known, leave it as it is.

    Args:
        settings: ``configs/project.json``, if there is one.
        sources: every other file.
        steps: from version 1 on.
    """
    version = _version(settings)
    wanted = steps[version - 1 :] if version is not None and 1 <= version <= newest(steps) else ()
    for source in sources if wanted else ():
        if isinstance(source, Declaration) or source.suffix == ".json":
            for step in wanted:
                source.data = step.change(source.family, source.data)


def check_version(settings: Declaration | None, steps: Sequence[Step] = STEPS) -> Iterator[Finding]:
    """That the files are of an earlier form (a warning), or of a later one."""
    version = _version(settings)
    if version is None or version == newest(steps):
        return
    if not 1 <= version <= newest(steps):
        known = f"version {newest(steps)}" if newest(steps) == 1 else f"versions 1 to {newest(steps)}"
        hint = f"This release reads {known}: install a newer ibexa-connector, or correct the number."
        yield Finding("/version", "CFG170", f"the files are of version {version}, which is not known here", hint)
        return
    todo = "; ".join(step.summary for step in steps[version - 1 :])
    hint = f"They are read all the same. Since then: {todo}. Change that, and write {newest(steps)} here."
    yield Finding("/version", "CFG170", f"the files are of version {version}", hint, "warning")


def _version(settings: Declaration | None) -> int | None:
    """As written; None when nothing is written, or no number."""
    data = settings.data if settings is not None else None
    version = data.get("version") if isinstance(data, dict) else None
    return version if isinstance(version, int) and not isinstance(version, bool) else None
