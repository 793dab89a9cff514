"""What a route's transformers do, step by step, and which fields they write, as far as their text says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from jmespath.lexer import Lexer
from msgspec import Struct

from connector.config.declaration import TransformerSource
from connector.config.pointer import below
from connector.core.jsonio import Json, shown
from connector.transformers.expression import ExpressionError, syntax_tree
from connector.transformers.files import expression_of

_OPEN, _CLOSE = ("lbrace", "lparen", "lbracket", "filter"), ("rbrace", "rparen", "rbracket")
_WORDS = 60


class Step(Struct, frozen=True):
    """One step: its file and line, its number from 1, its kind, and the first words of what it says."""

    file: str
    line: int
    number: int
    kind: str
    words: str

    def as_json(self) -> dict[str, Json]:
        """Flat."""
        return {
            "file": self.file, "line": self.line, "step": self.number, "kind": self.kind, "words": self.words
        }  # fmt: skip


class Written(Struct, frozen=True):
    """One field that a step writes: ``payload.fields.name``, by which expression, and where that stands."""

    field: str
    expression: Json
    file: str
    line: int
    step: int

    def as_json(self) -> dict[str, Json]:
        """Flat."""
        return {
            "field": self.field, "expression": self.expression, "file": self.file, "line": self.line, "step": self.step
        }  # fmt: skip


def steps_of(source: TransformerSource) -> list[Step]:
    """The steps of a file; a ``.jmespath`` file is one."""
    if source.suffix == ".jmespath":
        text, line = _located(source)
        return [Step(source.shown, line, 1, "jmespath", _short(text))]
    return [
        Step(source.shown, source.place(f"/{at}").line, at + 1, str(step["type"]), _first_words(step))
        for at, step in enumerate(source.data)
    ]


def fields_of(source: TransformerSource) -> list[Written]:
    """The fields that ``map`` steps and the outermost objects of expressions write."""
    if source.suffix == ".jmespath":
        text, _ = _located(source)
        start = len(source.text.removeprefix("\ufeff")) - len(text)
        return [
            Written(field, part, source.shown, source.place("", offset=start + at).line, 1)
            for field, part, at in members(text)
        ]
    found: list[Written] = []
    for at, step in enumerate(source.data):
        if step["type"] == "map":
            leaves = _leaves(step["to"], "", f"/{at}/to")
            found += [
                Written(field, one, source.shown, source.place(place).line, at + 1) for field, one, place in leaves
            ]
        elif step["type"] == "jmespath":
            line = source.place(f"/{at}/expression").line
            parts = members(str(step["expression"]))
            found += [Written(field, part, source.shown, line, at + 1) for field, part, _ in parts]
    return found


def members(text: str) -> list[tuple[str, str, int]]:
    """Dotted key, expression, and offset of each member of the object that an expression makes.

    Empty when only running it tells: when it is no object in braces, nor a pipe that ends in one.
    """
    try:
        tree: Mapping[str, Any] = syntax_tree(text)
    except ExpressionError:
        return []
    read = list(Lexer().tokenize(text))  # the ends that it gives are wrong for quoted texts: the next start is used
    tokens = [{**one, "until": after["start"]} for one, after in pairwise(read)]
    while tree["type"] == "pipe":
        tree = tree["children"][-1]
        tokens = _parts(tokens, "pipe")[-1]
    return list(_object(text, tree, tokens, ""))


def _object(text: str, tree: Mapping[str, Any], tokens: Sequence[Any], path: str) -> Iterator[tuple[str, str, int]]:
    """The syntax tree says what is an object; the tokens, where its members stand in the text."""
    if tree["type"] != "multi_select_dict" or tokens[0]["type"] != "lbrace":
        if path:
            yield path, text[tokens[0]["start"] : tokens[-1]["until"]].strip(), tokens[0]["start"]
        return
    pairs = _parts(tokens[1:-1], "comma")
    for pair, part in zip(tree["children"], pairs, strict=True):
        name = f"{path}.{pair['value']}" if path else str(pair["value"])
        yield from _object(text, pair["children"][0], part[2:], name)


def _parts(tokens: Sequence[Any], separator: str) -> list[list[Any]]:
    """The tokens between separators that are in no bracket."""
    found: list[list[Any]] = [[]]
    depth = 0
    for token in tokens:
        depth += (token["type"] in _OPEN) - (token["type"] in _CLOSE)
        if token["type"] == separator and not depth:
            found.append([])
        else:
            found[-1].append(token)
    return found


def _leaves(node: Json, path: str, pointer: str) -> Iterator[tuple[str, Json, str]]:
    if isinstance(node, dict) and node:
        for name, one in node.items():
            yield from _leaves(one, f"{path}.{name}" if path else str(name), below(pointer, name))
    elif isinstance(node, list) and node:
        for at, one in enumerate(node):
            yield from _leaves(one, f"{path}[{at}]", below(pointer, at))
    else:
        yield path, node, pointer


def _located(source: TransformerSource) -> tuple[str, int]:
    """The expression of a ``.jmespath`` file, and the line where it begins."""
    text = expression_of(source.text)
    start = len(source.text.removeprefix("\ufeff")) - len(text)
    return text, source.place("", offset=start).line


def _first_words(step: Mapping[str, Json]) -> str:
    if step.get("description"):
        return _short(str(step["description"]))
    if isinstance(step.get("to"), dict):
        return _short(", ".join(field for field, _, _ in _leaves(step["to"], "", "")))
    return _short(
        " ".join(one for key, one in step.items() if isinstance(one, str) and key not in ("type", "$comment"))
    )


def _short(text: str) -> str:
    return shown(" ".join(text.split()), _WORDS)
