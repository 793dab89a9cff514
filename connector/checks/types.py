"""Whether mappings and declarations fit the content types that were discovered: fields, values, languages.

What a client's server has is known from ``configs/types/``; with ``validate --online`` it was asked for just now.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from connector.checks.mapping import Found, known_text, mapping_of, object_in, text_in
from connector.checks.servers import AGAIN, fresh, known_servers
from connector.checks.written import Written
from connector.config.declaration import Declaration
from connector.config.pointer import below, last
from connector.config.project import Project
from connector.core.jsonio import Json
from connector.core.nearest import did_you_mean, meant_by_slips
from connector.core.problem import Finding
from connector.systems.ibexa.fields import is_emptied
from connector.systems.ibexa.fields.literals import misfit
from connector.systems.ibexa.foretold import CREATES, type_named
from connector.systems.ibexa.known import Known, server_of
from connector.systems.ibexa.languages import meant_by
from connector.systems.ibexa.type_document import FILLED_OTHERWISE, needed, type_of_document
from connector.systems.ibexa.types import ContentType


def check_types(project: Project, live: Mapping[str, Known] | None = None) -> Iterator[Found]:
    """Findings of all routes and incomings.

    Args:
        project: as loaded.
        live: by client, what its server said just now; it takes the place of what was written down.
    """
    yield from _unusable(project)
    known = known_servers(project, live)
    for incoming in project.incomings.values():
        client = text_in(incoming, "client")
        if client in known:
            yield from fresh(_searched(incoming, known[client]), client, live)
    for route in project.routes.values():
        outgoing = project.outgoings.get(text_in(route, "outgoing"))
        if outgoing is None or text_in(outgoing, "client") not in known:
            continue
        action = f"{text_in(outgoing, 'entity')}.{text_in(outgoing, 'action')}"
        if text_in(outgoing, "type") == "ibexa" and action in CREATES:
            written = Written(route, outgoing, mapping_of(project, route))
            yield from fresh(_message(written, action, known[written.client]), written.client, live)


def _unusable(project: Project) -> Iterator[Found]:
    for client, files in project.discovered.items():
        sound = [(one, type_of_document(one.data) is not None) for one in files.types]
        if files.server is not None:
            sound.append((files.server, server_of(files.server.data) is not None))
        for source, usable in sound:
            if not usable:
                hint = f"Run `connector discover {client}`, which writes it again; or remove it."
                yield source, Finding("", "CFG187", "this is not what `connector discover` writes", hint, "warning")


def _searched(incoming: Declaration, known: Known) -> Iterator[Found]:
    find = object_in(incoming, "find")
    lists = {"content_types": (known.identifiers, _no_type), "languages": (known.languages, _no_language)}
    for word, (there, problem) in lists.items():
        given = find.get(word)
        for number, one in enumerate(given if isinstance(given, list) else ()):
            name, severity = _fixed(one)
            if "," in name and word == "languages":  # told of the search itself
                continue
            if name and there and name not in there:
                code, message, hint = problem(name, there, text_in(incoming, "client"))
                if "," in name:
                    hint = "Each identifier is a text of its own in the list."
                yield incoming, Finding(f"/find/{word}/{number}", code, message, hint, severity)


def _fixed(value: Json) -> tuple[str, str]:
    """The text that a value is known to be, else nothing; and how bad it is when that is wrong.

    A variable's default is a warning only: where the variable is set, it does not count.
    """
    text, by_default = known_text(value)
    return (text, "warning" if by_default else "error") if isinstance(text, str) and "${" not in text else ("", "")


def _message(written: Written, action: str, known: Known) -> Iterator[Found]:
    yield from _languages(written, known)
    name, severity = _fixed(type_named(written.whole, action))
    if not name:
        return
    if known.identifiers and name not in known.identifiers:
        code, message, hint = _no_type(name, known.identifiers, written.client)
        yield written.finding("/content_type", code, message, hint, at_key=False, severity=severity)
    elif name in known.types:
        content_type = known.types[name]
        yield from _fields(written, content_type)
        if CREATES[action] and written.complete:
            yield from _lacking(written, content_type)
        if CREATES[action] and action != "user.upsert" and written.complete:
            yield from _unmapped(written, content_type)


def _languages(written: Written, known: Known) -> Iterator[Found]:
    main = written.whole.get("main_language")
    places = {"/main_language": main} | {below("/translations", one): one for one in written.objects("/translations")}
    for pointer, value in places.items():
        name, severity = _fixed(value)
        if known.languages and name and name not in known.languages:
            code, message, hint = _no_language(name, known.languages, written.client)
            at_key = pointer != "/main_language"
            yield written.finding(pointer, code, message, hint, at_key=at_key, severity=severity)


def _fields(written: Written, content_type: ContentType) -> Iterator[Found]:
    for name, value in written.objects("/fields").items():
        yield from _field(written, content_type, below("/fields", name), value)
    for name in written.objects("/owners"):
        yield from _field(written, content_type, below("/owners", name), None)
    for language, fields in written.objects("/translations").items():
        place = below("/translations", language)
        for name, value in fields.items() if isinstance(fields, dict) else ():
            yield from _field(written, content_type, below(place, name), value)
            definition = content_type.fields.get(name)
            if definition is not None and not definition.translatable and value is not None:
                message = f"{content_type.identifier}.{name} is the same in all languages: it cannot be translated"
                hint = "Leave it out of translations."
                yield written.finding(below(place, name), "CFG185", message, hint)
    matched = written.objects("/match").get("field")
    if isinstance(matched, str) and "${" not in matched and matched not in content_type.fields:
        yield _no_field(written, content_type, "/match/field", matched, at_key=False)


def _field(written: Written, content_type: ContentType, pointer: str, value: Json) -> Iterator[Found]:
    name = last(pointer)
    definition = content_type.fields.get(name)
    if definition is None:
        yield _no_field(written, content_type, pointer, name)
        return
    found = misfit(content_type.identifier, definition, value)
    if found is not None:
        hint = found.hint.replace("Correct the mapping or the source.", "Correct the value that is written here.")
        yield written.finding(pointer + found.key, "CFG184", found.message, hint, at_key=bool(found.key))


def _joined(written: Written) -> Iterator[Mapping[str, Json]]:
    """The translations that are joined with ``fields``: of the main language; of all where only a run tells it."""
    main, severity = _fixed(written.whole.get("main_language"))
    for language, fields in written.objects("/translations").items():
        if isinstance(fields, dict) and (severity != "error" or language == main):
            yield fields


def _lacking(written: Written, content_type: ContentType) -> Iterator[Found]:
    fields = [written.objects("/fields"), *_joined(written)]
    given = {name for part in fields for name, one in part.items() if one is not None and not is_emptied(one)}
    given |= meant_by_slips(given, content_type.fields)  # of the slip it is told already
    lacks = [one.identifier for one in content_type.fields.values() if needed(one) and one.identifier not in given]
    if lacks:
        many = "a field" if len(lacks) == 1 else "fields"
        message = f"{content_type.identifier} requires {many} that nobody gives: {', '.join(lacks)}"
        again = AGAIN.format(client=written.client)
        hint = f"Write it in the mapping, or for all messages in {written.outgoing.shown}. {again}"
        yield written.finding("/fields", "CFG182", message, hint)


def _unmapped(written: Written, content_type: ContentType) -> Iterator[Found]:
    said = {*written.objects("/fields"), *written.objects("/owners")}.union(*_joined(written))
    left = [
        one.identifier
        for one in content_type.fields.values()
        if one.identifier not in said and not needed(one) and one.type not in FILLED_OTHERWISE
    ]
    if left:
        message = f"the mapping leaves {len(left)} of {len(content_type.fields)} fields of "
        message += f"{content_type.identifier} alone: {', '.join(left)}"
        hint = "Nothing is wrong with that. A field that is written as null is left alone too, and not told here."
        yield written.finding("/fields", "CFG186", message, hint, severity="info")


def _no_field(written: Written, content_type: ContentType, pointer: str, name: str, *, at_key: bool = True) -> Found:
    hint = f"{did_you_mean(name, content_type.fields)}It has: {', '.join(content_type.fields) or 'none'}. "
    message = f"{content_type.identifier} has no field '{name}'"
    return written.finding(pointer, "CFG181", message, hint + AGAIN.format(client=written.client), at_key=at_key)


def _no_type(name: str, there: tuple[str, ...], client: str) -> tuple[str, str, str]:
    hint = f"{did_you_mean(name, there)}{AGAIN.format(client=client)}"
    return "CFG180", f"the server of '{client}' has no content type '{name}'", hint


def _no_language(code: str, there: tuple[str, ...], client: str) -> tuple[str, str, str]:
    meant = meant_by(code)
    near = f"Did you mean '{meant}'? " if meant in there else did_you_mean(code, there)
    hint = f"{near}It has: {', '.join(there)}. {AGAIN.format(client=client)}"
    return "CFG183", f"the server of '{client}' has no language '{code}'", hint
