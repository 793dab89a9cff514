"""A secret that is an ordinary word: masked wherever it stands by itself or encoded, left alone inside of names."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote

import pytest

from connector.core.secrets import MASK, Redactor, is_ordinary

KNOWN = Redactor()
KNOWN.add("publish")
KNOWN.add_pair("admin", "publish")

NAMES = [
    "content_type.publish_draft",
    "content_version.publish",
    "publish-type.json",
    "configs/routes/publish.json:4:2",
    "transformers/re-publish.jmespath",
    "publishes",
    "unpublished",
    "publish_2",
    "/content/types/5/publish/draft",
    "payload.fields.publish",
    "PublishedVersion",
    '"action": "publish"',
    '{"entity": "x", "operation":"publish"}',
]
TOLD = [
    "password=publish",
    "password: publish",
    'the password "publish" is wrong',
    "the password 'publish' is wrong.",
    "it is publish.",
    "publish",
    "no, publish!",
    "https://admin:publish@shop.example",
    "https://shop.example/?key=publish&x=1",
    "https://shop.example/?x=1&key=publish#top",
    "a=1;token=publish;b",
    "<password>publish</password>",
    '{"password": "publish"}',
    '{"action": "publish it"}',
    '{"transaction": "publish"}',
    "action=publish",
    '["publish"]',
    "x%20publish%20y",
    "x%3Dpublish%26y",
    "x%3dpublish",
    '{"text": "one\\npublish\\ntwo"}',
    '{"text": "key\\u003dpublish\\u0026x"}',
    "&quot;publish&quot;",
    "a\tpublish\tb",
    base64.b64encode(b"publish").decode(),
    base64.b64encode(b"admin:publish").decode(),
    base64.b64encode(b"x=1&key=publish&y=2").decode(),
    b"publish".hex(),
    f"x{b'publish'.hex()}y",
    json.dumps({"a": ["publish", {"b": "publish"}]}),
]


@pytest.mark.parametrize("text", NAMES)
def test_a_name_that_the_word_is_a_part_of_stays_whole(text: str) -> None:
    assert KNOWN.clean(text) == text


@pytest.mark.parametrize("text", TOLD)
def test_a_value_that_is_the_word_is_masked(text: str) -> None:
    cleaned = KNOWN.clean(text)
    assert MASK in cleaned
    rest = cleaned.replace('"action"', "").replace('"transaction"', "")
    assert not any(one in rest for one in ("publish", "cHVibGlza", "B1Ymxpc2", "wdWJsaXNo", b"publish".hex()))


def test_in_json_the_key_tells_a_name_from_a_value() -> None:
    told = {"action": "publish", "password": "publish", "list": ["publish"], "operation": "content_version.publish"}
    masked = {"action": "publish", "password": MASK, "list": [MASK], "operation": "content_version.publish"}
    assert KNOWN.clean_json(told) == masked
    assert json.loads(KNOWN.clean(json.dumps(told, indent=2))) == masked


@pytest.mark.parametrize("secret", ["published", "publish7", "pubLish", "pub-lis", "47112", "cnr7x", "p_ubl"])
def test_any_other_secret_is_masked_inside_of_names_too(secret: str) -> None:
    known = Redactor()
    known.add(secret)
    text = f'a.{secret}_b x{secret}y /{secret}/ {{"action": "{secret}"}} {quote(secret)}'
    assert secret not in known.clean(text)
    assert known.clean_json({"action": secret}) == {"action": MASK}


@pytest.mark.parametrize(
    ("text", "ordinary"),
    [
        ("publish", True),
        ("Summer", True),
        ("ADMIN", True),
        ("æøåæ", True),
        ("abc", False),
        ("password", False),
        ("sUmmer", False),
        ("summer1", False),
        ("1234", False),
        ("a b c", False),
    ],
)
def test_what_counts_as_ordinary(text: str, ordinary: bool) -> None:
    assert is_ordinary(text) is ordinary


def test_one_strong_secret_beside_it_is_masked_as_ever() -> None:
    known = Redactor()
    for one in ("publish", "xpublishx-4711"):
        known.add(one)
    assert known.clean("axpublishx-4711b") == f"a{MASK}b"
    assert known.clean("re-publish publish") == f"re-publish {MASK}"
