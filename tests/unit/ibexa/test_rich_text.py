"""What HTML and Markdown become as DocBook, what is told as lost, and links by remote id."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from connector.core.errors import RecordError
from connector.systems.ibexa.assets import Assets
from connector.systems.ibexa.fields import Context, NotThereYet, codec_of
from connector.systems.ibexa.fields.docbook import from_tree
from connector.systems.ibexa.fields.documents import same_document
from connector.systems.ibexa.fields.html import parse_html
from connector.systems.ibexa.fields.references import address, named_in, normal, with_numbers, with_remote_ids
from connector.systems.ibexa.fields.richtext import lost_in
from connector.systems.ibexa.types import FieldDefinition

IDS = {"there": 61, "pim:4711/a b#ü%\"'&": 62, "Chair": 63}
NASTY = "pim:4711/a b#ü%\"'&"


class Known:
    """A gateway that knows a few items."""

    def content_id(self, remote_id: str) -> int | None:
        return IDS.get(remote_id, 70 if remote_id == "draft" else None)

    def has_content(self, number: int) -> bool:
        return number in IDS.values()

    def has_location(self, number: int) -> bool:
        return number in IDS.values()

    def countries(self) -> dict[str, str]:
        return {}

    def location_path(self, remote_id: str) -> str | None:
        return f"1/2/{IDS[remote_id] + 100}" if remote_id in IDS else None


def made(value: Any) -> tuple[str, list[str]]:
    """The inner XML, and what was lost."""
    context = Context("article", FieldDefinition("body", "richtext"), Known(), Assets(Path()))
    xml = codec_of("richtext").encode(value, context)["xml"]
    ET.fromstring(xml)
    return xml.partition('ezpublish-1.0">')[2].removesuffix("</section>"), context.lost


LINK = '<para><link xlink:href="ezcontent://61" xlink:show="none">x</link></para>'
BECOMES = [
    # links
    ({"html": '<a href="ezremote://there">x</a>'}, LINK),
    ({"html": '<a href=" EZREMOTE://there ">x</a>'}, LINK),
    ({"html": '<a href="/chairs/4711" data-remote-id="there">x</a>'}, LINK),
    ({"markdown": "[x](ezremote://there)"}, LINK),
    ({"html": '<a href="ezremote://there#top">x</a>'}, LINK.replace("61", "61#top")),
    ({"markdown": "[x](ezremote://Chair)"}, LINK.replace("61", "63")),
    ({"html": f'<a href="{address(NASTY)}">x</a>'}, LINK.replace("61", "62")),
    ({"markdown": f"[x]({address(NASTY)})"}, LINK.replace("61", "62")),
    ({"html": '<a href="ezremotelocation://there">x</a>'}, LINK.replace("ezcontent://61", "ezlocation://161")),
    # pictures: alone in a paragraph they are blocks, otherwise they stand in the line
    ({"html": '<img src="ezremote://there">'}, '<ezembed xlink:href="ezcontent://61" view="embed"/>'),
    ({"html": '<p> <img src="ezremote://there"> </p>'}, '<ezembed xlink:href="ezcontent://61" view="embed"/>'),
    ({"markdown": "![x](ezremote://there)"}, '<ezembed xlink:href="ezcontent://61" view="embed"/>'),
    (
        {"html": '<figure><img src="a.png" data-remote-id="there"><figcaption>x</figcaption></figure>'},
        '<ezembed xlink:href="ezcontent://61" view="embed"/><para>x</para>',
    ),
    (
        {"html": '<img src="ezremote://there" data-view="line" data-align="right" data-size="medium">'},
        '<ezembed xlink:href="ezcontent://61" view="line" ezxhtml:align="right"><ezconfig><ezvalue key="size">medium'
        "</ezvalue></ezconfig></ezembed>",
    ),
    (
        {"html": '<img src="ezremote://there" data-view=\'1"\' data-align="x">'},
        '<ezembed xlink:href="ezcontent://61" view="embed"/>',
    ),
    (
        {"html": '<p>a <img src="ezremote://there"> b</p>'},
        '<para>a <ezembedinline xlink:href="ezcontent://61" view="embed-inline"/> b</para>',
    ),
    (
        {"html": '<ul><li><img src="ezremote://there"></li></ul>'},
        '<itemizedlist><listitem><para><ezembedinline xlink:href="ezcontent://61" view="embed-inline"/></para></listitem>'
        "</itemizedlist>",
    ),
    # tables
    (
        {"markdown": "| h |\n|---|\n| x |"},
        "<informaltable><thead><tr><th><para>h</para></th></tr></thead><tbody><tr><td><para>x</para></td></tr></tbody>"
        "</informaltable>",
    ),
    (
        {
            "html": "<table><caption>C</caption><tfoot><tr><td>f</tfoot><tr><th scope=row colspan=2 rowspan=1>a"
            "<td rowspan=03 colspan=x></table>"
        },
        '<table><caption>C</caption><tbody><tr><th colspan="2" scope="row"><para>a</para></th>'
        '<td rowspan="3"><para/></td></tr></tbody><tfoot><tr><td><para>f</para></td></tr></tfoot></table>',
    ),
    (
        {"html": "<table><thead><tr><th>a</thead></table>"},
        "<informaltable><tbody><tr><th><para>a</para></th></tr></tbody></informaltable>",
    ),
    # lists: all that an item holds is in its one paragraph, or Ibexa would not show it
    (
        {"html": "<ul><li>a<ol><li>b</ol></li><li><p>c</p><p>d</p><pre>e</pre></ul>"},
        "<itemizedlist><listitem><para>a<orderedlist><listitem><para>b</para></listitem></orderedlist></para></listitem>"
        '<listitem><para><literallayout class="normal">c\nd</literallayout><programlisting>e</programlisting></para>'
        "</listitem></itemizedlist>",
    ),
    # code
    ({"html": "<pre>\n a &lt;\n  b\n</pre>"}, "<programlisting> a &lt;\n  b</programlisting>"),
    ({"markdown": "```php\necho 1;\n```"}, '<programlisting language="php">echo 1;</programlisting>'),
    ({"html": "<p>a <code>b</code></p>"}, "<para>a b</para>"),
    ({"html": "<dl><dt>a<dd>b</dl>"}, "<para>a</para><para>b</para>"),
    (
        {"html": '<a href="/a">x <a href="/a">y</a></a>'},
        '<para><link xlink:href="/a" xlink:show="none">x y</link></para>',
    ),
]


@pytest.mark.parametrize(("value", "wanted"), BECOMES)
def test_html_and_markdown_become_docbook(value: Any, wanted: str) -> None:
    assert made(value)[0] == wanted


def test_docbook_is_taken_with_links_by_remote_id() -> None:
    xml = "<section xmlns='http://docbook.org/ns/docbook' xmlns:x='http://www.w3.org/1999/xlink'><link x:href='ezremote://{}'/><ezlink x:href=\"{}\"/></section>"
    given = xml.format(address("there"), "ezremotelocation://there#a").replace("ezremote://ezremote", "ezremote")
    context = Context("article", FieldDefinition("body", "richtext"), Known(), Assets(Path()))
    got = codec_of("richtext").encode({"xml": given}, context)["xml"]
    assert got == xml.format("61", "ezlocation://161#a").replace("ezremote", "ezcontent")


LOST = [
    ({"html": "<p>a</p><hr><p>b</p><hr>"}, ["a horizontal line", "a horizontal line"]),
    ({"markdown": "a\n\n---\n"}, ["a horizontal line"]),
    ({"html": '<img src="a.png" alt="A">'}, ["a picture from a.png"]),
    ({"html": '<p>x <img src="data:image/png;base64,AAAA"></p>'}, ["a picture"]),
    ({"markdown": "![x](a.png)"}, ["a picture from a.png"]),
    ({"html": '<a href="page.html">x</a>'}, ["a link to page.html"]),
    ({"html": '<a href="javascript:alert(1)">x</a>'}, ["a link to javascript:alert(1)"]),
    ({"html": '<a href="ezremote://">x</a>'}, ["a link to ezremote://"]),
    ({"html": '<iframe src="https://v.example/1">no frames</iframe>x'}, ["<iframe> from https://v.example/1"]),
    (
        {"html": "<video><source src=a></video><svg><title>t</title></svg><embed src=b>"},
        ["<video>", "<svg>", "<embed> from b"],
    ),
    ({"html": "<script>x</script><style>y</style><p>a <code>b</code> <font>c</font> <a name=t>d</a></p>"}, []),
    ({"html": '<a href="mailto:a@b">x</a><a href="#t">x</a><a href="/t">x</a>'}, []),
    ({"html": ""}, []),
]


@pytest.mark.parametrize(("value", "lost"), LOST)
def test_what_has_no_form_is_told(value: Any, lost: list[str]) -> None:
    assert made(value)[1] == lost
    assert lost_in(value) == lost


@pytest.mark.parametrize("value", [None, "a", 5, ["a"], {}, {"xml": "<hr/>"}, {"html": 5}, {"url": "https://x"}])
def test_what_is_no_html_loses_nothing(value: Any) -> None:
    assert lost_in(value) == []


def test_what_is_not_there_yet_is_waited_for() -> None:
    for href in ("ezremote://nosuch", "ezremotelocation://nosuch"):
        with pytest.raises(NotThereYet) as caught:
            made({"html": f'<p>a <a href="{href}">x</a></p>'})
        assert caught.value.needs == "nosuch"
        assert "article.body" in caught.value.message
    with pytest.raises(NotThereYet, match="has none yet") as waits:
        made({"html": '<a href="ezremotelocation://draft">x</a>'})
    assert waits.value.needs == "draft"
    with pytest.raises(RecordError, match="101 characters"):
        made({"html": f'<a href="ezremote://{"x" * 101}">x</a>'})


def test_an_address_has_one_form() -> None:
    assert address(NASTY) == "ezremote://pim:4711/a%20b%23%C3%BC%25%22%27%26"
    assert normal(address(NASTY)) == address(NASTY)
    assert normal(f"  ezRemoteLocation://{'a'}#b ") == "ezremotelocation://a#b"
    assert [normal(one) for one in ("https://x", "ezcontent://5", "ezremote://#a", "x ezremote://a")] == [""] * 4


def test_remote_ids_are_found_in_a_text_of_any_form() -> None:
    text = (
        f"""<a href='ezremote://a#b'>x</a> [y]({address(NASTY)}) ![z](ezremotelocation://c) <img data-remote-id="d">"""
    )
    assert list(named_in(text)) == ["a", NASTY, "c", "d"]
    assert list(named_in("plain")) == []


