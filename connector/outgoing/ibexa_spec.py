"""What the declaration of an Ibexa publisher may say."""

from __future__ import annotations

from typing import Final

from connector.core.spec import NAME, OBJECT, TEXT, Field, Spec
from connector.systems.ibexa.asset_sources import SCHEMA as ASSETS
from connector.systems.ibexa.destinations import SCHEMA as DESTINATION

SPEC: Final = Spec(
    "ibexa",
    "Ibexa publisher",
    "Writes to Ibexa: a composed action such as content.upsert, or any operation of the REST reference.",
    {
        "client": Field(NAME, "The client to write with.", required=True, example="ibexa"),
        "entity": Field(TEXT, "What to write, e.g. `content`.", required=True, example="content"),
        "action": Field(TEXT, "What to do with it, e.g. `upsert`.", required=True, example="upsert"),
        "path": Field(OBJECT, "Path parameters of every message, unless it has its own.", example={"contentId": 54}),
        "query": Field(OBJECT, "Query parameters of every message, unless it has its own."),
        "payload": Field(OBJECT, "What every payload has, unless it says otherwise; objects are merged."),
        "destination": Field(
            DESTINATION,
            "Where a copy or a move leads: a Location path, an id, or a content item's remote id.",
            example={"remote_id": "shoes"},
        ),
        "messages": Field(
            {"type": "string", "enum": ["state", "event"]},
            "state: a newer message of a key replaces one not sent yet. event: all are sent, in order.",
            default="state",
        ),
        "delivery": Field(
            {"type": "string", "enum": ["look_up", "at_least_once"]},
            "What happens when an answer was lost and nothing can be looked up: look_up leaves it to a person, "
            "at_least_once sends again.",
            default="look_up",
        ),
        "assets": Field(ASSETS, "Where images and files may come from.", default={}),
    },
)
