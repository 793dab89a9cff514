"""Field types: what a mapping naturally yields becomes what REST takes; what is impossible is refused in words."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from connector.core.errors import RecordError
from connector.systems.ibexa.assets import Assets
from connector.systems.ibexa.fields import CODECS, Context, NotThereYet, codec_of, is_emptied
from connector.systems.ibexa.fields.docbook import from_text, from_tree
from connector.systems.ibexa.fields.documents import same_document
from connector.systems.ibexa.fields.html import parse_html
from connector.systems.ibexa.types import NEW, OLD, FieldDefinition, own_name, server_name, version_of
from tests.unit.ibexa.test_type_documents import NAMES


class Known:
    """A gateway that knows one item."""

    def content_id(self, remote_id: str) -> int | None:
        return 61 if remote_id == "there" else None

    def has_content(self, number: int) -> bool:
        return number < 1000

    def has_location(self, number: int) -> bool:
        return number < 1000

    def countries(self) -> dict[str, str]:
        return {"norway": "NO", "no": "NO", "nor": "NO", "germany": "DE", "de": "DE"}

    def location_path(self, remote_id: str) -> str | None:
        return "1/2/99" if remote_id == "there" else None


def encode(kind: str, value: Any, **definition: Any) -> Any:
    field = FieldDefinition("f", kind, **definition)
    context = Context("product", field, Known(), Assets(Path()))
    return codec_of(kind).encode(value, context)


LONG = {"validators": {"StringLengthValidator": {"maxStringLength": 5}}}
OPTIONS = {"settings": {"options": ["Red", "Blå", "green"], "isMultiple": True}}
COLUMNS = {"settings": {"columns": [{"identifier": "name"}, {"identifier": "value"}]}}
GAPS = {"settings": {"options": {"0": "Red", "2": "green"}, "isMultiple": True}}
NUMBERS = {"settings": {"options": ["1", "2", "3", "4.5", "red"], "isMultiple": True}}
NEW_ONLY = {"settings": {"isISBN13": True}}
ONE_OPTION = {"settings": {"options": ["Red"], "isMultiple": False}}


@pytest.mark.parametrize(
    ("kind", "value", "wanted"),
    [
        ("string", 5, "5"),
        ("string", True, "true"),
        ("text", "a\nb 🌲", "a\nb 🌲"),
        ("integer", "42", 42),
        ("integer", 42.0, 42),
        ("integer", 2**31 - 1, 2**31 - 1),
        ("author", {"email": "a@b.no"}, [{"id": 1, "name": "", "email": "a@b.no"}]),
        ("keyword", 5, ["5"]),
        ("author", {"name": 7, "email": None}, [{"id": 1, "name": "7", "email": ""}]),
        ("float", "9.50", 9.5),
        ("float", 9, 9.0),
        ("float", "0.1000000000000000055", Decimal("0.1000000000000000055")),
        ("float", Decimal("-12345678901234567890.5"), Decimal("-12345678901234567890.5")),
        ("float", 2**53 + 1, 2**53 + 1),
        ("string", Decimal("0.1000000000000000055"), "0.1000000000000000055"),
        ("datetime", Decimal("1772409600.00000000000001"), {"timestamp": 1772409600}),
        ("boolean", "true", True),
        ("boolean", 0, False),
        ("date", "2026-03-02", {"timestamp": 1772409600}),
        ("date", "2026-03-02T23:59:00+01:00", {"timestamp": 1772409600}),
        ("datetime", "2026-03-02T01:00:00+01:00", {"timestamp": 1772409600}),
        ("datetime", 1772409600, {"timestamp": 1772409600}),
        ("time", "01:02:03", 3723),
        ("url", "https://x", {"link": "https://x", "text": None}),
        ("email", " a@b.no ", "a@b.no"),
        ("keyword", "a, b,a", ["a", "b"]),
        ("keyword", ["x", " y "], ["x", "y"]),
        ("country", "NO", ["NO"]),
        ("country", " norway ", ["NO"]),
        ("country", ["NOR", "Norway"], ["NO"]),
        ("url", {"link": None, "text": "x"}, None),
        ("url", {"url": ""}, None),
        ("author", "Åse", [{"id": 1, "name": "Åse", "email": ""}]),
        ("relation", {"remote_id": "there"}, {"destinationContentId": 61}),
        ("relation", 7, {"destinationContentId": 7}),
        ("relation_list", [{"remote_id": "there"}, {"id": 5}, {"id": 5}], {"destinationContentIds": [61, 5]}),
        ("measurement", {"any": "thing"}, {"any": "thing"}),
        ("map_location", {"latitude": "59.9", "lng": 10}, {"latitude": 59.9, "longitude": 10.0, "address": ""}),
        ("map_location", {"latitude": None, "longitude": None}, None),
        ("matrix", [{"a": 1, "b": None}, {"a": "x"}], {"entries": [{"a": "1", "b": ""}, {"a": "x"}]}),
        ("matrix", {"entries": []}, {"entries": []}),
        (
            "image_asset",
            {"remote_id": "there", "alternative_text": "A"},
            {"destinationContentId": 61, "alternativeText": "A"},
        ),
        ("image_asset", 7, {"destinationContentId": 7, "alternativeText": None}),
        ("isbn", "978-3-16-148410-0", "978-3-16-148410-0"),
        ("isbn", "0-8044-2957-X", "0-8044-2957-X"),
    ],
)
def test_what_a_mapping_yields_becomes_what_rest_takes(kind: str, value: Any, wanted: Any) -> None:
    assert encode(kind, value) == wanted


@pytest.mark.parametrize(("value", "wanted"), [("Red", [0]), ("blå", [1]), (["green", "Red"], [0, 2]), (1, [1])])
def test_options_are_found_by_label(value: Any, wanted: list[int]) -> None:
    assert encode("selection", value, **OPTIONS) == wanted


@pytest.mark.parametrize("value", ["green", 2, ["Green"]])
def test_options_have_the_numbers_that_ibexa_gives_them(value: Any) -> None:
    """Where one was removed, PHP writes an object."""
    assert encode("selection", value, **GAPS) == [2]


@pytest.mark.parametrize(
    ("value", "wanted"),
    [(1, [0]), ("1", [0]), (2.0, [1]), (4.5, [3]), (0, [0]), (4, [4]), ([3, 1], [0, 2]), ("red", [4])],
)
def test_a_number_that_is_a_label_is_that_label_whatever_other_option_has_that_number(
    value: Any, wanted: list[int]
) -> None:
    assert encode("selection", value, **NUMBERS) == wanted


@pytest.mark.parametrize(
    ("kind", "value", "definition", "words"),
    [
        ("string", "abcdef", LONG, "6 characters long, at most 5"),
        ("string", "a\x00b", {}, "NUL"),
        ("string", "\ud800", {}, "surrogate"),
        ("string", {"a": 1}, {}, "wants a text, not object"),
        ("integer", "5.5", {}, "whole number"),
        ("integer", "abc", {}, "wants a number"),
        ("integer", True, {}, "wants a number"),
        ("integer", 5, {"validators": {"IntegerValueValidator": {"maxIntegerValue": 3}}}, "at most 3"),
        ("float", "call us", {}, "wants a number"),
        ("float", "nan", {}, "finite"),
        ("boolean", "perhaps", {}, "true or false"),
        ("date", "2024-13-45", {}, "a day that exists"),
        ("date", "02.03.2026", {}, "a day that exists"),
        ("datetime", "soon", {}, "wants a time"),
        ("time", 99999, {}, "time of day"),
        ("email", "nobody", {}, "no e-mail"),
        ("selection", "Pink", OPTIONS, "none of the options"),
        ("selection", 1, GAPS, "none of the options"),
        ("selection", {"a": 1}, OPTIONS, "wants a text, not object"),
        ("selection", 2.5, NUMBERS, "none of the options"),
        ("selection", "0", NUMBERS, "none of the options"),
        ("keyword", {"a": 1}, {}, "wants a text, not object"),
        ("keyword", [{"a": 1}], {}, "wants a text, not object"),
        ("keyword", [["a"]], {}, "wants a text, not array"),
        ("author", {"name": {"first": "A"}}, {}, "wants a text, not object"),
        ("author", [{"name": "A", "email": ["a@b.no"]}], {}, "wants a text, not array"),
        ("map_location", {"latitude": 1, "longitude": 2, "address": {"city": "Oslo"}}, {}, "wants a text, not object"),
        ("image_asset", {"remote_id": "there", "alternative_text": ["A"]}, {}, "wants a text, not array"),
        ("image", {"base64": "aGFsbG8=", "alternative_text": {"en": "A"}}, {}, "wants a text, not object"),
        ("image", {"base64": "aGFsbG8=", "file_name": ["a.png"]}, {}, "wants a text, not array"),
        ("image", {"base64": ["aGFsbG8="]}, {}, "wants a text, not array"),
        ("url", True, {}, "wants a text, not boolean"),
        ("url", {"link": {"href": "https://x"}}, {}, "wants a text, not object"),
        ("url", {"link": []}, {}, "wants a text, not array"),
        ("time", 123456, {}, "time of day"),
        ("integer", 2**31, {}, "from -2147483648 to 2147483647"),
        ("integer", "4006381333931", {}, "from -2147483648 to 2147483647"),
        ("integer", 1e300, {}, "from -2147483648 to 2147483647"),
        ("integer", -(2**31) - 1, {}, "from -2147483648 to 2147483647"),
        ("integer", "1_000", {}, "wants a number"),
        ("float", "1_000.5", {}, "wants a number"),
        ("date", "9999-12-31", {}, "from 1901-12-14 to 2038-01-18"),
        ("date", "1900-01-01", {}, "from 1901-12-14 to 2038-01-18"),
        ("datetime", "2038-01-19T03:14:08Z", {}, "from 1901-12-14 to 2038-01-18"),
        ("datetime", "0001-01-01T00:00:00+14:00", {}, "from 1901-12-14 to 2038-01-18"),
        ("author", {"name": ""}, {}, "a name or an email"),
        ("email", "a@b.no, c@d.no", {}, "no e-mail address"),
        ("email", "a@@b.no", {}, "no e-mail address"),
        ("url", "javascript:alert(1)", {}, "carry out"),
        ("url", {"link": " \tJava\nScript :x"}, {}, "carry out"),
        ("url", "data:text/html,x", {}, "carry out"),
        ("map_location", {"latitude": 1, "longitude": 2, "address": "x" * 151}, {}, "at most 150 are allowed"),
        ("country", "Narnia", {}, "knows no such country"),
        ("country", ["NO", "Germany"], {}, "one country only"),
        ("isbn", "0-8044-2957-X", NEW_ONLY, "13 digits only"),
        ("richtext", {"xml": "<notdocbook/>"}, {}, "not a section of rich text"),
        ("selection", ["Red", "Red", "Pink"], OPTIONS, "none of the options"),
        ("keyword", "x" * 256, {}, "255 characters"),
        ("relation", "there", {}, "it wants"),
        ("image", 5, {}, "it wants"),
        ("image", {"url": "https://evil.example/a.png", "version": "1"}, {}, "not allowed"),
        ("image", {"file": "../../etc/passwd"}, {}, "declares no assets.folder"),
        ("image", "pictures/a.png", {}, "no plain http(s) address"),
        ("image", "http://[::1", {}, "no plain http(s) address"),
        ("image", {"base64": "%%%"}, {}, "damaged"),
        ("map_location", "59.9,10.7", {}, "it wants"),
        ("map_location", {"latitude": 91, "longitude": 0}, {}, "between -90 and 90"),
        ("map_location", {"latitude": 1}, {}, "longitude is no number"),
        ("matrix", "a;b", {}, "a list of rows"),
        ("matrix", [{"nam": 1}], COLUMNS, "no column 'nam'"),
        ("matrix", [[1, 2, 3]], COLUMNS, "2 columns"),
        ("isbn", "978-3-16-148410-1", {}, "check digit"),
        ("isbn", "12345", {}, "10 digits"),
        ("isbn", "0-306-40615-2", {"settings": {"isISBN13": True}}, "13 digits only"),
        ("integer", 10**400, {}, "not so large"),
        ("float", 10**400, {}, "not so large"),
        ("image", "\x00", {}, "NUL"),
        ("file", {"file": "a\ud800.png"}, {}, "surrogate"),
        ("media", {"url": "https://a.example/f.mp4", "autoplay": "yes"}, {}, "not allowed"),
        ("richtext", {"xml": "<a>"}, {}, "well-formed"),
        ("richtext", {"xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}, {}, "well-formed"),
        ("richtext", {"html": "<p>a</p>", "text": "b"}, {}, "it wants"),
    ],
)
def test_what_is_impossible_is_refused_naming_type_field_and_rule(
    kind: str, value: Any, definition: Any, words: str
) -> None:
    with pytest.raises(RecordError) as caught:
        encode(kind, value, **definition)
    assert "product.f" in caught.value.message or kind == "image"
    assert words in caught.value.message


def test_what_is_not_there_yet_is_another_matter_than_what_is_wrong() -> None:
    with pytest.raises(NotThereYet, match="'absent', which is not in Ibexa yet"):
        encode("relation_list", [{"remote_id": "absent"}])


@pytest.mark.parametrize(
    ("kind", "desired", "current", "equal"),
    [
        ("string", "", None, True),
        ("float", 12.5, 12.500000000001, True),
        ("float", 12.5, 12.6, False),
        ("date", {"timestamp": 1}, {"timestamp": 1, "rfc850": "x"}, True),
        ("keyword", ["a", "b"], ["b", "a"], True),
        ("boolean", False, None, True),
        ("relation", {"destinationContentId": 1}, {"destinationContentId": 1, "destinationContentHref": "/x"}, True),
        ("relation_list", {"destinationContentIds": [1, 2]}, {"destinationContentIds": [2, 1]}, False),
        ("url", {"link": "a", "text": None}, {"link": "a", "text": ""}, True),
        ("text", "a\nb", "a\r\nb", True),
        ("author", [{"id": 1, "name": "A", "email": ""}], [{"id": 9, "name": "A", "email": None}], True),
    ],
)
def test_equal_is_judged_by_meaning(kind: str, desired: Any, current: Any, equal: bool) -> None:
    assert codec_of(kind).equal(desired, current) is equal


def test_both_names_of_a_field_type_are_one() -> None:
    assert {own_name(old) for old in NAMES} == {own_name(new) for new in NAMES.values()} == {*CODECS, "user"}
    for old, new in {**NAMES, "ezlandingpage": "ibexa_landing_page", "ezform": "ibexa_form"}.items():
        own = own_name(old)
        assert own_name(new) == own
        assert [server_name(one, OLD) for one in (own, old, new)] == [old] * 3
        assert [server_name(one, NEW) for one in (own, old, new)] == [new] * 3
    for name in ("ibexa_address", "ezcustom"):
        assert {server_name(name, version) for version in (OLD, NEW)} == {name}
    assert (server_name("form", OLD), server_name("form", NEW)) == ("ezform", "ibexa_form")


def test_a_version_is_told_by_the_names_that_it_has_itself() -> None:
    def listed(*names: str) -> list[dict[str, Any]]:
        fields = [{"identifier": "ezstring", "fieldType": name} for name in names]
        return [{"FieldDefinitions": []}, {"FieldDefinitions": {"FieldDefinition": fields}}]

    assert version_of(listed("ibexa_address", "ezstring")) == OLD
    assert version_of(listed("ezcustom", "ibexa_address", "ibexa_gmap_location")) == NEW
    assert version_of(listed("ezcustom", "ibexa_address", "sckenhanced")) == version_of([]) == ""


def test_what_empties_a_field() -> None:
    values: list[Any] = ["", [], {"clear": True}, None, 0, False, {}]
    assert [is_emptied(one) for one in values] == [True] * 3 + [False] * 4


HTML = [
    (
        "<p>Hello <b>World</b> &amp; &eacute;&nbsp;x</p>",
        '<para>Hello <emphasis role="strong">World</emphasis> &amp; é\xa0x</para>',
    ),
    ("plain", "<para>plain</para>"),
    (
        "<h2>T</h2><p>a<br>b</p>",
        '<title ezxhtml:level="2">T</title><para><literallayout class="normal">a\nb</literallayout></para>',
    ),
    (
        "<ul><li>a<li>b</ul>",
        "<itemizedlist><listitem><para>a</para></listitem><listitem><para>b</para></listitem></itemizedlist>",
    ),
    ("<p>a<p>b", "<para>a</para><para>b</para>"),
    ("<script>alert(1)</script><p>x</p><style>p{}</style>", "<para>x</para>"),
    ('<a href="javascript:alert(1)">x</a>', "<para>x</para>"),
    (
        '<a href="https://x/?a=1&amp;b=2">x</a>',
        '<para><link xlink:href="https://x/?a=1&amp;b=2" xlink:show="none">x</link></para>',
    ),
    ("<div><p>a</p>b<div>c</div></div>", "<para>a</para><para>b</para><para>c</para>"),
    ("<custom-thing onclick=x>kept</custom-thing>", "<para>kept</para>"),
    ("", ""),
    ("<p> </p><p></p>", ""),
]


@pytest.mark.parametrize(("html", "wanted"), HTML)
def test_html_becomes_docbook(html: str, wanted: str) -> None:
    made = from_tree(parse_html(html))
    assert made.partition('ezpublish-1.0">')[2] == wanted + "</section>"


HOSTILE = [
    "<p>" * 5000, "<b><i></b></i>", "<table><tr><td>a<td>b<tr><td>c</table>", "<!-- <p> --><p>x", "<p>\x00\x0b\ufffe</p>",
    "<<p>>", "&#0;&#xD800;&nosuch;", "<ul><ul><li>x", "<a href='http://[::1'>x</a>", "</p></div></section>", "<p>]]></p>",
    "<![CDATA[x]]>", "<section xmlns='evil'>x</section>", "<h1><h2><h3>x", "<td>lonely</td>", "<p title='\"'>&quot;</p>", "<br><br><br>",
]  # fmt: skip


@pytest.mark.parametrize("html", HOSTILE)
def test_whatever_the_html_the_document_is_well_formed(html: str) -> None:
    ET.fromstring(from_tree(parse_html(html)))
    ET.fromstring(from_text(html.replace("\x00", "")))


def test_documents_are_compared_by_meaning() -> None:
    one = from_tree(parse_html("<h2>A</h2><p>b  <b>c</b> d</p><ul><li>x</li></ul>"))
    pretty = (
        one.replace("<para>", "\n  <para>")
        .replace("<listitem>", "\n <listitem>\n ")
        .replace("</section>", "\n</section>\n")
    )
    assert same_document(one, pretty)
    assert not same_document(one, one.replace("<emphasis", "<subscript").replace("</emphasis", "</subscript"))
    assert not same_document(one, one.replace(" d</para>", "d</para>"))
    assert not same_document(one, "<broken")


def test_rows_of_a_table_may_be_lists_in_the_order_of_its_columns() -> None:
    assert encode("matrix", [["Colour", "red"], ["Size"]], **COLUMNS) == {
        "entries": [{"name": "Colour", "value": "red"}, {"name": "Size", "value": ""}]
    }


@pytest.mark.parametrize(
    ("kind", "value", "held", "changed"),
    [
        (
            "map_location",
            {"latitude": 59, "longitude": 10.7},
            {"latitude": 59.0, "longitude": 10.7, "address": None},
            {"latitude": 59.1, "longitude": 10.7, "address": ""},
        ),
        ("matrix", [{"a": 1}], {"entries": [{"a": "1"}]}, {"entries": []}),
        (
            "image_asset",
            {"id": 5, "alternative_text": "A"},
            {"destinationContentId": 5, "alternativeText": "A", "variations": {"x": 1}},
            {"destinationContentId": 6, "alternativeText": "A"},
        ),
    ],
)
def test_what_ibexa_answers_in_its_own_form_is_known_to_be_the_same(
    kind: str, value: Any, held: Any, changed: Any
) -> None:
    codec, made = codec_of(kind), encode(kind, value)
    assert codec.equal(made, held)
    assert not codec.equal(made, changed)
    assert codec.essence(held) == codec.essence(made) != codec.essence(changed)


def test_markdown_becomes_the_same_as_the_html_that_it_means() -> None:
    markdown = "# T\n\nA *b* **c** [d](https://x.example)\n\n- one\n- two\n\n| h |\n|---|\n| ~~x~~ |\n\n1. a\n2. b\n"
    html = (
        "<h1>T</h1><p>A <em>b</em> <strong>c</strong> <a href='https://x.example'>d</a></p><ul><li>one</li><li>two</li></ul>"
        "<table><thead><tr><th>h</th></tr></thead><tr><td><s>x</s></td></tr></table><ol><li>a</li><li>b</li></ol>"
    )
    assert same_document(encode("richtext", {"markdown": markdown})["xml"], from_tree(parse_html(html)))
    raw = encode("richtext", {"markdown": "<script>x</script> [y](javascript:z) &amp; <b>b</b>"})["xml"]
    assert "<link" not in raw
    assert "&lt;script&gt;" in raw
    ET.fromstring(raw)


def test_a_type_that_nobody_knows_is_sent_as_it_is_and_that_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(3):
        assert encode("never_heard_of", {"a": [1]}) == {"a": [1]}
    assert [one.message for one in caplog.records if "never_heard_of" in one.message] != []
    assert len([one for one in caplog.records if "never_heard_of" in one.getMessage()]) == 1
