"""Whether a route would read from the host that it writes to: each write might be read as a change the next time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from connector.checks.clients import types_of
from connector.config.declaration import Declaration, TransformerSource
from connector.config.project import Project
from connector.config.references import filled, inside
from connector.core.jsonio import Json
from connector.core.problem import Finding

Found = tuple[Declaration | TransformerSource, Finding]
_PORTS = {"http": 80, "https": 443}


def check_hosts(project: Project, env: Mapping[str, str]) -> Iterator[Found]:
    """Findings of all routes; addresses in variables are compared as they are now, where they have a value."""
    for route in project.routes.values():
        if isinstance(route.data, dict) and route.data.get("same_host") is True:
            continue
        read = _client(project, project.incomings.get(_text(route, "incoming")))
        written = _client(project, project.outgoings.get(_text(route, "outgoing")))
        if read is None or written is None:
            continue
        address = _host(read, env, project.root)
        if address and address == _host(written, env, project.root):
            hint = 'Name another client; or, if it is meant, say "same_host": true in the route.'
            message = f"it would write to the host that it reads from, {_as_declared(written)}"
            yield route, Finding("/outgoing", "CFG142", message, hint)


def _client(project: Project, part: Declaration | None) -> Declaration | None:
    """That of a part; None where it is of another type than the part needs, so that another one is meant."""
    if part is None:
        return None
    wanted, given = types_of(project, part)
    return None if wanted and given and wanted != given else project.clients.get(_text(part, "client"))


def _host(client: Declaration, env: Mapping[str, str], root: Path) -> str:
    """Host and port; a variable that is not set stands for itself."""
    declared = _text(client, "base_url").strip()
    if any(one.value(env, root) is None for one in inside(declared)):
        return _as_declared(client).lower()
    try:
        parts = urlsplit(filled(declared, env, root).strip())
        port = parts.port or _PORTS.get(parts.scheme.lower())
    except ValueError:  # told of the client itself
        return ""
    return f"{parts.hostname}:{port}" if parts.hostname else ""


def _as_declared(client: Declaration) -> str:
    """Host as it is written in the file: what a variable stands for is nobody's to print."""
    address = _text(client, "base_url").strip().rstrip("/")
    host = address.partition("://")[2].partition("/")[0] if "://" in address else address.partition("/")[0]
    return host.rpartition("@")[2]  # a user and password before it are nobody's to print either


def _text(declaration: Declaration, key: str) -> str:
    value: Json = declaration.data.get(key) if isinstance(declaration.data, dict) else None
    return value if isinstance(value, str) else ""
