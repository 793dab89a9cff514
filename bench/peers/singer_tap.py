"""singer-sdk: a tap over the listing, as its own guide writes one."""

import os

from singer_sdk import RESTStream, Tap
from singer_sdk import typing as th
from singer_sdk.pagination import BaseHATEOASPaginator


class Links(BaseHATEOASPaginator):
    def get_next_url(self, response):
        return response.json()["next"]


class Products(RESTStream):
    name = "products"
    path = "/products"
    primary_keys = ("sku",)
    replication_key = None
    records_jsonpath = "$.items[*]"
    schema = th.PropertiesList(
        th.Property("sku", th.StringType, required=True),
        th.Property("updated", th.DateTimeType),
        th.Property(
            "values",
            th.ObjectType(
                th.Property("name", th.ObjectType(th.Property("en_GB", th.StringType))),
                th.Property("short", th.StringType),
                th.Property("text", th.StringType),
            ),
        ),
    ).to_dict()

    @property
    def url_base(self):
        return os.environ["SOURCE_BASE_URL"]

    def get_new_paginator(self):
        return Links()

    def get_url_params(self, context, next_page_token):
        return {"start": next_page_token.query.rpartition("=")[2]} if next_page_token else {"limit": 100}


class BenchTap(Tap):
    name = "tap-bench"
    config_jsonschema = th.PropertiesList().to_dict()

    def discover_streams(self):
        return [Products(self)]


if __name__ == "__main__":
    BenchTap.cli()
