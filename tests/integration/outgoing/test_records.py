"""What the catalogue says of records is what an Ibexa answers."""

from __future__ import annotations

from connector.core.clock import SystemClock
from connector.core.jsonio import Json, parse
from connector.core.model import Message
from connector.systems.catalogue import ibexa
from connector.systems.ibexa.gateway import Gateway
from connector.systems.ibexa.records import record_of
from tests.integration.outgoing.shop import Shop

ASKED: list[tuple[str, dict[str, Json]]] = [
    ("role.get", {"id": 1}), ("role.list", {}), ("section.list", {}), ("language.list", {}), ("country.list", {}),
    ("content_type.get", {"contentTypeId": 2}), ("content_type.list", {}), ("user.get", {"userId": 14}),
    ("user_group.get", {"path": "1/5"}), ("location.list_children", {"path": "1"}),
    ("location.get", {"path": "1/5"}), ("content.get", {"contentId": 1}),
]  # fmt: skip


def test_a_record_has_what_is_told(shop: Shop) -> None:
    gateway = Gateway(shop.client, ibexa(), SystemClock())
    for operation, path in ASKED:
        one = ibexa().get(operation)
        body = parse(gateway.call(operation, Message(path=path)).response.body)
        record = one.items(body)[0] if one.list_at else body[one.response_root]  # type: ignore[index]
        told = {name.partition(".")[0].removesuffix("[]") for name in record_of(operation)}
        assert told == {name for name in record if name != "_media-type"}, operation
