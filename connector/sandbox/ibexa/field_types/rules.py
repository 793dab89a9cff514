"""The settings and validators with which a new field definition of each type starts (seen on 4.6.25)."""

from __future__ import annotations

from typing import Any

Json = Any

SETTINGS: dict[str, dict[str, Json]] = {
    "ezdate": {"defaultType": "DEFAULT_EMPTY"},
    "ezdatetime": {"defaultType": "DEFAULT_EMPTY", "useSeconds": False, "dateInterval": None},
    "eztime": {"defaultType": "DEFAULT_EMPTY", "useSeconds": False},
    "ezobjectrelation": {
        "selectionMethod": "SELECTION_BROWSE",
        "selectionRoot": "",
        "selectionContentTypes": [],
        "rootDefaultLocation": False,
    },
    "ezobjectrelationlist": {
        "selectionMethod": "SELECTION_BROWSE",
        "selectionDefaultLocation": None,
        "selectionContentTypes": [],
        "rootDefaultLocation": False,
    },
    "eztext": {"textRows": 10},
    "ezcountry": {"isMultiple": False},
    "ezselection": {"isMultiple": False, "options": [], "multilingualOptions": {"eng-GB": []}},
    "ezimage": {"mimeTypes": []},
    "ezauthor": {"defaultAuthor": 0},
    "ezisbn": {"isISBN13": True},
    "ezmedia": {"mediaType": "html5_video"},
    "ezmatrix": {"minimum_rows": 1, "columns": []},
}
VALIDATORS: dict[str, dict[str, Json]] = {
    "ezstring": {"StringLengthValidator": {"maxStringLength": None, "minStringLength": None}},
    "ezinteger": {"IntegerValueValidator": {"minIntegerValue": None, "maxIntegerValue": None}},
    "ezfloat": {"FloatValueValidator": {"minFloatValue": None, "maxFloatValue": None}},
    "ezemail": {"EmailAddressValidator": []},
    "ezimage": {"FileSizeValidator": {"maxFileSize": None}, "AlternativeTextValidator": {"required": False}},
    "ezbinaryfile": {"FileSizeValidator": {"maxFileSize": None}},
    "ezmedia": {"FileSizeValidator": {"maxFileSize": None}},
    "ezobjectrelationlist": {"RelationListValueValidator": {"selectionLimit": 0}},
}
