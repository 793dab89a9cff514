"""The field types: what each takes in JSON, gives out, and refuses (server-behaviour, appendix).

A kind is one entry of the table here; a type that is not in it answers the server's plain 500 when it is written.
"""

from __future__ import annotations

from connector.sandbox.ibexa.field_types import account, binary, choices, dates, links, numbers, richtext, text
from connector.sandbox.ibexa.field_types.base import FieldContext, FieldKind

__all__ = ["KINDS", "FieldContext", "FieldKind"]

KINDS: dict[str, FieldKind] = {
    "ezstring": text.STRING,
    "eztext": text.TEXT,
    "ezemail": text.EMAIL,
    "ezurl": text.URL,
    "ezkeyword": text.KEYWORD,
    "ezinteger": numbers.INTEGER,
    "ezfloat": numbers.FLOAT,
    "ezboolean": numbers.BOOLEAN,
    "ezgmaplocation": numbers.MAP_LOCATION,
    "ezdate": dates.DATE,
    "ezdatetime": dates.DATETIME,
    "eztime": dates.TIME,
    "ezcountry": choices.COUNTRY,
    "ezselection": choices.SELECTION,
    "ezauthor": choices.AUTHOR,
    "ezmatrix": choices.MATRIX,
    "ezobjectrelation": links.RELATION,
    "ezobjectrelationlist": links.RELATION_LIST,
    "ezimage": binary.IMAGE,
    "ezimageasset": links.IMAGE_ASSET,
    "ezmedia": binary.MEDIA,
    "ezisbn": text.ISBN,
    "ezbinaryfile": binary.BINARY_FILE,
    "ezrichtext": richtext.RICH_TEXT,
    "ezuser": account.KIND,
}
