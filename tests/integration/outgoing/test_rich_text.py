"""Rich text over a real socket: links and pictures by remote id, what is compared, and what is told as lost."""

from __future__ import annotations

from typing import Any

import pytest

from connector.core.model import Message
from connector.core.outcome import Done, Refused, Skipped, Waits
from connector.store import Store, causes
from tests.integration.outgoing.shop import Shop
from tests.integration.outgoing.test_order import run

HTML = (
    '<h2>T</h2><p>a <a href="ezremote://other">b</a> <code>c</code></p><img src="ezremote://other">'
    '<table><thead><tr><th colspan="2">h</th></tr></thead><tr><td>x</td><td rowspan="2">y</td></tr></table>'
    "<pre>x\n  y</pre><ul><li>a<ul><li>b</li></ul></li></ul>"
)


def held(shop: Shop, outcome: Any) -> str:
    return str(shop.held(outcome.target_id).version.fields["eng-GB"]["body"]["xml"])


@pytest.mark.parametrize("form", ["html", "markdown"])
def test_a_link_and_a_picture_by_remote_id_lead_to_that_content(shop: Shop, form: str) -> None:
    other = shop.put("other")
    assert isinstance(other, Done)
    texts = {"html": HTML, "markdown": "a [b](ezremote://other)\n\n![p](ezremote://other)"}
    outcome = shop.put(body={form: texts[form]})
    assert isinstance(outcome, Done)
    assert "left" not in outcome.detail
    text = held(shop, outcome)
    assert f'<link xlink:href="ezcontent://{other.target_id}"' in text
    assert f'<ezembed xlink:href="ezcontent://{other.target_id}"' in text
    found = shop.call("relation.list", contentId=int(outcome.target_id), versionNo=1)
    kinds = sorted(one["RelationType"] for one in found["Relations"]["Relation"])
    assert kinds == ["EMBED", "LINK"]


def test_an_unchanged_text_writes_nothing_and_a_changed_one_one_version(shop: Shop) -> None:
    shop.put("other")
    shop.put(body={"html": HTML})
    shop.sandbox.book.reset()
    assert isinstance(shop.put(body={"html": HTML}), Skipped)
    assert isinstance(shop.put(body={"html": HTML.replace("><", ">\n<")}), Skipped)
    assert shop.writes == {}
    for old, new in (('colspan="2"', ""), ('rowspan="2"', 'rowspan="3"'), ("  y", " y"), ("<li>b", "<li>c")):
        assert isinstance(shop.put(body={"html": HTML.replace(old, new)}), Done), old
    assert shop.writes["content_version.publish"] == 4


def test_a_text_waits_for_what_it_leads_to_and_arrives_in_the_same_run(shop: Shop, store: Store) -> None:
    rows: list[tuple[str, Any]] = [
        ("a", {"remote_id": "a", "fields": {"name": "a", "body": {"html": '<p><a href="ezremote://b">x</a></p>'}}}),
        ("b", {"remote_id": "b", "fields": {"name": "b", "body": {"markdown": "![x](ezremote://a)"}}}),
    ]
    alone = shop.send(shop.upsert, rows[0][1])
    assert isinstance(alone, Waits)
    assert alone.needs == "b"
    result = run(shop, store, rows)
    assert (result.counts["finished"], result.counts["failed"], result.counts["waiting"]) == (2, 0, 0)
    assert causes.failures(store) == []
    assert shop.is_sound()


def test_what_texts_lead_to_is_looked_up_together(shop: Shop, store: Store) -> None:
    for number in range(30):
        shop.put(f"c{number}")
    fresh = shop.outgoing("content", "upsert", payload=shop.upsert._defaults["payload"])
    shop.upsert = fresh  # one that knows nothing yet
    text = "".join(f'<p><a href="ezremote://c{number}">x</a></p>' for number in range(30))
    rows: list[tuple[str, Any]] = [("t", {"remote_id": "t", "fields": {"name": "t", "body": {"html": text}}})]
    shop.sandbox.book.reset()
    assert run(shop, store, rows).counts["finished"] == 1
    asked = shop.book["requests"]["by_op"]
    assert (asked["content.search"], asked.get("content.find", 0)) == (1, 0)


