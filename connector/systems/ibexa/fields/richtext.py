"""The rich text field: from HTML, Markdown, plain text, or DocBook as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from connector.core.jsonio import Json
from connector.systems.ibexa.fields.codec import Codec, Context
from connector.systems.ibexa.fields.docbook import HEAD, TAIL, from_text, from_tree, same_document, well_formed
from connector.systems.ibexa.fields.html import parse_html
from connector.systems.ibexa.fields.texts import text_of

_EMPTY = {"xml": HEAD + TAIL}


def _richtext(value: Json, context: Context) -> Json:
    if not isinstance(value, dict):
        return {"xml": from_text(text_of(value, context))}
    forms = [name for name in _FORMS if value.get(name) is not None]
    if not forms and set(value) <= set(_FORMS):
        return None
    if len(forms) != 1:
        raise context.refuse(value, 'it wants a text, {"html": "…"}, {"markdown": "…"}, {"text": "…"} or {"xml": "…"}')
    text = text_of(value[forms[0]], context)
    made = _FORMS[forms[0]](text)
    if made is None:
        raise context.refuse(text, "it is no well-formed XML without a DTD")
    return {"xml": made}


def _html(text: str) -> str:
    return from_tree(parse_html(text))


def _markdown(text: str) -> str:
    """CommonMark with tables and strikethrough; HTML inside of it is text."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - only where a mapping yields Markdown

    reader = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    return _html(reader.render(text))


def _docbook(text: str) -> str | None:
    return text if well_formed(text) else None


_FORMS: Mapping[str, Callable[[str], str | None]] = {
    "html": _html,
    "markdown": _markdown,
    "text": from_text,
    "xml": _docbook,
}


def _same(desired: Json, current: Json) -> bool:
    ours = desired["xml"] if isinstance(desired, dict) else ""
    theirs = str(current.get("xml") or "") if isinstance(current, dict) else ""
    return same_document(ours or _EMPTY["xml"], theirs or _EMPTY["xml"])


def _essence(held: Json) -> Json:
    """Without the form for the editor, which follows from the other."""
    return None if _same(_EMPTY, held) else held["xml"]


RICHTEXT = {"richtext": Codec(_richtext, empty=_EMPTY, equal=_same, essence=_essence)}
