"""XML at the border of Ibexa's client: nothing is lost without a word, nothing dangerous is read."""

from __future__ import annotations

from decimal import Decimal

import pytest

from connector.clients.ibexa_xml import answered_in_json, asked_in_xml, from_xml, to_xml
from connector.clients.request import Request, Response
from connector.core.errors import BadAnswer, RecordError
from connector.core.jsonio import Json

HEAD = b'<?xml version="1.0" encoding="UTF-8"?>\n'
API = "application/vnd.ibexa.api."


def read(text: str) -> Json:
    return from_xml(HEAD + text.encode())


def written(body: Json) -> str:
    return to_xml(body).removeprefix(HEAD).decode()


def field(value: Json) -> str:
    return written({"F": {"fieldValue": value}}).removeprefix("<F>").removesuffix("</F>")


def version(field_type: str, value: str) -> Json:
    told = f"<fieldTypeIdentifier>{field_type}</fieldTypeIdentifier>{value}"
    return read(f"<Fields><field>{told}</field></Fields>")["Fields"]["field"][0]["fieldValue"]


# -- reading ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_a_listing_is_a_list_whatever_its_length(count: int) -> None:
    rows = "".join(f"<Section><sectionId>{number}</sectionId></Section>" for number in range(count))
    found = read(f'<SectionList media-type="{API}SectionList+xml" href="/s">{rows}</SectionList>')
    assert found["SectionList"]["Section"] == [{"sectionId": number} for number in range(count)]


@pytest.mark.parametrize("count", [0, 1, 3])
def test_events_by_day_are_groups_with_a_list_each(count: int) -> None:
    """As the reference shows both forms: groups in JSON are EventGroup in XML; a day without events has an empty list."""
    days = "<DateRange><startDate>1597104000</startDate><endDate>1597190400</endDate></DateRange>"
    group = f'<EventGroup media-type="{API}EventGroup+xml" currentPage="/e?a=1&amp;b=2">{days}<totalCount>0</totalCount></EventGroup>'
    found = read(f'<EventGroupList media-type="{API}EventGroupList+xml">{group * count}</EventGroupList>')
    one = {
        "_media-type": f"{API}EventGroup+json",
        "_currentPage": "/e?a=1&b=2",
        "DateRange": {"startDate": "1597104000", "endDate": "1597190400"},
        "totalCount": 0,
        "events": [],
    }
    assert found == {"EventGroupList": {"_media-type": f"{API}EventGroupList+json", "groups": [one] * count}}


def test_attributes_texts_and_media_types_come_as_in_json() -> None:
    text = (
        f'<names><value languageCode="eng-GB">A &amp; B</value></names><Draft media-type="{API}Draft+xml" href="/d"/>'
    )
    assert read(f'<T media-type="{API}T+xml" id="7">{text}</T>') == {
        "T": {
            "_media-type": f"{API}T+json",
            "_id": 7,
            "names": {"value": [{"_languageCode": "eng-GB", "#text": "A & B"}]},
            "Draft": {"_media-type": f"{API}Draft+json", "_href": "/d"},
        }
    }


def test_an_empty_translation_keeps_its_text() -> None:
    found = read('<T><descriptions><value languageCode="eng-GB"/></descriptions></T>')
    assert found["T"]["descriptions"] == {"value": [{"_languageCode": "eng-GB", "#text": ""}]}


def test_a_link_to_a_listing_is_no_empty_listing() -> None:
    found = read('<Role><PolicyList href="/p"/><Relations href="/r"/></Role>')
    assert found["Role"]["PolicyList"] == {"_href": "/p"}
    assert found["Role"]["Relations"] == {"_href": "/r", "Relation": []}, "versions always hold their relations"


def test_entries_of_an_unknown_name_do_not_pass_for_an_empty_listing() -> None:
    assert read("<EventList><totalCount>0</totalCount></EventList>")["EventList"]["events"] == []
    for rows in ("<Odd><id>1</id></Odd>", "<Odd>1</Odd><Odd>2</Odd>"):
        assert "events" not in read(f"<EventList><totalCount>2</totalCount>{rows}</EventList>")["EventList"]


def test_a_list_may_have_another_name_in_json() -> None:
    found = read('<BookmarkList><count>1</count><Bookmark _href="/b"><Location/></Bookmark></BookmarkList>')
    assert found == {"BookmarkList": {"count": 1, "items": [{"__href": "/b", "Location": ""}]}}


