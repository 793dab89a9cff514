"""How the PIM answers: token, pages, changes and faults."""

from __future__ import annotations

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest

from connector.sandbox.pim import PimSandbox
from tests.sandbox.pim.conftest import Reader


@pytest.mark.parametrize("token", ["", "wrong", "demo-pim-tokeñ"])
@pytest.mark.parametrize(
    "path", ["/products", "/api/products", "/api/products/SL-0001", "/api/categories", "/api/nothing"]
)
def test_the_api_wants_the_token(reader: Reader, path: str, token: str) -> None:
    answer = reader.get(path, token=token)
    assert answer.status_code == answer.json()["code"] == 401


def test_a_project_of_init_finds_what_it_asks_for_by_itself(reader: Reader) -> None:
    listed = reader.get("/products").json()
    assert len({one["id"] for one in listed}) == len(listed) > 480
    assert all(one["name"] and one["description"] for one in listed)


@pytest.mark.parametrize("limit", [7, 50, 100])
def test_paging_shows_every_product_once_and_the_duplicate_twice(reader: Reader, limit: int) -> None:
    counted = Counter(one["identifier"] for page in reader.pages(limit=limit) for one in page)
    assert (len(counted), [name for name, times in counted.items() if times > 1]) == (499, ["SL-0013"])
    assert counted.total() == 500


def test_a_full_page_has_a_next_link_so_the_last_one_may_be_empty(reader: Reader) -> None:
    assert [len(page) for page in reader.pages(limit=100)] == [100] * 5 + [0]
    assert len(reader.pages(limit=99)[-1]) == 5


def test_links_are_absolute_and_ten_is_the_default(reader: Reader) -> None:
    answer = reader.get("/api/products").json()
    assert len(answer["_embedded"]["items"]) == 10
    assert all(link["href"].startswith(f"{reader.url}/api/products?") for link in answer["_links"].values())
    second = reader.get(answer["_links"]["next"]["href"]).json()
    assert reader.get(second["_links"]["first"]["href"]).json() == answer
    assert reader.get(second["_links"]["self"]["href"]).json() == second


@pytest.mark.parametrize(
    "query", [{"limit": 101}, {"limit": 0}, {"limit": "x"}, {"search_after": "-1"}, {"updated_since": "yesterday"}]
)
def test_a_bad_question_is_422(reader: Reader, query: dict[str, str]) -> None:
    answer = reader.get("/api/products", **query)
    assert answer.status_code == answer.json()["code"] == 422


def test_one_product_alone_is_the_one_of_the_list(reader: Reader) -> None:
    listed = reader.get("/api/products", limit=1).json()["_embedded"]["items"][0]
    assert reader.get(f"/api/products/{listed['identifier']}").json() == listed
    assert reader.get("/api/products/NO-0000").status_code == 404


def test_unknown_paths_and_methods_are_told_apart(reader: Reader) -> None:
    assert reader.get("/nothing").status_code == 404
    assert reader.get("/media/nothing.png").status_code == 404
    assert reader.get("/_pim/change").status_code == 405


def test_only_what_was_updated_since_comes_in_full_pages(pim: PimSandbox, reader: Reader) -> None:
    changed = pim.change(7)
    pages = reader.pages(limit=3, updated_since="2026-03-01T00:00:00Z")
    assert [len(page) for page in pages] == [3, 3, 1]
    assert {one["identifier"] for page in pages for one in page} == set(changed)


def test_updated_since_includes_the_moment_itself_in_any_zone(pim: PimSandbox, reader: Reader) -> None:
    name = pim.change(1)[0]
    moment = reader.get(f"/api/products/{name}").json()["updated"]
    in_oslo = datetime.fromisoformat(moment).replace(tzinfo=None).isoformat().replace("T13", "T14") + "+01:00"
    for since in (moment, moment.replace("+00:00", "Z"), in_oslo):
        assert [one["identifier"] for one in reader.products(updated_since=since)] == [name]


def test_a_change_touches_price_short_description_and_time_only(pim: PimSandbox, reader: Reader) -> None:
    before = {one["identifier"]: one for one in reader.products()}
    changed = reader.post("/_pim/change", {"count": 7}).json()["changed"]
    after = {one["identifier"]: one for one in reader.products()}
    assert len(set(changed)) == 7
    assert {name for name in before if before[name] != after[name]} == set(changed)
    for name in changed:
        old, new = before[name], after[name]
        assert old["enabled"]
        assert name not in pim.catalogue.broken
        assert old["updated"] < new["updated"]
        differing = {what for what in old["values"] if old["values"][what] != new["values"][what]}
        assert differing == {"price", "short_description"}
        assert old["values"]["short_description"]["nb_NO"] == new["values"]["short_description"]["nb_NO"]


