"""What the messages of one route hold as far as texts say so, and where each part of it is written."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from msgspec.structs import replace

from connector.checks.mapping import Found, Mapped, object_in, text_in
from connector.config.declaration import Declaration
from connector.config.pointer import leads
from connector.core.jsonio import Json, merge
from connector.core.problem import Finding


class Written:
    """The payload that a route's mapping and its outgoing write together.

    Args:
        route: the route.
        outgoing: whose payload is under every message.
        mapping: what the last transformer writes; None: only a run tells.
    """

    def __init__(self, route: Declaration, outgoing: Declaration, mapping: Mapped | None) -> None:
        self._route = route
        self.outgoing = outgoing
        self._mapping = mapping

    @property
    def client(self) -> str:
        """Name of the outgoing's client."""
        return text_in(self.outgoing, "client")

    @cached_property
    def _mapped(self) -> Mapping[str, Json]:
        return (self._mapping.part("payload") if self._mapping else None) or {}

    @cached_property
    def whole(self) -> Mapping[str, Json]:
        """Both, the mapping over the outgoing."""
        merged: Mapping[str, Json] = merge(object_in(self.outgoing, "payload"), self._mapped)
        return merged

    @property
    def complete(self) -> bool:
        """Whether the fields that are written are all that there will be."""
        if self._mapping is None or self._mapping.part("payload") is None:
            return False
        # The main language may stand among the translations too.
        return all(isinstance(self._mapped.get(one, {}), dict | None) for one in ("fields", "translations"))

    def objects(self, pointer: str) -> Mapping[str, Json]:
        """The object at ``/fields``, ``/translations``, ``/owners`` or ``/match``; empty when there is none."""
        parts = [one.get(pointer.removeprefix("/")) for one in (object_in(self.outgoing, "payload"), self._mapped)]
        declared, mapped = (one if isinstance(one, dict) else {} for one in parts)
        both = {name: {**declared[name], **one} for name, one in mapped.items() if _is_twice(declared, name, one)}
        return {**declared, **mapped, **both}  # unlike in ``whole``, a null stays: it says "not managed"

    def finding(
        self, pointer: str, code: str, message: str, hint: str, *, at_key: bool = True, severity: str = "error"
    ) -> Found:
        """A finding at a place of the payload: in the mapping if it is there, else in the outgoing.

        What is nowhere is told at the nearest place of the mapping.
        """
        declared = object_in(self.outgoing, "payload")
        if self._mapping is None or (not leads(pointer, self._mapped) and leads(pointer, declared)):
            place = f"/payload{pointer}" + ("#" if at_key else "")
            return self.outgoing, Finding(place, code, message, hint, severity)
        inner = f"/payload{pointer}"
        while not leads(inner, self._mapping.skeleton.value):
            inner = inner.rpartition("/")[0]
        source, found = self._mapping.finding(inner, message, hint, at_key=at_key, code=code)
        return source, replace(found, severity=severity)


def _is_twice(declared: Mapping[str, Json], name: str, mapped: Json) -> bool:
    return isinstance(mapped, dict) and isinstance(declared.get(name), dict)
