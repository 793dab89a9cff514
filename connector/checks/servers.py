"""What is known of the servers of a project's clients: from ``configs/types/``, or because they were asked just now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from connector.checks.mapping import Found
from connector.config.project import Project
from connector.systems.ibexa.known import Known, known_of

AGAIN = "If Ibexa has changed since, run `connector discover {client}` again."
"""Ends the hint of what is not among what was discovered."""


def known_servers(project: Project, live: Mapping[str, Known] | None = None) -> Mapping[str, Known]:
    """By client.

    Args:
        project: as loaded.
        live: by client, what its server said just now; it takes the place of what was written down.
    """
    written = {
        client: known_of(files.server and files.server.data, [one.data for one in files.types])
        for client, files in project.discovered.items()
    }
    return written | dict(live or {})


def fresh(found: Iterable[Found], client: str, live: Mapping[str, Known] | None) -> Iterator[Found]:
    """The findings; of a client that was asked just now without the advice to discover again, which mends nothing."""
    again = AGAIN.format(client=client)
    for source, finding in found:
        hint = finding.hint.replace(again, "").strip() if live and client in live else finding.hint
        yield source, replace(finding, hint=hint)
