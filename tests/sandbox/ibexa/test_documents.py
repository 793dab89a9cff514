"""Carts, orders, shipments, payment, segments, baskets, calendar: kept as they were sent, shown as the reference shows."""

from __future__ import annotations

from typing import Any

import pytest

from connector.sandbox.ibexa import IbexaSandbox
from tests.sandbox.ibexa.client import ROOT, Api, vendor
from tests.sandbox.ibexa.scenarios import Step, href, tell

Json = Any
ORDER: Json = {
    "OrderUser": {"id": 14, "name": "Administrator", "email": "a@b.invalid"},
    "OrderCurrency": {"id": 1, "code": "EUR"},
    "OrderValue": {"vat": "10", "total_gross": "11", "total_net": "10"},
    "OrderCompany": {"id": 68, "name": "Apple"},
    "source": "local",
    "items": [
        {
            "OrderItem": {
                "OrderItemValue": {"unit_price_gross": "110", "vat_rate": "10"},
                "OrderItemProduct": {"id": 1, "code": "test", "name": "Test"},
                "quantity": 10,
                "context": {"foo": "bar"},
            }
        }
    ],
    "context": {"foo": "bar"},
}
CART = {"CartCreate": {"name": "Default", "currencyCode": "EUR", "context": {"foo": "bar"}}}
ENTRY = {"CartEntryAdd": {"quantity": 1, "Product": {"code": "test"}, "context": {"foo": "bar"}}}
PAYMENT = {"P": {"identifier": "bank_transfer", "type": "offline", "names": {"eng-GB": "Bank Transfer"}}}
LINE = {"BasketLineData": [{"sku": "1000", "quantity": "3", "isVariant": "0", "variantCode": ""}]}


def order(**more: Json) -> Json:
    return {"OrderCreate": {**ORDER, **more}}


def shipment(method: str = "parcel_locker", **more: Json) -> Json:
    return {
        "S": {
            "identifier": "abc",
            "ShippingMethod": href(f"/shipping/methods/{method}"),
            "Amount": {"value": "1922", "currency": "EUR"},
            "Owner": href("/user/users/14"),
            **more,
        }
    }


def segment(identifier: str, group: str = "corporate_accounts") -> Json:
    return {"S": {"identifier": identifier, "name": "Name", "group": group}}


