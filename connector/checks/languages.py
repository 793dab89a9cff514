"""Whether language codes have the form of Ibexa's, wherever one is written. Which ones a server has, is types.py's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from connector.checks.mapping import Found, known_text, mapping_of, object_in, text_in
from connector.checks.servers import known_servers
from connector.checks.written import Written
from connector.config.declaration import Declaration
from connector.config.pointer import below
from connector.config.project import Project
from connector.core.jsonio import Json, shown
from connector.core.problem import Finding
from connector.systems.ibexa.known import Known
from connector.systems.ibexa.languages import is_code, meant_by

_CODES = frozenset(
    {"main_language", "language", "languages", "mainLanguageCode", "initialLanguageCode", "languageCode"}
    | {"_languageCode", "defaultLanguageCode", "LanguageCodeCriterion"}
)
"""Keys whose value is a code, or a list of codes."""
_BY_LANGUAGE = frozenset({"translations", "names", "descriptions"})
"""Keys whose value is an object by code."""
_API = frozenset({"value", "_languageCode", "#text"})
"""Members of the API's own form of ``names``: ``{"value": [{"_languageCode": …, "#text": …}]}``."""
_FOREIGN = frozenset({"fields", "owners", "fieldValue"})
"""Their keys are what an editor calls fields, or what a field type makes of them: no words of ours."""


def check_languages(project: Project, live: Mapping[str, Known] | None = None) -> Iterator[Found]:
    """Codes of another form, in mappings, payloads, queries and searches.

    Args:
        project: as loaded.
        live: by client, what its server said just now. Where the languages are known, types.py tells of them.
    """
    known = {client for client, one in known_servers(project, live).items() if one.languages}
    for incoming in project.incomings.values():
        if text_in(incoming, "type") == "ibexa" and incoming.shown not in project.unsound:
            for part in ("find", "payload", "query"):
                if part == "query" or text_in(incoming, "client") not in known:
                    yield from _declared(incoming, part)
    for route in project.routes.values():
        outgoing = project.outgoings.get(text_in(route, "outgoing"))
        if outgoing is None or text_in(outgoing, "type") != "ibexa" or outgoing.shown in project.unsound:
            continue
        yield from _declared(outgoing, "query")
        written = Written(route, outgoing, mapping_of(project, route))
        for pointer, code, at_key in _codes(dict(written.whole), ""):
            told_elsewhere = text_in(outgoing, "client") in known and pointer.split("/")[1] in (
                "main_language",
                "translations",
            )
            if not told_elsewhere:
                message, hint = _told(code)
                yield written.finding(pointer, "CFG167", message, hint, at_key=at_key, severity="warning")


def _declared(declaration: Declaration, part: str) -> Iterator[Found]:
    for pointer, code, at_key in _codes(object_in(declaration, part), f"/{part}"):
        message, hint = _told(code)
        yield declaration, Finding(pointer + "#" * at_key, "CFG167", message, hint, "warning")


def _told(code: str) -> tuple[str, str]:
    meant = meant_by(code)
    hint = f"Write {meant}. " if meant else ""
    return f"'{shown(code, 40)}' has not the form of Ibexa's language codes", f"{hint}They are such as eng-GB, nor-NO."


def _codes(node: Json, pointer: str) -> Iterator[tuple[str, str, bool]]:
    """Pointer and text of each code of another form, and whether it is a key."""
    if isinstance(node, list):
        for number, one in enumerate(node):
            yield from _codes(one, below(pointer, number))
    for key, value in node.items() if isinstance(node, dict) else ():
        place = below(pointer, key)
        if key in _CODES:
            yield from _given(value, place)
        elif key in _BY_LANGUAGE and isinstance(value, dict) and not _API & set(value):
            yield from ((below(place, code), code, True) for code in value if _is_other(code))
        elif key not in _FOREIGN or isinstance(value, list) or (isinstance(value, dict) and "field" in value):
            yield from _codes(value, place)


def _given(value: Json, place: str) -> Iterator[tuple[str, str, bool]]:
    for at, one in [("", str(known_text(value)[0]))] if isinstance(value, str) else _numbered(value):
        for code in one.split(","):
            if _is_other(code.strip()):
                yield place + at, code.strip(), False


def _numbered(value: Json) -> list[tuple[str, str]]:
    listed = value if isinstance(value, list) else []
    return [(f"/{number}", one) for number, one in enumerate(listed) if isinstance(one, str)]


def _is_other(code: str) -> bool:
    return bool(code) and "${" not in code and not is_code(code)
