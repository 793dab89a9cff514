"""The rich text field: from HTML, plain text, or DocBook as it is."""

from __future__ import annotations

from connector.core.jsonio import Json
from connector.systems.ibexa.fields.codec import Codec, Context
from connector.systems.ibexa.fields.docbook import HEAD, TAIL, from_text, from_tree, same_document, well_formed
from connector.systems.ibexa.fields.html import parse_html
from connector.systems.ibexa.fields.texts import text_of

_EMPTY = {"xml": HEAD + TAIL}


def _richtext(value: Json, context: Context) -> Json:
    if not isinstance(value, dict):
        return {"xml": from_text(text_of(value, context))}
    forms = [name for name in ("html", "text", "xml") if value.get(name) is not None]
    if not forms and set(value) <= {"html", "text", "xml"}:
        return None
    if len(forms) != 1:
        raise context.refuse(value, 'it wants a text, {"html": "…"}, {"text": "…"} or {"xml": "…"}')
    text = text_of(value[forms[0]], context)
    if forms[0] == "html":
        return {"xml": from_tree(parse_html(text))}
    if forms[0] == "text":
        return {"xml": from_text(text)}
    if not well_formed(text):
        raise context.refuse(text, "it is no well-formed XML without a DTD")
    return {"xml": text}


def _same(desired: Json, current: Json) -> bool:
    ours = desired["xml"] if isinstance(desired, dict) else ""
    theirs = str(current.get("xml") or "") if isinstance(current, dict) else ""
    return same_document(ours or _EMPTY["xml"], theirs or _EMPTY["xml"])


def _essence(held: Json) -> Json:
    """Without the form for the editor, which follows from the other."""
    return None if _same(_EMPTY, held) else held["xml"]


RICHTEXT = {"richtext": Codec(_richtext, empty=_EMPTY, equal=_same, essence=_essence)}
