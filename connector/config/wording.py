"""What types, forms and bounds of a schema are called, and how to write what they want: data of sentences.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from connector.config import of_operations

TYPES: Final = {
    "object": "an object",
    "array": "a list",
    "integer": "a whole number",
    "null": "null",
    "string": "a text",
    "number": "a number",
    "boolean": "true or false",
}
FORMS: Final = {
    "duration": ("a duration", "Write 30s, 5m, 6h or 7d."),
    "span": ("a duration", "Write 30s, 5m, 6h or 7d."),
    "interval": ("a duration", "Write 5m, 6h or 7d."),
    "age": ("an age", 'Write 12h or 30d, or "forever".'),
    "size": ("a size", "Write 500kB or 16MiB."),
}
UNITS: Final = {"duration": "s", "span": "s", "interval": "s", "age": "d", "size": "B"}
"""What to put behind a bare number; by ``x-format``."""
PATTERNS: Final = {
    "^[a-z0-9][a-z0-9-]*$": ("a name", "Small letters, digits and hyphens."),
    "^/": ("a path", "Begin with /."),
    "^[^\u0000]*$": ("the name of a file", "Leave out the character \\u0000."),
    r"^(?!(configs|transformers)(/|$))[^/\\.][^/\\]*(/[^/\\.][^/\\]*)*/?$": (
        "a folder for pictures and files",
        "Name one of their own below the project, such as pictures; no hidden one, and nothing of the configuration.",
    ),
    r"^[A-Za-z0-9]+$": ("the ending of a name", "Write it without a dot: php."),
    r"^[^/@\s]*$": ("a host", "Write the host alone, with its port if need be: cdn.example.com."),
    "^/?1(/[0-9]+)*/?$": (
        "a Location path",
        "Write all of it, from the root on: /1/2/61. Directly below one Location is said by its id: parent.",
    ),
    r"^[^\s@<>,]+@[^\s@<>,]+$": ("an e-mail address", "Write one address a text: ops@example.com."),
    **of_operations.PATTERNS,
}
BOUNDS: Final = {
    "minimum": "at least {}",
    "maximum": "at most {}",
    "exclusiveMinimum": "more than {}",
    "exclusiveMaximum": "less than {}",
    "minLength": "a text of at least {} characters",
    "maxLength": "a text of at most {} characters",
    "minItems": "a list of at least {} entries",
    "maxItems": "a list of at most {} entries",
    "minProperties": "an object of at least {} keys",
    "maxProperties": "an object of at most {} keys",
}
NUMBERS: Final = ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum")
ONE: Final = {" 1 characters": " 1 character", " 1 entries": " 1 entry", " 1 keys": " 1 key"}
CHARACTERS: Final = {
    **dict.fromkeys(("semicolon", "semi-colon", "&semi;"), ";"),
    **dict.fromkeys(("comma", "&comma;"), ","),
    **dict.fromkeys(("tab", "\\t", "tabulator", "tsv"), "\t"),
    **dict.fromkeys(("pipe", "bar", "vertical bar"), "|"),
    **dict.fromkeys(("colon",), ":"),
    **dict.fromkeys(("space", "blank"), " "),
    **dict.fromkeys(("apostrophe", "single quote", "single"), "'"),
    **dict.fromkeys(("quote", "double quote", "double"), '\\"'),
}
"""What people call a delimiter or a quote, as JSON writes it."""
WORDS: Final = {
    **dict.fromkeys(("true", "yes", "on", "1", "ja"), "true"),
    **dict.fromkeys(("false", "no", "off", "0", "nei", "nein"), "false"),
}
"""What people write for true and false."""


def range_of(schema: Mapping[str, Any]) -> str:
    """Both ends, where a number has both."""
    ends = [BOUNDS[name].format(schema[name]) for name in NUMBERS if name in schema]
    return f"Write a number that is {' and '.join(ends)}." if len(ends) > 1 else ""


def one_character(error: Any) -> str:
    """What to write where one character is wanted, and its name or its escape was given."""
    named = CHARACTERS.get(str(error.instance).strip().lower()) if error.schema.get("maxLength") == 1 else None
    if named is None:
        return ""
    return 'Write a tab as "\\t", with one backslash.' if named == "\t" else f'Write the character itself: "{named}".'
