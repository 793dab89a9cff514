"""Names in an expression that look like a text or a true: in JMESPath only single quotes make a text.

Told without knowing any record, so only what a name can hardly be is told.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from jmespath.lexer import Lexer
from msgspec import Struct

from connector.core.jsonio import shown
from connector.transformers.expression import ExpressionError, syntax_tree
from connector.transformers.meant import as_name, needs_quotes
from connector.transformers.names import Name, Node, in_order, names_of

_NEEDS_NO_QUOTES = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NO_WORD = re.compile(r"[\s,;:.\-\u2013\u2014_/|+&()\[\]\\]*")
"""What separates and joins; a heading such as ``#`` or ``%`` is none of it."""
_CUT_OFF = re.compile(r"\s.*|.*\s|.*[-_:/,;=]", re.DOTALL)
"""What a text is glued to something by: a source's headings are read without blanks around them."""
_TEMPLATE = re.compile(r"\{\{.+?\}\}|^\{[\w.]+\}$|\$\{\w+\}")
_LITERALS = ("true", "false")
"""Not null: a field that is not there is null, so that ``name != null`` says what it looks like."""
_TEXTS: Mapping[str, Sequence[int]] = {
    "join": (0,),
    "split": (1,),
    "replace": (1, 2),
    "starts_with": (1,),
    "ends_with": (1,),
    "parse_date": (1,),
    "format_date": (1,),
    "required": (1,),
}
"""Arguments that are written in the mapping itself, by function: separators, forms, words for a person."""


class Suspect(Struct, frozen=True):
    """A name that is most likely none.

    Attributes:
        offset: characters into the expression.
    """

    offset: int
    message: str
    hint: str


def suspects(text: str) -> list[Suspect]:
    """The names of an expression that look like something else, in their order; none if it does not compile."""
    try:
        tree = syntax_tree(text)
    except ExpressionError:
        return []
    names = names_of(tree, text)
    texts = set(_in_places_of_texts(tree, names))
    found = []
    for at, name in names.items():
        if name.follows or name.leads or name.offset < 0:
            continue
        if name.text in _LITERALS and not name.quoted:
            message = f"{name.text} is read as the name of a field"
            found.append(Suspect(name.offset, message, f"Write `{name.text}`, in backticks."))
        elif name.quoted and (at in texts or _is_text(name)):
            found.append(Suspect(name.offset, *in_double_quotes(name.text)))
    return [*found, *_templates(text), *_constants(tree)]


def _templates(text: str) -> Iterator[Suspect]:
    """Texts with places that nothing fills in."""
    for token in Lexer().tokenize(text):
        value: object = token["value"]
        if token["type"] == "literal" and isinstance(value, str) and _TEMPLATE.search(value):
            hint = "Write the field's name without quotes, or concat('…', name)."
            yield Suspect(int(token["start"]), f"'{shown(value, 40)}' is a text, in which nothing is filled in", hint)


def texts_that_are_names(text: str, names: Collection[str]) -> Iterator[Suspect]:
    """Fixed texts that are written like an odd name of a field: ``'Article number'`` where there is such a column.

    Of plain words nothing is told: they may well be both.
    """
    try:
        syntax_tree(text)
    except ExpressionError:
        return
    for token in Lexer().tokenize(text):
        value: object = token["value"]
        if token["type"] == "literal" and isinstance(value, str) and value in names and needs_quotes(value):
            message = f"'{shown(value, 40)}' is a text here, the same in each message, and a field has that name"
            yield Suspect(int(token["start"]), message, f"If the field is meant, write {as_name(value)}")


def _constants(node: Node) -> Iterator[Suspect]:
    """``'status' == 'active'``: two texts, and neither is read."""
    children = [one for one in node.get("children", ()) if isinstance(one, dict)]
    if node["type"] == "comparator" and all(one["type"] == "literal" for one in children):
        left = shown(children[0]["value"], 40)
        yield Suspect(0, f"two fixed values are compared here: '{left}' is not read", "A field's name has no quotes.")
    for child in children:
        yield from _constants(child)


def in_double_quotes(text: str) -> tuple[str, str]:
    """Message and hint."""
    message = f"in JMESPath, double quotes make the name of a field of '{text}', not a text"
    return message, f"If the text is meant, write it in single quotes: {in_quotes(text)}."


def in_quotes(text: str) -> str:
    """A fixed text as JMESPath."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _is_text(name: Name) -> bool:
    return bool(_NO_WORD.fullmatch(name.text) or _CUT_OFF.fullmatch(name.text))


def _in_places_of_texts(node: Node, names: Mapping[int, Name]) -> Iterator[int]:
    """Ids of the names that stand where a text is expected."""
    children = [one for one in in_order(node) if isinstance(one, dict)]
    if node["type"] == "function_expression":
        for at in _TEXTS.get(str(node["value"]), ()):
            if at < len(children):
                yield id(children[at])
    if node["type"] == "comparator" and node["value"] in ("eq", "ne"):
        yield from _compared(names, *children)
    for child in children:
        yield from _in_places_of_texts(child, names)


def _compared(names: Mapping[int, Name], left: dict[str, Any], right: dict[str, Any]) -> Iterator[int]:
    """``status == "active"``: quotes that a name would not need, beside something that is read."""
    for one, other in ((right, left), (left, right)):
        name = names.get(id(one))
        needless = name is not None and name.quoted and _NEEDS_NO_QUOTES.fullmatch(name.text)
        if needless and other["type"] != "literal":
            yield id(one)
            return
