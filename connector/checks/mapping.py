"""What a route's last transformer writes, with the places in its file: what checks of messages start from."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from connector.config.declaration import Declaration, Discovered, TransformerSource
from connector.config.project import Project
from connector.config.references import whole
from connector.core.jsonio import Json
from connector.core.problem import Finding
from connector.transformers.skeleton import Skeleton, skeleton_of

Found = tuple[Declaration | TransformerSource | Discovered, Finding]


class Mapped(Struct, frozen=True):
    """The file that builds a route's messages, and what it writes."""

    source: TransformerSource
    skeleton: Skeleton

    def part(self, name: str) -> Mapping[str, Json] | None:
        """``path``, ``query`` or ``payload`` as written; None when only a run tells."""
        value = self.skeleton.value.get(name, {})
        return value if isinstance(value, dict) else None

    def finding(self, pointer: str, message: str, hint: str, *, at_key: bool = True, code: str = "CFG161") -> Found:
        """A finding at a key of the message."""
        place, offset = self.skeleton.place(pointer)
        at = "#" if at_key and offset is None else ""
        return self.source, Finding(place + at, code, message, hint, offset=offset)


def mapping_of(project: Project, route: Declaration) -> Mapped | None:
    """The last transformer decides what a message is."""
    names = route.data.get("transformers") if isinstance(route.data, dict) else None
    source = project.transformers.get(str(names[-1])) if isinstance(names, list) and names else None
    skeleton = skeleton_of(source.current, source.suffix) if source else None
    return Mapped(source, skeleton) if source and skeleton else None


def known_text(value: Json) -> tuple[Json, bool]:
    """What a value is known to be, and whether that is the default of a variable; other values are as written.

    A text that a variable gives, or gives a part of, stays as it is.
    """
    reference = whole(value)
    if reference is None or reference.default is None:
        return value, False
    return reference.default, True


def object_in(declaration: Declaration, key: str) -> Mapping[str, Json]:
    """A key's object; of another type it is told of elsewhere."""
    value = declaration.data.get(key) if isinstance(declaration.data, dict) else None
    return value if isinstance(value, dict) else {}


def text_in(declaration: Declaration, key: str) -> str:
    """A key's text; empty for anything else."""
    value = declaration.data.get(key) if isinstance(declaration.data, dict) else None
    return value if isinstance(value, str) else ""
