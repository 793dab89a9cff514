"""Asks a server what it allows at an operation's address (OPTIONS); it answers 200 with Allow on every known route."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from connector.clients import HttpClient
from connector.clients.request import Request
from connector.core.errors import RecordError
from connector.core.jsonio import Json
from connector.core.template import fill_path
from connector.systems.operation import Operation

_ANY = "1"
"""Stands for a path parameter that is not given: routes are told apart by form, not by what is there."""


class Allowed(Struct, frozen=True):
    """What a server says of one address.

    Attributes:
        address: path below the client's base URL.
        status: of the answer.
        methods: upper case, sorted; empty when the server does not say.
        method: the operation's own.
    """

    address: str
    status: int
    methods: tuple[str, ...]
    method: str

    @property
    def verdict(self) -> str:
        """In words."""
        if self.status in (404, 405):
            return "this server has no such address"
        if not self.methods:
            return f"the server does not say (status {self.status})"
        allowed = self.method in self.methods
        return f"this server {'takes' if allowed else 'does not take'} {self.method} there"

    def as_json(self) -> dict[str, Json]:
        """For ``--json``."""
        return {"verdict": self.verdict, "address": self.address, "status": self.status, "allow": list(self.methods)}


def allowed(client: HttpClient, operation: Operation, values: Mapping[str, Json]) -> Allowed:
    """Ask.

    Args:
        client: the server.
        operation: whose address.
        values: path parameters; others stand as ``1``.

    Raises:
        ClientError: the server cannot be asked.
        RecordError: a value cannot stand in a path, or has no place there.
    """
    for name in values:
        if name not in operation.path_params:
            hint = f"It has: {', '.join(operation.path_params) or 'none'}."
            raise RecordError(f"{operation.id} has no path parameter '{name}'", hint=hint)
    filled = {name: values.get(name, _ANY) for name in operation.path_params}
    path = fill_path(operation.path, filled, multi=frozenset(operation.path_of_segments))
    headers = {"Accept": operation.accept or "application/json"}
    response = client.send(Request("OPTIONS", path, headers=headers, operation=f"{operation.id} options"))
    named = response.headers.get("allow", "")
    methods = tuple(sorted({one.strip().upper() for one in named.split(",") if one.strip()}))
    return Allowed(path, response.status, methods, operation.method)
