"""Identifiers that the server makes up: by chance, or the same again when a journal is carried out once more."""

from __future__ import annotations

import random
import uuid
from contextvars import ContextVar

SEEDED: ContextVar[random.Random | None] = ContextVar("seeded", default=None)
"""Set while a request that is kept in a journal is handled."""


def new_uuid() -> uuid.UUID:
    """A version 4 UUID."""
    seeded = SEEDED.get()
    return uuid.uuid4() if seeded is None else uuid.UUID(int=seeded.getrandbits(128), version=4)
