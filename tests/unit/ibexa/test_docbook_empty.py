"""What is told to say something without parsing does so when it is parsed."""

from __future__ import annotations

import pytest

from connector.systems.ibexa.fields.docbook import HEAD, TAIL, from_text
from connector.systems.ibexa.fields.documents import same_document, surely_says_something
from connector.systems.ibexa.fields.richtext import RICHTEXT

EMPTY = HEAD + TAIL
SECTION = HEAD.partition("\n")[2]


@pytest.mark.parametrize(
    ("xml", "sure"),
    [
        (from_text("a word"), True),
        (HEAD + "<para></para>" + TAIL, True),
        (EMPTY, False),
        (SECTION + " \n " + TAIL, False),
        (SECTION + "<!-- <para></para> -->" + TAIL, False),
        (SECTION + "<?note <para></para>?>" + TAIL, False),
        (HEAD + "<?note <para></para>?>" + TAIL, False),
        (SECTION + "<![CDATA[</para></para>]]>" + TAIL, False),
        (HEAD + "<para/>" + TAIL, False),
    ],
)
def test_sure_is_never_wrong(xml: str, sure: bool) -> None:
    assert surely_says_something(xml) is sure
    if sure:
        assert not same_document(EMPTY, xml)
    assert RICHTEXT["richtext"].essence({"xml": xml}) == (None if same_document(EMPTY, xml) else xml)