@pytest.mark.parametrize("count", [0, 1, 2])
def test_content_types_without_their_fields_are_listed_as_content_types(count: int) -> None:
    """The visitor names the entries ContentTypeInfo in XML; in JSON the list around them is ContentType."""
    found = read(
        "<ContentTypeInfoList>" + "<ContentTypeInfo><id>1</id></ContentTypeInfo>" * count + "</ContentTypeInfoList>"
    )
    assert found == {"ContentTypeInfoList": {"ContentType": [{"id": 1}] * count}}


def test_names_by_language_are_no_list() -> None:
    assert read("<P><names><eng-GB>Cash</eng-GB></names></P>") == {"P": {"names": {"eng-GB": "Cash"}}}
    assert read("<P><names/></P>") == {"P": {"names": {"value": []}}}


@pytest.mark.parametrize("text", ["9" * 300 + "e99", "0.1000000000000000055"])
def test_a_number_that_no_float_holds_is_kept_to_the_last_digit(text: str) -> None:
    assert read(f"<Result><maxScore>{text}</maxScore></Result>")["Result"]["maxScore"] == Decimal(text)


def test_further_lists_can_be_named() -> None:
    assert read("<A><b>1</b></A>") == {"A": {"b": "1"}}
    assert from_xml(b"<A><b>1</b></A>", {"A": {"b": "bees"}}) == {"A": {"bees": ["1"]}}
    assert read("<A><b>1</b></A>") == {"A": {"b": "1"}}, "only for that one call"


def test_what_is_repeated_is_a_list_in_any_place() -> None:
    assert read("<A><b>1</b><c/><b><d/></b><b>3</b></A>") == {"A": {"b": ["1", {"d": ""}, "3"], "c": ""}}


def test_known_numbers_and_booleans_are_such_again_and_nothing_else_is() -> None:
    inner = "<id>0-f4</id><priority>-3</priority><hidden>false</hidden><remoteId>007</remoteId><depth>07</depth>"
    found = read(f"<Location>{inner}<Name>true</Name></Location>")["Location"]
    assert found == {
        "id": "0-f4",
        "priority": -3,
        "hidden": False,
        "remoteId": "007",
        "depth": "07",
        "Name": "true",
    }


def test_the_figures_of_a_search() -> None:
    result = "<count>1</count><time>0.0023</time><timedOut>false</timedOut><maxScore></maxScore><searchHits/>"
    found = read(f'<View><Result href="/r">{result}</Result></View>')["View"]["Result"]
    assert found.pop("_href") == "/r"
    assert found.pop("searchHits") == {"searchHit": []}
    assert found == {"count": 1, "time": 0.0023, "timedOut": False, "maxScore": None, "aggregations": []}


@pytest.mark.parametrize(
    ("field_type", "xml", "value"),
    [
        ("ezstring", "<fieldValue>5</fieldValue>", "5"),
        ("ezstring", "<fieldValue/>", None),
        ("ezstring", "<fieldValue> x </fieldValue>", " x "),
        ("eztext", "<fieldValue>a\nb</fieldValue>", "a\nb"),
        ("ezinteger", "<fieldValue>5</fieldValue>", 5),
        ("ibexa_integer", "<fieldValue>-5</fieldValue>", -5),
        ("ezinteger", "<fieldValue/>", None),
        ("ezfloat", "<fieldValue>9.990000</fieldValue>", 9.99),
        ("ezboolean", "<fieldValue>true</fieldValue>", True),
        ("ezboolean", "<fieldValue>false</fieldValue>", False),
        ("ezkeyword", "<fieldValue/>", []),
        ("ezkeyword", "<fieldValue><value>1</value></fieldValue>", ["1"]),
        ("ezselection", "<fieldValue>\n <value>1</value>\n</fieldValue>", [1]),
        ("ezcountry", "<fieldValue/>", None),
        (
            "ezurl",
            '<fieldValue><value key="link">x</value><value key="text"/></fieldValue>',
            {"link": "x", "text": None},
        ),
        ("ezdate", '<fieldValue><value key="timestamp">17</value></fieldValue>', {"timestamp": 17}),
        ("unheard_of", '<fieldValue><value key="timestamp">17</value></fieldValue>', {"timestamp": "17"}),
        (
            "ezobjectrelationlist",
            '<fieldValue><value key="destinationContentIds"><value>5</value></value>'
            '<value key="destinationContentHrefs"/></fieldValue>',
            {"destinationContentIds": [5], "destinationContentHrefs": []},
        ),
        (
            "ezmatrix",
            '<fieldValue><value key="entries"><value><value key="width">3</value></value></value></fieldValue>',
            {"entries": [{"width": "3"}]},
        ),
    ],
)
def test_a_fields_value_is_what_its_type_says(field_type: str, xml: str, value: Json) -> None:
    found = version(field_type, xml)
    assert found == value
    assert type(found) is type(value)


