"""Passwords that a mapping writes out as a text: they would be in the repository for ever."""

from __future__ import annotations

from collections.abc import Iterator

from connector.checks.mapping import Found, text_in
from connector.config.project import Project
from connector.config.secrecy import is_password
from connector.config.written_secrets import LITERAL_HINT, literal_password
from connector.transformers.leaves import leaves_of


def check_passwords(project: Project) -> Iterator[Found]:
    """Of routes into Ibexa; those that an outgoing declares are told with its form."""
    for route in project.routes.values():
        outgoing = project.outgoings.get(text_in(route, "outgoing"))
        names = route.data.get("transformers") if isinstance(route.data, dict) else None
        source = project.transformers.get(str(names[-1])) if isinstance(names, list) and names else None
        if source is None or outgoing is None or text_in(outgoing, "type") != "ibexa":
            continue
        for leaf in leaves_of(source.current, source.suffix):
            written = leaf.fixed and leaf.kind in ("string", "number")
            inner = leaf.way[1:-1] if leaf.way[-1:] != ("generate",) and len(leaf.way) > 2 else leaf.way[1:]
            if written and leaf.way[:1] == ("payload",) and (is_password(leaf.way[1:]) or is_password(inner)):
                yield source, literal_password(leaf.pointer, LITERAL_HINT, leaf.offset or None)
