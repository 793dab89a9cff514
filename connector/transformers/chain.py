"""A route's transformers one after the other: from a record to messages."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from datetime import datetime

from connector.core.errors import RecordError
from connector.core.jsonio import Json, JsonError, canonical, fingerprint, type_name
from connector.core.model import MESSAGE_KEYS, Message, Record
from connector.core.protocols import Scope, Transformer

_RAW = "This is a record in the server's own form: let a transformer make the message of it, with what `payload` takes."


class MappingChain:
    """Maps records; satisfies core.protocols.Chain. Without transformers the record itself must be a message."""

    def __init__(self, transformers: Sequence[Transformer]) -> None:
        self._transformers = transformers
        self.version = fingerprint([one.version for one in transformers])

    def messages(self, record: Record, now: datetime) -> list[Message]:
        """The messages that a record yields.

        Raises:
            RecordError: a step fails, or what comes out is no message.
        """
        scope = Scope(record.key, record.origin, now)
        values: list[Json] = [record.data]
        for transformer in self._transformers:
            values = [made for one in values for made in transformer.apply(one, scope)]
        flat = [one for value in values for one in (value if isinstance(value, list) else [value]) if one is not None]
        return [_message(one) for one in flat]


def _message(value: Json) -> Message:
    if not isinstance(value, dict):
        hint = "A message is an object with path, query, payload or destination."
        raise RecordError(f"the mapping yields {type_name(value)} instead of a message", hint=hint, step="message")
    for key in value:
        if key not in MESSAGE_KEYS:
            near = difflib.get_close_matches(str(key), MESSAGE_KEYS, 1)
            hint = f"Did you mean '{near[0]}'?" if near else _RAW if str(key)[:1] == "_" else "Wrap it in `payload`."
            raise RecordError(f"'{key}' is no part of a message", hint=hint, step="message")
    for part in ("path", "query"):
        if value.get(part) is not None and not isinstance(value[part], dict):
            raise RecordError(f"{part} must be an object, not {type_name(value[part])}", step=part)
    try:
        canonical(value)
    except JsonError as error:
        raise RecordError(f"the message {error}", hint="Clean the value in the mapping.", step="message") from None
    return Message(
        path=value.get("path") or {},
        query=value.get("query") or {},
        payload=value.get("payload"),
        destination=value.get("destination"),
    )
