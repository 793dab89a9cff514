"""A listing that changes while it is read, by the command line into an Ibexa: nothing is missed, nothing sent twice."""

from __future__ import annotations

import json
from typing import Any

import pytest

from connector.sandbox.http import Request
from connector.sandbox.ibexa import IbexaSandbox
from tests.faults.project import ThingsProject
from tests.integration.clients.scripted import Scripted, js

READ: dict[str, dict[str, Any]] = {
    "overlap": {"pagination": {"type": "offset", "limit": 5, "overlap": 1}, "total": "total"},
    "keyset": {"pagination": {"type": "keyset", "by": "n", "key_param": "after", "limit": 5}},
    "post": {
        "method": "POST",
        "body": {"sort": "n", "search": [{"gt": -1}]},
        "pagination": {
            "type": "keyset", "by": "n", "key_param": "/search/0/gt", "limit_param": "/limit", "limit": 5,
        },
    },
}  # fmt: skip


class Moving:
    """Twenty rows; the first three go before the third page is given, and the third changes after it was read."""

    def __init__(self) -> None:
        self.rows: list[Any] = [{"key": f"{n}", "n": n, "value": f"thing {n}"} for n in range(20)]
        self.asked: list[Request] = []

    def __call__(self, request: Request) -> Any:
        self.asked.append(request)
        if len(self.asked) == 3:
            self.rows[4]["value"] = "changed meanwhile"
            del self.rows[:3]
        body = json.loads(request.body or b"{}")
        query = dict(request.query)
        limit, start = int(query.get("limit", body.get("limit", 0))), int(query.get("offset", 0))
        after = int(query.get("after", body["search"][0]["gt"] if body else -1))
        found = [row for row in self.rows if row["n"] > after]
        return js({"items": found[start : start + limit], "total": len(self.rows)})


@pytest.mark.parametrize("kind", READ)
def test_a_listing_that_moves_is_read_whole_and_each_of_it_sent_once(
    kind: str, project: ThingsProject, sandbox: IbexaSandbox
) -> None:
    source = Moving()
    with Scripted(source) as pim:
        folder = project.root / "configs"
        (folder / "clients/pim.json").write_text(json.dumps({"type": "http", "base_url": pim.url}), encoding="utf-8")
        declared = {"type": "http", "client": "pim", "endpoint": "/things", "records": "items", "key": "key"}
        (folder / "incoming/things.json").write_text(json.dumps({**declared, **READ[kind]}), encoding="utf-8")
        assert json.loads(project.run("validate", "--json").stdout)["problems"] == []
        done = project.run("run", "things", "--json")
        [report] = json.loads(done.stdout)
        again = json.loads(project.run("run", "things", "--json").stdout)[0]
        told = project.run("explain", "things").stdout
    assert (done.returncode, report["counts"]["read"], report["counts"]["failed"]) == (0, 20, 0)
    assert report["counts"]["read_again"] == (1 if kind == "overlap" else 0)
    assert {name: item["creates"] for name, item in sandbox.book.snapshot()["items"].items()} == {
        f"t-{n}": 1 for n in range(20)
    }
    assert (again["counts"]["read"], again["counts"]["finished"]) == (17, 1), "what changed meanwhile"
    assert {"overlap": "Offset and limit", "keyset": "Value of the last record", "post": "POST"}[kind] in told


def test_the_run_says_in_words_that_the_listing_moved(project: ThingsProject) -> None:
    with Scripted(Moving()) as pim:
        folder = project.root / "configs"
        (folder / "clients/pim.json").write_text(json.dumps({"type": "http", "base_url": pim.url}), encoding="utf-8")
        declared = {"type": "http", "client": "pim", "endpoint": "/things", "records": "items", "key": "key"}
        (folder / "incoming/things.json").write_text(json.dumps({**declared, **READ["overlap"]}), encoding="utf-8")
        assert "the listing moved while it was read: 1 page was read again" in project.run("run", "things").stdout