def test_a_definitions_settings_and_validators() -> None:
    definition = """<FieldDefinition><fieldType>ezselection</fieldType><defaultValue/><fieldSettings>
      <value key="isMultiple">false</value><value key="options"><value>A</value></value></fieldSettings>
      <validatorConfiguration><value key="StringLengthValidator"><value key="maxStringLength">255</value>
      <value key="minStringLength"/></value></validatorConfiguration></FieldDefinition>"""
    assert read(definition)["FieldDefinition"] == {
        "fieldType": "ezselection",
        "defaultValue": [],
        "fieldSettings": {"isMultiple": False, "options": ["A"]},
        "validatorConfiguration": {"StringLengthValidator": {"maxStringLength": 255, "minStringLength": None}},
    }
    assert read("<FieldDefinition><fieldSettings/></FieldDefinition>")["FieldDefinition"]["fieldSettings"] == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "DOCTYPE"),
        ('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "DOCTYPE"),
        ("<a>&undeclared;</a>", "undefined entity at line 2, column 4"),
        ("<a>\x00</a>", "not well-formed"),
        ("<a>&#0;</a>", "not well-formed"),
        ("<a>\x0b</a>", "not well-formed"),
        ("<a><b></a>", "mismatched tag"),
        ("", "no element found"),
        ("<a/><b/>", "junk"),
        ("<1/>", "not well-formed"),
        ("<a>" * 300 + "</a>" * 300, "nested deeper than 200"),
    ],
)
def test_what_is_refused_on_reading(text: str, said: str) -> None:
    with pytest.raises(BadAnswer, match=said):
        read(text)


def test_another_encoding_is_no_way_around() -> None:
    text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    with pytest.raises(BadAnswer, match="DOCTYPE"):
        from_xml(text.encode("utf-16"))
    with pytest.raises(BadAnswer, match="not well-formed"):
        from_xml(b'<?xml version="1.0" encoding="ISO-8859-1"?><a>\xe9</a>')


# -- writing ----------------------------------------------------------------------------------------------------------


def test_a_content_item_as_the_reference_writes_it() -> None:
    value = {"xml": "<section><p>1 &lt; 2</p></section>"}
    fields = [
        {"fieldDefinitionIdentifier": "intro", "languageCode": "eng-GB", "fieldValue": value},
        {"fieldDefinitionIdentifier": "tags", "languageCode": "eng-GB", "fieldValue": ["a", "b c"]},
    ]
    body = {"ContentType": {"_href": "/t/2"}, "alwaysAvailable": True, "fields": {"field": fields}, "Section": None}
    assert written({"ContentCreate": body}) == (
        '<ContentCreate><ContentType href="/t/2"/><alwaysAvailable>true</alwaysAvailable><fields>'
        "<field><fieldDefinitionIdentifier>intro</fieldDefinitionIdentifier><languageCode>eng-GB</languageCode>"
        '<fieldValue><value key="xml">&lt;section&gt;&lt;p&gt;1 &amp;lt; 2&lt;/p&gt;&lt;/section&gt;</value></fieldValue></field>'
        "<field><fieldDefinitionIdentifier>tags</fieldDefinitionIdentifier><languageCode>eng-GB</languageCode>"
        "<fieldValue><value>a</value><value>b c</value></fieldValue></field></fields><Section/></ContentCreate>"
    )


def test_attributes_and_texts_are_escaped() -> None:
    body = {"_x": 'a"<&\n\t', "_media-type": f"{API}A+json", "#text": "]]>\r", "b": "<b>"}
    text = f'<A x="a&quot;&lt;&amp;&#10;&#9;" media-type="{API}A+xml">]]&gt;&#13;<b>&lt;b&gt;</b></A>'
    assert written({"A": body}) == text
    assert read(text) == {"A": body}