def test_numbers_become_remote_ids_and_numbers_again() -> None:
    xml = (
        '<section xmlns:xlink="http://www.w3.org/1999/xlink"><para><link xlink:href="ezcontent://5#a">x</link></para>'
        '<ezembed xlink:href="ezcontent://6"><ezlink xlink:href="ezlocation://7"/></ezembed>ezcontent://8</section>'
    )
    names = {("ezcontent", 5): NASTY, ("ezcontent", 6): "b", ("ezlocation", 7): "b"}
    carried = with_remote_ids(xml, lambda scheme, number: names[scheme, number])
    assert "ezcontent://5" not in carried
    ET.fromstring(carried)
    back = {(scheme, name): number for (scheme, number), name in names.items()}
    assert with_numbers(carried, lambda scheme, name: back[scheme, name]) == xml


def test_what_leads_to_nothing_is_taken_out_and_the_text_of_a_link_stays() -> None:
    xml = (
        '<section xmlns="http://docbook.org/ns/docbook" xmlns:xlink="http://www.w3.org/1999/xlink"><para>a '
        '<link xlink:href="ezcontent://5">x <emphasis>y</emphasis></link> b</para><ezembed xlink:href="ezcontent://6"/>'
        '<para><link xlink:href="ezcontent://7">z</link></para></section>'
    )
    left = with_remote_ids(xml, lambda _, number: "seven" if number == 7 else "")
    wanted = (
        '<section xmlns="http://docbook.org/ns/docbook" xmlns:xlink="http://www.w3.org/1999/xlink"><para>a x '
        '<emphasis>y</emphasis> b</para><para><link xlink:href="ezremote://seven">z</link></para></section>'
    )
    assert same_document(left, wanted)


def test_blanks_within_a_listing_count() -> None:
    one = from_tree(parse_html("<pre>a\n  b</pre>"))
    assert same_document(one, one.replace("></section>", ">\n</section>"))
    assert not same_document(one, one.replace("\n  b", "\n b"))