STORIES: dict[str, list[Step]] = {
    "segments and their groups": [
        ("POST", "/segment_groups", {"S": {"identifier": "g", "name": "G"}}, "SegmentGroupCreate", 200, f'"_href":"{ROOT}/segment_groups/g","id":2,"identifier":"g","name":"G"'),
        ("POST", "/segment_groups", {"S": {"identifier": "g", "name": "G"}}, "SegmentGroupCreate", 406, "already exists"),
        ("POST", "/segment_groups", {"S": {"name": "G"}}, "SegmentGroupCreate", 400, "'identifier'"),
        ("POST", "/segments", segment("s", "nosuch"), "SegmentCreate", 404, "SegmentGroup"),
        ("POST", "/segments", segment("s", "g"), "SegmentCreate", 200, '"SegmentGroup":{"_media-type":"application/vnd.ibexa.api.SegmentGroup+json","_href":"/api/ibexa/v2/segment_groups/g"}'),
        ("PATCH", "/segment_groups/g", {"S": {"identifier": "h"}}, "SegmentGroupUpdate", 200, '"identifier":"h","name":"G"'),
        ("GET", "/segments/s", None, None, 200, "/segment_groups/h"),
        ("GET", "/segment_groups/h/segments", None, None, 200, f'"_href":"{ROOT}/segment_groups/h/segments","Segment":[{{'),
        ("GET", "/segment_groups/nosuch/segments", None, None, 404, "SegmentGroup"),
        ("GET", "/segment_groups", None, None, 200, '"SegmentGroup":[{'),
        ("PATCH", "/segments/s", {"S": {"group": "corporate_accounts"}}, "SegmentUpdate", 200, "corporate_accounts"),
        ("GET", "/segment_groups/h/segments", None, None, 200, '"Segment":[]'),
        ("DELETE", "/segment_groups/corporate_accounts", None, None, 204, ""),
        ("GET", "/segments/s", None, None, 404, "Segment"),
    ],
    "users have segments": [
        ("POST", "/segments", segment("s"), "SegmentCreate", 200, ""),
        ("POST", "/user/users/14/segments", {"U": {"segments": ["s", "nosuch"]}}, "UserSegmentAssignInput", 404, "nosuch"),
        ("POST", "/user/users/14/segments", {"U": {"segments": ["s"]}}, "UserSegmentAssignInput", 204, ""),
        ("GET", "/user/users/14/segments", None, None, 200, '"identifier":"s"'),
        ("DELETE", "/user/users/14/segments/s", None, None, 204, ""),
        ("GET", "/user/users/14/segments", None, None, 200, '"Segment":[]'),
        ("GET", "/user/users/999/segments", None, None, 404, ""),
    ],
    "a cart with entries": [
        ("POST", "/cart", {"C": {"name": "x", "currencyCode": "QQQ"}}, "CartCreate", 404, "Currency"),
        ("POST", "/cart", CART, "CartCreate", 200, '"Currency":{"_media-type":"application/vnd.ibexa.api.Currency+json","id":2,"code":"EUR","subunits":2,"enabled":true},"entries":[],"context":{"foo":"bar"}'),
        ("POST", "/cart/1/entry", ENTRY, "CartEntryAdd", 204, ""),
        ("POST", "/cart/1/entry", {"C": {"quantity": 1}}, "CartEntryAdd", 400, "'Product'"),
        ("PATCH", "/cart/1/entry/1", {"C": {"quantity": 7}}, "CartEntryUpdate", 204, ""),
        ("GET", "/cart/1", None, None, 200, '"quantity":7,"Product":{"_media-type":"application/vnd.ibexa.api.Product+json","code":"test"}'),
        ("GET", "/cart/1/summary", None, None, 200, '"CartSummary":{'),
        ("POST", "/cart/1/validate", None, None, 200, '"violations":[]'),
        ("DELETE", "/cart/1/entry/9", None, None, 404, "Entry"),
        ("POST", "/cart/1/entry", ENTRY, "CartEntryAdd", 204, ""),
        ("DELETE", "/cart/1/entry/1", None, None, 204, ""),
        ("POST", "/cart/1/empty", None, None, 204, ""),
        ("PATCH", "/cart/1", {"C": {"name": "Mine"}}, "CartMetadataUpdate", 204, ""),
        ("POST", "/cart/view", {"C": {"identifier": "q", "CartQuery": {"ownerId": 14, "limit": 10}}}, "CartViewInput", 200, '"CartView":{"_media-type":"application/vnd.ibexa.api.CartView+json","identifier":"q","Result":{"_media-type":"application/vnd.ibexa.api.ViewResult+json","count":1,'),
        ("POST", "/cart/view", {"C": {"identifier": "q", "CartQuery": {"ownerId": 10}}}, "CartViewInput", 200, '"count":0'),
        ("POST", "/cart/authorize", None, None, 200, '"value":"'),
        ("DELETE", "/cart/1", None, None, 204, ""),
        ("GET", "/cart/1", None, None, 404, "Cart"),
        ("POST", "/cart", CART, "CartCreate", 200, '"id":2'),
    ],
    "an order goes its way": [
        ("POST", "/orders/orders", order(identifier="o1"), "OrderCreate", 200, '"OrderValue":{"_media-type":"application/vnd.ibexa.api.OrderValue+json","vat":{"amount":"10","currency":"EUR"}'),
        ("POST", "/orders/orders", order(identifier="o1"), "OrderCreate", 406, "already exists"),
        ("POST", "/orders/orders", {"OrderCreate": {}}, "OrderCreate", 400, "'OrderUser'"),
        ("GET", "/orders/order/o1", None, None, 200, '"vat_rate":"10.00"'),
        ("GET", "/orders/order/1", None, None, 200, '"timezone_type":3,"timezone":"UTC"},"status":"pending","source":"local"'),
        ("PATCH", "/orders/order/1", {"O": {"transition": "complete"}}, "OrderUpdate", 406, "not allowed in status 'pending'"),
        ("PATCH", "/orders/order/1", {"O": {"status": "processing", "transition": "process"}}, "OrderUpdate", 200, '"status":"processing"'),
        ("POST", "/orders/order/cancel/1", None, None, 204, ""),
        ("POST", "/orders/order/cancel/1", None, None, 406, "cancelled"),
        ("POST", "/orders/orders", order(), "OrderCreate", 200, '"id":2'),
        ("GET", "/orders/orders?limit=1&offset=1", None, None, 200, '"count":2,"Order":[{"_media-type":"application/vnd.ibexa.api.Order+json","id":2'),
        ("GET", "/orders/order/77", None, None, 404, "Order"),
    ],
    "shipments of an order": [
        ("POST", "/orders/orders", order(identifier="o1"), "OrderCreate", 200, ""),
        ("POST", "/orders/order/o2/shipments", shipment(), "ShipmentCreate", 404, "Order"),
        ("POST", "/orders/order/o1/shipments", shipment("nosuch"), "ShipmentCreate", 404, "ShippingMethod"),
        ("POST", "/orders/order/o1/shipments", shipment(), "ShipmentCreate", 200, '"transitions":{"transitionList":["prepare","cancel"]},"Order":{"_media-type":"application/vnd.ibexa.api.Order+json","_href":"/api/ibexa/v2/orders/order/o1"}'),
        ("GET", "/orders/order/o1/shipments", None, None, 200, '"shipmentRefList":[{"_media-type":"application/vnd.ibexa.api.Shipment+json","_href":"/api/ibexa/v2/shipments/abc"}]'),
        ("PATCH", "/shipments/abc", {"S": {"identifier": "new", "transition": "deliver"}}, "ShipmentUpdate", 406, "not allowed"),
        ("PATCH", "/shipments/abc", {"S": {"identifier": "new", "transition": "prepare"}}, "ShipmentUpdate", 200, '"identifier":"new","status":"prepared","transitions":{"transitionList":["send-to-carrier","cancel"]}'),
        ("GET", "/shipments", None, None, 200, "/shipments/new"),
        ("DELETE", "/shipments/new", None, None, 204, ""),
        ("GET", "/shipments/new", None, None, 404, "Shipment"),
    ],
    "payment and shipping methods": [
        ("POST", "/payment-method", PAYMENT, "PaymentMethodCreateStruct", 200, '"identifier":"bank_transfer","id":1,"enabled":true,"name":"Bank Transfer","description":""'),
        ("PATCH", "/payment-method/bank_transfer", {"P": {"names": {"eng-GB": "New"}}}, "PaymentMethodUpdateStruct", 200, '"name":"New"'),
        ("GET", "/payment-method/1", None, None, 200, '"name":"New"'),
        ("POST", "/payment-method/view", {"P": {"identifier": "q", "PaymentMethodQuery": {"limit": 0}}}, "PaymentMethodViewInput", 200, '"count":1,"PaymentMethodList":[]'),
        ("DELETE", "/payment-method/bank_transfer", None, None, 204, ""),
        ("GET", "/payment-method/bank_transfer", None, None, 404, "PaymentMethod"),
        ("GET", "/shipping/methods", None, None, 200, '"ShippingMethodRefs":[{'),
        ("GET", "/shipping/methods/parcel_locker", None, None, 200, '"type":{"_media-type":"application/vnd.ibexa.api.ShippingMethodType+json","_href":"/api/ibexa/v2/shipping/method-types/free"}'),
        ("GET", "/shipping/method-types", None, None, 200, '"ShippingMethodTypes":[{'),
        ("GET", "/shipping/method-types/free", None, None, 200, '"name":"Free shipping"'),
    ],
    "baskets": [
        ("POST", "/commerce/basket/current/line", LINE, "BasketLineData", 200, '"lines":[{"id":1,"sku":"1000","quantity":"3"'),
        ("PATCH", "/commerce/basket/current/remark", {"B": {"value": "soon"}}, "BasketHeaderData", 204, ""),
        ("PATCH", "/commerce/basket/current/paymentmethod", {"P": {"paymentMethod": "invoice"}}, "PaymentMethodData", 200, '"paymentMethod":"invoice"'),
        ("PATCH", "/commerce/basket/current/party/buyer", {"P": {"PartyName": []}}, "PartyData", 200, '"parties":{"buyer":{"PartyName":[]}}'),
        ("POST", "/commerce/basket/mine", None, None, 200, '"id":2,"name":"mine"'),
        ("POST", "/commerce/basket/mine", None, None, 400, '"_error":["msg.duplicate_basket_name_not_allowed"]'),
        ("GET", "/commerce/basket", None, None, 200, '"basketList":[{"_media-type":"application/vnd.ibexa.api.Basket+json","id":2'),
        ("PATCH", "/commerce/basket/2/note", {"B": {"value": "n"}}, "BasketHeaderData", 200, '"note":"n"'),
        ("DELETE", "/commerce/basket/2/line/1", None, None, 200, '"lines":[]'),
        ("COPY", "/commerce/basket/current/2", None, None, 200, '"note":"n"'),
        ("GET", "/commerce/basket/current", None, None, 200, '"lines":[]'),
        ("DELETE", "/commerce/basket/2", None, None, 200, ""),
        ("GET", "/commerce/basket/2", None, None, 404, "Basket"),
        ("GET", "/commerce/checkout/paymentmethods", None, None, 200, '"defaultMethod":"invoice"'),
        ("POST", "/commerce/customerprice", {"P": {"x": []}}, "CustomerPriceData", 200, '"priceResponse":{'),
        ("GET", "/corporate", None, None, 200, '"_rel":"ca-companies","_href":"/api/ibexa/v2/corporate/companies"'),
    ],
}  # fmt: skip


