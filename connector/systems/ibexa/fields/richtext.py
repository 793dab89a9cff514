"""The rich text field: from HTML, Markdown, plain text, or DocBook as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from connector.core.jsonio import Json, shown
from connector.systems.ibexa.fields.codec import Codec, Context, NoSuchContent, NotThereYet
from connector.systems.ibexa.fields.docbook import HEAD, TAIL, from_text, from_tree
from connector.systems.ibexa.fields.documents import is_bare, root_of, same_document, surely_says_something
from connector.systems.ibexa.fields.html import parse_html
from connector.systems.ibexa.fields.references import BY_REMOTE_ID, numbers_in, with_numbers
from connector.systems.ibexa.fields.relations import content_id
from connector.systems.ibexa.fields.texts import text_of

_EMPTY = {"xml": HEAD + TAIL}
_STORED = "{http://docbook.org/ns/docbook}section"
_EDITED = "{http://ibexa.co/namespaces/ezpublish5/xhtml5/edit}section"
"""Roots of the two documents that Ibexa takes; for any other it answers 404 (seen on 4.6.25)."""


def _richtext(value: Json, context: Context) -> Json:
    if not isinstance(value, dict):
        return {"xml": from_text(text_of(value, context))}
    forms = [name for name in _FORMS if value.get(name) is not None]
    if not forms and set(value) <= set(_FORMS):
        return None
    if len(forms) != 1:
        raise context.refuse(value, 'it wants a text, {"html": "…"}, {"markdown": "…"}, {"text": "…"} or {"xml": "…"}')
    text = text_of(value[forms[0]], context)
    made = _FORMS[forms[0]](text, context.lost)
    root = root_of(made)
    if not root:
        raise context.refuse(text, "it is no well-formed XML without a DTD")
    if root not in (_STORED, _EDITED):
        namespace, _, name = root.rpartition("}")
        said = f"<{name}> in {namespace.removeprefix('{') or 'no namespace'}"
        hint = f"Ibexa takes DocBook ({_STORED}) and its editor's XHTML ({_EDITED}); other HTML goes into html."
        raise context.refuse(text, f"its outermost element is {said}, not a section of rich text", hint=hint)
    for scheme, number in sorted(set(numbers_in(made))):
        _ensure_there(context, scheme, number)
    return {"xml": with_numbers(made, partial(_id_of, context))}


def _ensure_there(context: Context, scheme: str, number: int) -> None:
    """Ibexa refuses a link to nothing when a draft is made already, and takes an embed of nothing (4.6.25's code)."""
    known = context.gateway.has_content if scheme == "ezcontent" else context.gateway.has_location
    if not known(number):
        name = context.definition.identifier
        message = f"{context.content_type}.{name} leads to {scheme}://{number}, which is not in Ibexa"
        hint = (
            f"Correct the id; or write {BY_REMOTE_ID[scheme]}://… with the remote id, which is the same in every Ibexa."
        )
        raise NoSuchContent(message, hint=hint, step=f"fields.{name}")


def _id_of(context: Context, scheme: str, remote_id: str) -> int:
    """The id of the content item, or of its main Location.

    Raises:
        NotThereYet: it has none yet.
    """
    number = content_id({"remote_id": remote_id}, context)
    if scheme == "ezcontent":
        return number
    path = context.gateway.location_path(remote_id)
    if path is None:
        place = f"{context.content_type}.{context.definition.identifier}"
        message = f"{place} leads to the Location of '{shown(remote_id, 60)}', which has none yet"
        hint = "It has one once it is published. Then this is sent by itself."
        raise NotThereYet(message, hint=hint, step=f"fields.{context.definition.identifier}", needs=remote_id)
    return int(path.rpartition("/")[2])


def lost_in(value: Json) -> list[str]:
    """What a value has no form for as rich text, each time it comes; nothing if it is no HTML or Markdown."""
    lost: list[str] = []
    forms = [name for name in ("html", "markdown") if isinstance(value, dict) and isinstance(value.get(name), str)]
    for name in forms:
        _FORMS[name](value[name], lost)
    return lost


def _html(text: str, lost: list[str]) -> str:
    return from_tree(parse_html(text), lost)


def _markdown(text: str, lost: list[str]) -> str:
    """CommonMark with tables and strikethrough; HTML inside of it is text."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - only where a mapping yields Markdown

    reader = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    return _html(reader.render(text), lost)


def _docbook(text: str, _lost: list[str]) -> str:
    return text if text.strip() else _EMPTY["xml"]


def _text(text: str, _lost: list[str]) -> str:
    return from_text(text)


_FORMS: Mapping[str, Callable[[str, list[str]], str]] = {
    "html": _html,
    "markdown": _markdown,
    "text": _text,
    "xml": _docbook,
}


def _same(desired: Json, current: Json) -> bool:
    """Ibexa answers both documents; ours is compared with the one that it is."""
    ours = (desired["xml"] if isinstance(desired, dict) else "") or _EMPTY["xml"]
    held = current if isinstance(current, dict) else {}
    if same_document(ours, str(held.get("xml") or "") or _EMPTY["xml"]):
        return True
    return root_of(ours) == _EDITED and same_document(ours, str(held.get("xhtml5edit") or ""))


def _essence(held: Json) -> Json:
    """Without the form for the editor, which follows from the other."""
    xml = held.get("xml") if isinstance(held, dict) else None
    says = isinstance(xml, str) and surely_says_something(xml)
    return None if not says and _same(_EMPTY, held) else held["xml"]


def _is_nothing(value: Json) -> bool:
    xml = value.get("xml") if isinstance(value, dict) else None
    return not xml or is_bare(str(xml))


RICHTEXT = {"richtext": Codec(_richtext, empty=_EMPTY, equal=_same, is_nothing=_is_nothing, essence=_essence)}
