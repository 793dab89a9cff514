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
        data = declaration.data if isinstance(declaration.data, dict) else {}
        kind, name = data.get("type"), data.get("client")
        client = project.clients.get(name) if isinstance(name, str) else None
        wanted = _NEEDS.get(kind) if isinstance(kind, str) else None
        given = client.data.get("type") if client is not None and isinstance(client.data, dict) else None
        if wanted and isinstance(given, str) and given != wanted:
            hint = f"Name a client of the type {wanted}."
            yield declaration, Finding("/client", "CFG146", f"the client '{name}' is of the type {given}", hint)