@pytest.mark.parametrize("title", STORIES)
def test_story(api: Api, title: str) -> None:
    tell(api, STORIES[title])


def test_the_calendar_lists_pages_groups_and_unschedules(api: Api, sandbox: IbexaSandbox) -> None:
    for number, day in (
        (1, "2026-01-01T08:00:00+00:00"),
        (2, "2026-01-01T09:00:00+00:00"),
        (3, "2026-01-02T08:00:00+00:00"),
    ):
        event = {
            "identifier": f"future_publication:{number}",
            "type": "future_publication",
            "date": day,
            "name": "N",
            "languages": "eng-GB",
        }
        sandbox.repository.documents.add("calendar_event", event)
    listed = api.send("GET", "/calendar/event?types=future_publication&count=2").json()["EventList"]
    assert (listed["totalCount"], [each["id"] for each in listed["events"]]) == (
        3,
        ["future_publication:1", "future_publication:2"],
    )
    assert listed["_currentPage"] == f"{ROOT}/calendar/event?types=future_publication&count=2"
    assert api.send("GET", "/calendar/event?types=future_hide").json()["EventList"]["events"] == []
    groups = api.send("GET", "/calendar/event/grouped-by-day").json()["EventGroupList"]["groups"]
    assert [each["totalCount"] for each in groups] == [2, 1]
    body = {"U": {"events": ["future_publication:2"]}}
    action = "calendar.future_publication.UnscheduleAction"
    assert api.send("POST", "/calendar/event/future_publication", body, action).status_code == 204
    assert api.send("GET", "/calendar/event").json()["EventList"]["totalCount"] == 2
    assert api.send("POST", "/calendar/event/nosuch", body, action).status_code == 404


def test_anonymous_shoppers_have_carts_and_nothing_else(api: Api) -> None:
    assert api.send("POST", "/cart", CART, "CartCreate", Authorization="").status_code == 200
    assert api.send("GET", "/commerce/basket/current", Authorization="").status_code == 200
    for path in ("/orders/orders", "/segments/s", "/shipments", "/payment-method/1", "/shipping/methods"):
        assert api.send("GET", path, Authorization="").status_code == 401, path


def test_a_reset_forgets_all_documents(api: Api, sandbox: IbexaSandbox) -> None:
    api.send("POST", "/cart", CART, "CartCreate")
    sandbox.reset()
    assert api.send("GET", "/cart/1").status_code == 404
    assert api.send("GET", "/segment_groups/corporate_accounts", Accept=vendor("SegmentGroup")).status_code == 200
