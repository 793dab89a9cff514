"""Field types: how a value of a mapping becomes what REST takes. One group a file, one table here."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import cache

from connector.core.jsonio import Json
from connector.systems.ibexa.fields.choices import CHOICES
from connector.systems.ibexa.fields.codec import Codec, Context, NotThereYet
from connector.systems.ibexa.fields.dates import DATES
from connector.systems.ibexa.fields.media import MEDIA
from connector.systems.ibexa.fields.numbers import NUMBERS
from connector.systems.ibexa.fields.relations import RELATIONS
from connector.systems.ibexa.fields.richtext import RICHTEXT
from connector.systems.ibexa.fields.structures import STRUCTURES
from connector.systems.ibexa.fields.texts import TEXTS

__all__ = ["CODECS", "Codec", "Context", "NotThereYet", "codec_of", "is_emptied"]

CODECS: Mapping[str, Codec] = {**TEXTS, **NUMBERS, **DATES, **CHOICES, **RELATIONS, **RICHTEXT, **MEDIA, **STRUCTURES}

log = logging.getLogger("connector.ibexa")
_RAW = Codec(lambda value, _context: value)
"""For types that we do not know (closed parts of the product): sent as the mapping gives it."""


def codec_of(field_type: str) -> Codec:
    """The codec of a type by our own name; unknown types pass as they are, which is said once."""
    return CODECS.get(field_type) or _unknown(field_type)


@cache
def _unknown(field_type: str) -> Codec:
    log.warning("fields of type '%s' are sent as the mapping gives them: we know nothing of that type", field_type)
    return _RAW


def is_emptied(value: Json) -> bool:
    """Whether a value says "emptied": ``""``, ``[]`` or ``{"clear": true}``. ``null`` says "not managed"."""
    return value in ("", []) or value == {"clear": True}
