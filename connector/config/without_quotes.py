"""What to write where a number or a truth is wanted, and a text was given."""

from __future__ import annotations

import re

from connector.config.wording import TYPES, WORDS


def without_quotes(wanted: str, found: str) -> str:
    """The number that the text holds, or the truth that its word means; ``wanted`` is the schema's type."""
    if wanted == "boolean":
        meant = WORDS.get(found.strip().lower())
        return f"Write {meant}, without quotes." if meant else "Write true or false, without quotes."
    number = re.fullmatch(r"\s*(-?[0-9]+(?:\.[0-9]+)?)\s*%?\s*", found)
    if number is None or (wanted == "integer" and "." in number[1]):
        return f"Write {TYPES[wanted]}, without quotes."
    return "Leave the quotes out." if found == number[1] else f"Write the number alone, without quotes: {number[1]}."