def test_what_a_text_loses_is_told_and_counted(shop: Shop, store: Store) -> None:
    body = {
        "html": '<p>a <a href="page.html">b</a></p><hr><hr><img src="a.png"><iframe src="https://v.example/1"></iframe>'
    }
    told = (
        "body (eng-GB): no form for: 2 x a horizontal line, a link to page.html, a picture from a.png, "
        "<iframe> from https://v.example/1"
    )
    outcome = shop.put(body=body)
    assert isinstance(outcome, Done)
    assert outcome.detail["left"] == [told]
    again = shop.put(body=body)
    assert isinstance(again, Skipped)
    assert again.detail["left"] == [told]
    payload = {"remote_id": "u", "fields": {"name": "u", "body": {"html": "<hr>"}}}
    result = run(shop, store, [("u", payload)])
    assert (result.counts["finished"], result.counts["left_alone"]) == (1, 1)


def test_many_different_things_are_counted(shop: Shop) -> None:
    outcome = shop.put(body={"html": "".join(f'<img src="{number}.png">' for number in range(9))})
    assert isinstance(outcome, Done)
    [told] = outcome.detail["left"]
    assert told.endswith("a picture from 4.png and 4 more")


def test_a_preview_tells_what_a_text_loses_and_asks_nobody(shop: Shop) -> None:
    translations = {"nor-NO": {"body": {"markdown": "a\n\n---\n"}}}
    payload = {"remote_id": "t-1", "fields": {"name": "A", "body": {"html": HTML}}, "translations": translations}
    shop.sandbox.book.reset()
    told = shop.upsert.foresee(shop.upsert.prepare(Message(payload=payload)))
    assert told == "body (nor-NO): no form for: a horizontal line"
    others: list[tuple[str, dict[str, Any], str]] = [
        ("update_only", {"fields": {"body": {"html": "<hr>"}}}, "its main language"),
        ("translate", {"language": "nor-NO", "fields": {"body": {"html": "<hr>"}}}, "nor-NO"),
    ]
    for action, payload, place in others:
        outgoing = shop.outgoing("content", action)
        told = outgoing.foresee(outgoing.prepare(Message(payload={"remote_id": "t-1", **payload})))
        assert told == f"body ({place}): no form for: a horizontal line"
    assert shop.book["requests"]["by_op"] == {}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('<a href="ezcontent://999999">x</a>', "ezcontent://999999"),
        ('<a href="ezlocation://999999#a">x</a>', "ezlocation://999999"),
        ('<img src="ezcontent://999999">', "ezcontent://999999"),
        (f'<a href="ezcontent://{2**40}">x</a>', f"ezcontent://{2**40}"),
    ],
)
def test_an_id_that_leads_to_nothing_is_refused_before_anything_is_written(shop: Shop, text: str, what: str) -> None:
    assert isinstance(shop.put(), Done)
    shop.sandbox.book.reset()
    outcome = shop.put(body={"html": f"<p>{text}</p>"})
    assert isinstance(outcome, Refused)
    assert outcome.problem.code == "IBX470"
    assert f"thing.body leads to {what}, which is not in Ibexa" in outcome.problem.message
    assert outcome.problem.place is not None
    assert outcome.problem.place.pointer == "/payload/fields/body"
    assert shop.writes == {}


def test_an_id_that_is_there_is_asked_for_once(shop: Shop) -> None:
    other = shop.put("other")
    assert isinstance(other, Done)
    place = shop.sandbox.repository.locations[shop.held(other.target_id).main_location].id
    links = f'<a href="ezcontent://{other.target_id}">x</a> <a href="ezlocation://{place}">x</a>'
    body = {"html": f'<p>{links} <a href="ezlocation://1">top</a></p>'}
    shop.sandbox.book.reset()
    assert isinstance(shop.put("one", body=body), Done)
    assert isinstance(shop.put("two", body=body), Done)
    assert shop.book["requests"]["by_op"]["location.find"] == 1