def test_lists_are_repeated_and_aggregations_have_an_element_around() -> None:
    query = {"Filter": {"C": ["a", "b"]}, "Aggregations": [{"X": {"name": "n"}}]}
    text = written({"Query": query})
    assert text == (
        "<Query><Filter><C>a</C><C>b</C></Filter>"
        "<Aggregations><Aggregation><X><name>n</name></X></Aggregation></Aggregations></Query>"
    )
    assert read(text) == {"Query": query}


def test_an_element_for_a_list_without_entries_is_left_out() -> None:
    """Ibexa answers ``<descriptions/>`` with a 400: it wants a list there, and reads nothing."""
    assert written({"A": {"b": "1", "descriptions": {"value": []}, "c": {}}}) == "<A><b>1</b><c/></A>"


@pytest.mark.parametrize(
    ("value", "xml"),
    [
        (None, "<fieldValue/>"),
        (True, "<fieldValue>true</fieldValue>"),
        (5, "<fieldValue>5</fieldValue>"),
        (-5, "<fieldValue>-5</fieldValue>"),
        (9.5, "<fieldValue>9.5</fieldValue>"),
        ("5", "<fieldValue>5</fieldValue>"),
        ("1.5", "<fieldValue>1.5</fieldValue>"),
        ("0", "<fieldValue>0</fieldValue>"),
        ("9223372036854775807", "<fieldValue>9223372036854775807</fieldValue>"),
        ("-007", "<fieldValue>-007</fieldValue>"),
        ("+47 5", "<fieldValue>+47 5</fieldValue>"),
        ([], "<fieldValue/>"),
        ({"link": "x", "text": None}, '<fieldValue><value key="link">x</value></fieldValue>'),
        ({"alternativeText": " "}, "<fieldValue/>"),
        ({"ids": []}, '<fieldValue><value key="ids"/></fieldValue>'),
        ({"a b": {"1": 2}}, '<fieldValue><value key="a b"><value key="1">2</value></value></fieldValue>'),
    ],
)
def test_a_fields_value_is_written_as_values(value: Json, xml: str) -> None:
    assert field(value) == xml


@pytest.mark.parametrize(
    ("value", "read_as"),
    [
        ("007", "7"),
        (" 007 ", "7"),
        ("1.10", "1.1"),
        ("1.0", "1"),
        ("1.2.3", "1.2"),
        (".5", "0.5"),
        (".", "0"),
        ("0.00001", "1E-05"),
        ("true", "1"),
        ("False", "''"),
        ("12345678901234567890", "9223372036854775807"),
        ("9" * 5000, "9223372036854775807"),
        (10**19, "9223372036854775807"),
        ({"a": ["b", "00"]}, "0"),
    ],
)
def test_what_the_server_would_silently_change_is_refused(value: Json, read_as: str) -> None:
    with pytest.raises(RecordError) as caught:
        field(value)
    assert "Ibexa reads" in str(caught.value)
    assert read_as in str(caught.value)
    assert "format" in caught.value.hint
    assert caught.value.step.startswith("payload.fieldValue")


def test_lists_of_values_are_no_lists_of_the_element_around() -> None:
    text = written({"F": {"defaultValue": ["a", "b"], "fieldSettings": ["c", "d"]}})
    assert text.count("<value>") == 4


def test_outside_of_field_values_texts_are_safe() -> None:
    assert written({"A": {"remoteId": "007", "b": "true"}}) == "<A><remoteId>007</remoteId><b>true</b></A>"


def deep(levels: int) -> Json:
    value: Json = "x"
    for _ in range(levels):
        value = {"a": value}
    return value


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ([], "this is array"),
        ({}, "0 keys"),
        ({"A": 1, "B": 2}, "2 keys"),
        ({"A": []}, "is a list"),
        ({"A": {"b c": 1}}, "'b c' cannot be the name of an element"),
        ({"A": {"1": 1}}, "'1' cannot be the name"),
        ({"A": {"": 1}}, "'' cannot be the name"),
        ({"A": {"b><c": 1}}, "cannot be the name"),
        ({"A": {"xml-x": 1}}, "cannot be the name"),
        ({"A": {"_": 1}}, "cannot be the name of an attribute"),
        ({"A": {"_x y": 1}}, "cannot be the name of an attribute"),
        ({"A": {"_xmlns": "u"}}, "cannot be the name of an attribute"),
        ({"A": {"_x": {}}}, "an attribute cannot be of type object"),
        ({"A": {"#text": ["x"]}}, "a text cannot be of type array"),
        ({"A": {"b": "\x00"}}, r"U\+0000"),
        ({"A": {"_b": "\x1b"}}, r"U\+001B"),
        ({"A": {"b": "\ufffe"}}, r"U\+FFFE"),
        ({"A": {"b": "\ud800"}}, r"U\+D800"),
        ({"A": {"fieldValue": {"k\x01": 1}}}, r"U\+0001"),
        ({"A": {"b": [["x"]]}}, "a list in a list"),
        ({"A": {"b": [1, 2], "c": [3, 4]}}, "one list in an element"),
        ({"A": {"fieldValue": ["a", None]}}, "an empty entry"),
        (deep(300), "nested deeper than 200"),
        ({"A": {"fieldValue": deep(300)}}, "nested deeper than 200"),
    ],
)
def test_what_has_no_form_in_xml_is_refused(body: Json, said: str) -> None:
    with pytest.raises(RecordError, match=said):
        to_xml(body)


