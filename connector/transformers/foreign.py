"""What was most likely meant by an expression in another language: JSONPath, templates, SQL, JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator

from connector.core.jsonio import shown

_JSONPATH = re.compile(r"\s*\$\.?(?=[A-Za-z_\"\[]|$)")
_PLACE = re.compile(r"\$?\{\{?\s*([A-Za-z_][\w.]*)\s*\}?\}")
_ARITHMETIC = re.compile(r"[*/-]")
_CHARACTERS = {"*": "multiplication", "/": "division", "-": "subtraction"}
_NEGATED = re.compile(r"\bnot\s+(?:(\w[\w.]*(?:\([^()]*\))?)|\()", re.IGNORECASE)
_OPENING = {"{": "}", "(": ")", "[": "]"}
_NO_CODE = re.compile(r"'(?:[^'\\]|\\.)*'|`[^`]*`|\"(?:[^\"\\]|\\.)*\"")

_SAME: dict[str, tuple[str, ...]] = {
    "default(value, other)": ("coalesce", "ifnull", "nvl", "isnull", "if_null", "ifempty", "if_empty", "fallback"),
    "length(value)": ("strlen", "len", "size", "count"),
    "concat(a, b)": ("format", "sprintf", "printf", "string_concat", "textjoin"),
    "upper(value)": ("uppercase", "toupper", "to_upper", "ucase", "strtoupper", "upcase"),
    "lower(value)": ("lowercase", "tolower", "to_lower", "lcase", "strtolower", "downcase"),
    "trim(value)": ("strip", "ltrim", "rtrim"),
    "number(value)": ("int", "float", "parseint", "parsefloat", "cast", "integer", "to_int", "to_float", "decimal"),
    "to_string(value)": ("str", "string", "tostring", "text", "to_text"),
    "parse_date(value, '%d.%m.%Y')": ("strptime", "to_date", "todate", "date", "strtotime"),
    "format_date(value, '%d.%m.%Y')": ("strftime", "date_format", "dateformat"),
    "hash(value)": ("md5", "sha1", "sha256", "crc32"),
    "contains(value, part)": ("includes", "in", "has", "like", "instr", "indexof", "strpos"),
    "split(value, ',')": ("explode", "tokenize"),
    "join(', ', list)": ("implode",),
    "truncate(value, `100`)": ("substring", "substr", "left", "mid"),
    "strip_html(value)": ("strip_tags", "striptags"),
    "required(value, 'why')": ("assert", "error", "raise"),
    "lookup({a: 'x'}, value, 'else')": ("switch", "decode", "choose", "get"),
}
_WORDS = {name: call for call, names in _SAME.items() for name in names}
_CONDITIONS = frozenset({"if", "iif", "case", "when", "cond", "ternary"})
_NONE = {
    "zip": "There is none like it: let the source give a list of objects.",
    "now": "There is none like it: a mapping knows no clock, so that the same record always gives the same message.",
    "regex": "There is none like it: split(), replace(), starts_with() and contains() work on texts.",
}
_NONE["not"] = "Write ! for not: !(…)."
_NONE |= dict.fromkeys(("today", "current_date", "getdate", "date_now"), _NONE["now"])
_NONE |= dict.fromkeys(("match", "matches", "regexp_replace", "regex_replace", "preg_replace", "test"), _NONE["regex"])
_CHOICE = "Write a condition as: condition && yes || no. (Where yes may be empty, no is taken then.)"


def of_function(name: str) -> str:
    """A hint for a function that other tools have under this name; empty where none is known."""
    word = name.lower()
    if word in _CONDITIONS:
        return _CHOICE
    if word in _WORDS:
        return f"Here it is {_WORDS[word]}."
    return _NONE.get(word, "")


def of_language(text: str, offset: int) -> str:
    """A hint when an expression is one of another language where it is at fault; else empty.

    Args:
        text: as written.
        offset: of what JMESPath does not take.
    """
    for rule in (_comment, _json_path, _template, _choice, _negation, _member, _computed_key, _sum):
        hint = rule(text, offset)
        if hint:
            return hint
    return ""


def _comment(text: str, offset: int) -> str:
    if text.startswith(("//", "/*", "--"), offset) or text.startswith(("/*", "//"), max(0, offset - 1)):
        return "A comment is a line that begins with #, above the expression of a .jmespath file."
    return ""


def _json_path(text: str, offset: int) -> str:
    if text[offset : offset + 1] != "$" or text.startswith("${", offset):
        return ""
    if not _JSONPATH.match(text, offset):
        return ""
    rest = re.sub(r"(?<![\w'\"])\$\.?", "", text)
    meant = re.sub(r"^\.+", "", rest) or "@"
    return f"That is JSONPath. In JMESPath a field is read without $: {shown(meant, 60)}."


def _template(text: str, offset: int) -> str:
    """``{{sku}}``, ``${SKU}`` and ``p-{sku}``; of an object ``{sku: sku}`` each name has a colon."""
    found = next((one for one in _PLACE.finditer(text) if one.start() <= offset <= one.end()), None)
    if found is None and (text.lstrip()[:1] not in "{$" and offset < text.find("{")):
        found = _PLACE.search(text, offset)  # ``p-{sku}``: the hyphen comes first
    if found is None:
        return ""
    before, after = text[: found.start()].strip(), text[found.end() :].strip()
    if not before and not after:
        return f"Nothing is filled in here: a field is written as it is called, {found[1]}."
    simple = re.fullmatch(r"[\w ./:-]*", before + after)
    parts = [f"'{text[: found.start()]}'" if before else "", found[1], f"'{text[found.end() :]}'" if after else ""]
    meant = ", ".join(one for one in parts if one) if simple else f"'…', {found[1]}"
    return f"Nothing is filled in within a text: join them by concat({shown(meant, 80)})."


def _choice(text: str, offset: int) -> str:
    if text.startswith("??", offset):
        return "Write default(a, b), or a || b, which takes b for an empty text too."
    if text[offset : offset + 1] != "?":
        return ""
    return _CHOICE if ":" in text[offset:] else "There is no ? operator here. " + _CHOICE


def _negation(text: str, offset: int) -> str:
    for found in _NEGATED.finditer(text):
        if found.start() <= offset <= found.end():
            return f"Write ! for not: !{found[1] or '(…)'}."
    return ""


def _member(text: str, offset: int) -> str:
    """``{R = 'Red'}``: between a name and its value."""
    if text[offset : offset + 1] != "=":
        return ""
    return "Write : between a name and its value." if _innermost(text[:offset]) == "{" else "Write == to compare."


def _innermost(text: str) -> str:
    """The bracket that is open at the end of a text."""
    open_: list[str] = []
    for one in _NO_CODE.sub("", text):
        if one in _OPENING:
            open_.append(one)
        elif open_ and one == _OPENING[open_[-1]]:
            open_.pop()
    return open_[-1] if open_ else ""


def _computed_key(text: str, offset: int) -> str:
    """``{R: 'Red'}[colour]``: what stands in brackets is a number, or a condition."""
    found = re.search(r"[\]})\w\"]\s*\[\s*$", text[:offset])
    name = re.match(r"[A-Za-z_][\w.]*(?=\s*\])", text[offset:])
    if found is None or name is None:
        return ""
    return f"What an object has under a computed key is lookup(object, {name[0]}); the third argument is for all else."


def _sum(text: str, offset: int) -> str:
    """``price * 1.25``: told at the sign, or at the number behind it."""
    at = next((one for one in _near(text, offset) if _ARITHMETIC.match(text, one)), None)
    if at is None or not (re.search(r"[\w)\]`\"]\s*$", text[:at]) and re.match(r"\s*[\w(`\"]", text[at + 1 :])):
        return ""
    spaced = text[at - 1 : at] == " " and text[at + 1 : at + 2] == " "
    numbers = re.match(r"\s*`?\d", text[at + 1 :]) or re.search(r"\d`?\s*$", text[:at])
    sign = text[at]
    if (sign == "-" and not (spaced and numbers)) or not (spaced or numbers):
        return ""
    return f"There is no arithmetic in JMESPath, so no {_CHARACTERS[sign]}: let the source give what is wanted."


def _near(text: str, offset: int) -> Iterator[int]:
    yield offset
    before = text[:offset].rstrip(" `")
    if before:
        yield len(before) - 1
