"""One violation of a schema, and how to speak of its value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from connector.core.jsonio import shown
from connector.core.problem import Finding


class Violation(Struct, frozen=True):
    """One violation, and how to speak of its value.

    Attributes:
        error: the library's, of which only the keyword, its value and the schema are used.
        name: what to call the value when it came from a variable, and so must not be quoted.
        family: the schema of all kinds that the declaration could be of.
    """

    pointer: str
    error: Any
    name: str
    family: Mapping[str, Any]

    @property
    def subject(self) -> str:
        """For "... must be": the variable, or the place itself."""
        return self.name or "here"

    @property
    def quoted(self) -> str:
        """For "... is not": the value, unless it may be a secret."""
        if self.name or self.error.schema.get("x-secret"):
            return self.name or "this secret"
        return f"'{shown(self.error.instance, 40)}'"

    def finding(self, code: str, message: str, hint: str = "") -> Finding:
        """A finding about the value."""
        return Finding(self.pointer, code, message, hint)
