"""What somebody would write by hand: kept-alive requests sessions in threads, the same mapping, the same requests."""

from __future__ import annotations

import json
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import jmespath
import requests

from connector.systems.ibexa.fields.docbook import from_tree
from connector.systems.ibexa.fields.html import parse_html

MEDIA = "application/vnd.ibexa.api."
MAP = jmespath.compile("{sku: sku, name: values.name.en_GB, short: values.short, text: values.text}")
LOCAL = threading.local()


def main() -> None:
    base = os.environ["IBEXA_BASE_URL"] + "/api/ibexa/v2"
    login = {"JWTInput": {"username": "admin", "password": os.environ["IBEXA_PASSWORD"]}}
    headers = {"Content-Type": f"{MEDIA}JWTInput+json", "Accept": f"{MEDIA}JWT+json"}
    answer = requests.post(f"{base}/user/token/jwt", data=json.dumps(login), headers=headers, timeout=60)
    token = answer.json()["JWT"]["token"]

    def session() -> requests.Session:
        if not hasattr(LOCAL, "session"):
            LOCAL.session = requests.Session()
            LOCAL.session.headers["Authorization"] = f"Bearer {token}"
        found: requests.Session = LOCAL.session
        return found

    def put(line: str) -> None:
        product = MAP.search(json.loads(line))
        remote_id = f"b-{product['sku']}"
        accept = {"Accept": f"{MEDIA}Content+json"}
        found = session().get(f"{base}/content/objects", params={"remoteId": remote_id}, headers=accept, timeout=60)
        assert found.status_code == 404, found.status_code
        values = {"name": product["name"], "short_name": product["short"].upper()}
        fields: list[dict[str, Any]] = [
            {"fieldDefinitionIdentifier": name, "languageCode": "eng-GB", "fieldValue": value}
            for name, value in values.items()
        ]
        text = {"xml": from_tree(parse_html(product["text"]))}
        fields.append({"fieldDefinitionIdentifier": "description", "languageCode": "eng-GB", "fieldValue": text})
        body = {
            "ContentCreate": {
                "ContentType": {"_href": "/api/ibexa/v2/content/types/1"},
                "mainLanguageCode": "eng-GB",
                "LocationCreate": {
                    "ParentLocation": {"_href": "/api/ibexa/v2/content/locations/1/2"},
                    "sortField": "PATH",
                    "sortOrder": "ASC",
                },
                "remoteId": remote_id,
                "fields": {"field": fields},
            }
        }
        sent = {**accept, "Content-Type": f"{MEDIA}ContentCreate+json"}
        created = session().post(f"{base}/content/objects", data=json.dumps(body), headers=sent, timeout=60)
        created.raise_for_status()
        href = created.headers["Location"].rpartition("/")[2]
        publish = {**accept, "X-HTTP-Method-Override": "PUBLISH"}
        session().post(f"{base}/content/objects/{href}/versions/1", headers=publish, timeout=60).raise_for_status()

    with ThreadPoolExecutor(int(sys.argv[1])) as pool, Path("products.ndjson").open(encoding="utf-8") as lines:
        print(sum(1 for _ in pool.map(put, lines)), "sent")


if __name__ == "__main__":
    main()