def test_the_same_changes_after_a_reset_are_the_same(pim: PimSandbox, reader: Reader) -> None:
    shipped = reader.products()
    first = [pim.change(7), pim.change(3), [pim.disable()]]
    states = reader.products()
    assert reader.post("/_pim/reset").ok
    assert reader.products() == shipped
    assert [pim.change(7), pim.change(3), [pim.disable()]] == first
    assert reader.products() == states


def test_fifty_changes_give_as_many_products_as_asked_and_real_times(pim: PimSandbox, reader: Reader) -> None:
    for _ in range(50):
        assert len(set(pim.change(40))) == 40
    for one in reader.products():
        datetime.fromisoformat(one["updated"])
    assert len(pim.change(10_000)) == 487


def test_disable_takes_one_clean_product_or_the_one_named(pim: PimSandbox, reader: Reader) -> None:
    chosen = reader.post("/_pim/disable").json()["disabled"]
    assert chosen not in pim.catalogue.broken
    assert reader.post("/_pim/disable", {"identifier": "SL-0001"}).json() == {"disabled": "SL-0001"}
    for name in (chosen, "SL-0001"):
        assert reader.get(f"/api/products/{name}").json()["enabled"] is False
    for name in ("SL-0001", "MU-0041", "NO-0000"):  # disabled already, broken, unknown
        assert reader.post("/_pim/disable", {"identifier": name}).status_code == 404


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/_pim/change", {"count": -1}),
        ("/_pim/change", {"count": "7"}),
        ("/_pim/change", [7]),
        ("/_pim/faults", {"page": 1}),
        ("/_pim/faults", ["500"]),
        ("/_pim/faults", [{"page": 1, "do": "explode"}]),
    ],
)
def test_the_back_door_refuses_what_it_does_not_understand(reader: Reader, path: str, body: object) -> None:
    assert reader.post(path, body).status_code == 422
    assert len(reader.products()) == 500


def test_a_body_that_is_no_json_is_422(reader: Reader) -> None:
    assert reader.session.post(f"{reader.url}/_pim/change", data=b"{", timeout=10).status_code == 422


def test_a_page_fails_as_often_as_told_and_no_other(reader: Reader) -> None:
    assert reader.post("/_pim/faults", [{"page": 2, "do": "500", "times": 2}]).ok
    seen = [reader.get("/api/products", search_after=start).status_code for start in (0, 10, 20, 10, 10)]
    assert seen == [200, 500, 200, 500, 200]


def test_faults_that_look_like_answers(pim: PimSandbox, reader: Reader) -> None:
    pim.fault(1, "html")
    assert reader.get("/api/products").headers["Content-Type"] == "text/html"
    pim.fault(1, "truncate")
    with pytest.raises(json.JSONDecodeError):
        json.loads(reader.get("/api/products").text)
    pim.fault(1, "empty_page")
    answer = reader.get("/api/products").json()
    assert answer["_embedded"]["items"] == []
    assert "next" in answer["_links"]
    pim.fault(2, "same_page")
    links = reader.get("/api/products", search_after=10).json()["_links"]
    assert links["next"] == links["self"]


def test_reset_and_an_empty_list_end_the_faults(pim: PimSandbox, reader: Reader) -> None:
    pim.fault(1, "500", times=9)
    reader.post("/_pim/faults", [])
    assert reader.get("/api/products").ok
    pim.fault(1, "500", times=9)
    pim.reset()
    assert reader.get("/api/products").ok


def test_an_unknown_fault_is_refused_with_those_there_are(pim: PimSandbox) -> None:
    with pytest.raises(ValueError, match="same_page"):
        pim.fault(1, "explode")


def test_extra_products_follow_the_shipped_ones(reader: Reader) -> None:
    with PimSandbox(extra=250) as large:
        products = Reader(large.url, reader.session).products()
        assert len(products) == 750
        assert len({one["identifier"] for one in products}) == 749
        last = products[-1]
        other = Reader(large.url, reader.session)
        assert other.get(f"/api/products/{last['identifier']}").json() == last
        assert other.get("/api/products/XX-0000250").status_code == 404
        assert len(other.products(updated_since="2026-03-01")) == 0


def test_health_needs_no_token(reader: Reader) -> None:
    assert reader.get("/_pim/health", token="").json() == {"ok": True}


def test_changes_from_many_threads_all_count(pim: PimSandbox, reader: Reader) -> None:
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: pim.change(5), range(40)))
        reading = list(pool.map(lambda _: len(pim.catalogue.page(0, 500)), range(20)))
    assert [len(one) for one in told] == [5] * 40
    assert set(reading) == {500}
    touched = {name for one in told for name in one}
    assert {one["identifier"] for one in reader.products(updated_since="2026-03-01T12:00:00Z")} == touched
