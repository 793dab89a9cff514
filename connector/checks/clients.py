"""Whether a kind that speaks one system's language was given a client of that system."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from connector.config.declaration import Declaration
from connector.config.project import Project
from connector.core.problem import Finding

_NEEDS: Mapping[str, str] = {"ibexa": "ibexa"}
"""Type of an incoming or outgoing -> type of its client. What is not named here takes any."""


def check_clients(project: Project) -> Iterator[tuple[Declaration, Finding]]:
    """Clients of another type."""
    for declaration in (*project.incomings.values(), *project.outgoings.values()):
        wanted, given = types_of(project, declaration)
        if wanted and given and given != wanted:
            hint = f"Name a client of the type {wanted}."
            message = f"the client '{declaration.data['client']}' is of the type {given}"
            yield declaration, Finding("/client", "CFG146", message, hint)


def types_of(project: Project, declaration: Declaration) -> tuple[str, str]:
    """The type of client that an incoming or outgoing needs, and the type that it has; empty for any, and unknown."""
    data = declaration.data if isinstance(declaration.data, dict) else {}
    kind, name = data.get("type"), data.get("client")
    client = project.clients.get(name) if isinstance(name, str) else None
    given = client.data.get("type") if client is not None and isinstance(client.data, dict) else None
    if client is not None and client.shown in project.unsound:  # the type itself may be the slip
        given = None
    return (_NEEDS.get(kind, "") if isinstance(kind, str) else ""), (given if isinstance(given, str) else "")