def test_characters_beyond_the_first_plane_pass() -> None:
    assert read(written({"A": {"b": "😀 \u0085 é"}})) == {"A": {"b": "😀 \u0085 é"}}


# -- the border -------------------------------------------------------------------------------------------------------


def test_a_request_asks_for_and_sends_xml() -> None:
    headers = {
        "Accept": f"{API}View+json; version=1.1",
        "Content-Type": f"{API}ViewInput+json; version=1.1",
        "X": "+json",
    }
    asked = asked_in_xml(Request("POST", "/views", headers=headers, body=b'{"ViewInput":{"a":1}}', safe=True))
    assert asked.headers == {
        "Accept": f"{API}View+xml; version=1.1",
        "Content-Type": f"{API}ViewInput+xml; version=1.1",
        "X": "+json",
    }
    assert asked.body == HEAD + b"<ViewInput><a>1</a></ViewInput>"
    assert asked.is_safe


def test_a_body_that_is_too_deep_is_refused_before_it_is_sent() -> None:
    body = b'{"A":' * 300 + b"1" + b"}" * 300
    with pytest.raises(RecordError, match="nested deeper than 200"):
        asked_in_xml(Request("POST", "/x", headers={"Content-Type": f"{API}A+json"}, body=body))


def test_a_request_without_accept_asks_for_xml_too() -> None:
    assert asked_in_xml(Request("DELETE", "/x")).headers == {"Accept": f"{API}ErrorMessage+xml, application/xml"}


def response(body: bytes, kind: str, status: int = 200) -> Response:
    return Response(status, {"content-type": kind, "location": "/l"}, body, "http://x/a", 0.1)


def test_an_answer_in_xml_comes_out_as_json() -> None:
    found = answered_in_json(response(b"<A><b>1</b></A>", f"{API}A+xml; charset=utf-8"))
    assert found.json() == {"A": {"b": "1"}}
    assert found.headers == {"content-type": f"{API}A+json; charset=utf-8", "location": "/l"}
    assert answered_in_json(response(b"<A/>", "text/xml")).content_type == "application/json"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"A":1}', f"{API}A+json"),
        (b"<html></html>", "text/html"),
        (b"<html></html>", "application/xhtml+xml"),
        (b"", f"{API}A+xml"),
        (b"<svg/>", "image/svg+xml"),
    ],
)
def test_any_other_answer_stays_as_it_is(body: bytes, kind: str) -> None:
    given = response(body, kind)
    assert answered_in_json(given) is given


def test_a_good_answer_that_cannot_be_read_is_said_and_a_bad_one_keeps_its_status() -> None:
    with pytest.raises(BadAnswer, match="http://x/a answered 201: not well-formed"):
        answered_in_json(response(b"<A>", f"{API}A+xml", 201))
    given = response(b"<A>", f"{API}A+xml", 502)
    assert answered_in_json(given) is given


@pytest.mark.parametrize(
    "body",
    [
        {"A": {"_href": "/x", "names": {"value": [{"_languageCode": "eng-GB", "#text": "N"}]}}},
        {"ContentObjectStates": {"ObjectState": [{"_href": "/1"}]}},
        {"Policy": {"limitations": {"limitation": [{"_identifier": "Class", "values": {"ref": [{"_href": "1"}]}}]}}},
    ],
)
def test_what_is_written_is_read_back(body: Json) -> None:
    assert from_xml(to_xml(body)) == body
