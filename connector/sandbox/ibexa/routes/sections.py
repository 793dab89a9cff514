"""Operations on sections."""

from __future__ import annotations

from typing import Any

from connector.sandbox.ibexa.access import check_write, may, refusal
from connector.sandbox.ibexa.errors import bad_request, broken_in_database, conflict, forbidden, incorrect, not_found
from connector.sandbox.ibexa.limitations import of_section
from connector.sandbox.ibexa.model import Section
from connector.sandbox.ibexa.repository import collate
from connector.sandbox.ibexa.wire import Answer, Call, Route, no_content, ref

Json = Any


def _render(section: Section) -> Json:
    link = ref("Section", f"/content/sections/{section.id}")
    return {**link, "sectionId": section.id, "identifier": section.identifier, "name": section.name}


def _shown(section: Section, status: int = 200) -> Answer:
    return Answer(status, "Section", {"Section": _render(section)}, accept_patch="SectionInput")


def _picked(call: Call) -> Section:
    section = call.repository.sections.get(call.number("sectionId"))
    if section is None:
        raise not_found("Section", call.params["sectionId"])
    if not _may_view(call, section):
        raise refusal("section/view")
    return section


def _may_view(call: Call, section: Section) -> bool:
    return may(call, "section/view", lambda: of_section(section.id))


def _by_identifier(call: Call, identifier: str) -> Section | None:
    wanted = collate(identifier)
    return next((each for each in call.repository.sections.values() if collate(each.identifier) == wanted), None)


def _text(call: Call, key: str, own: int | None) -> str:
    """403 for what is no text, and in a new section for nothing (which "0" is too)."""
    value = call.body[key]
    if not isinstance(value, str) or (own is None and value in {"", "0"}):
        kept = call.repository.sections.get(own) if own else None
        told = value if kept is None else getattr(kept, key)  # seen in the source: it tells the value that stays
        raise forbidden(incorrect(key, told, "Section" if kept else "SectionCreateStruct").description)
    return value


def _input(call: Call, own: int | None = None) -> tuple[str, str]:
    for name in ("name", "identifier"):
        if name not in call.body:
            raise bad_request(f"Missing '{name}' attribute for SectionInput.")
    name, identifier = (_text(call, each, own) for each in ("name", "identifier"))
    if len(name) > 255 or len(identifier) > 255:
        raise broken_in_database("data too long")
    other = _by_identifier(call, identifier)
    if other is not None and other.id != own:
        struct = "sectionCreateStruct" if own is None else "sectionUpdateStruct"
        raise forbidden(f"Argument '{struct}' is invalid: A Section with the specified identifier already exists")
    return identifier, name


def _list(call: Call) -> Answer:
    identifier = call.request.param("identifier")
    found = [each for each in call.repository.sections.values() if _may_view(call, each)]
    if identifier is not None:
        one = _by_identifier(call, identifier)
        if one is None:
            raise not_found("Section", identifier)
        if not _may_view(call, one):
            raise refusal("section/view")
        found = [one]
    body = {**ref("SectionList", "/content/sections"), "Section": [_render(each) for each in found]}
    return Answer(200, "SectionList", {"SectionList": body})


def _create(call: Call) -> Answer:
    check_write(call, "section/edit")
    identifier, name = _input(call)
    section = Section(call.repository.take_id("section"), identifier, name)
    call.repository.sections[section.id] = section
    answer = _shown(section, 201)
    answer.location = f"/api/ibexa/v2/content/sections/{section.id}"
    return answer


def _get(call: Call) -> Answer:
    return _shown(_picked(call))


def _update(call: Call) -> Answer:
    section = _picked(call)
    check_write(call, "section/edit", lambda: of_section(section.id))
    section.identifier, section.name = _input(call, section.id)
    return _shown(section)


def _delete(call: Call) -> Answer:
    section = _picked(call)
    if not may(call, "section/edit", lambda: of_section(section.id)):
        raise refusal("section/edit", {"sectionId": section.id})
    if any(item.section_id == section.id for item in call.repository.contents.values()):
        raise conflict("section", "The Section still has content assigned")
    del call.repository.sections[section.id]
    return no_content()


_ONE = "/content/sections/{sectionId:int}"
ROUTES = (
    Route("section.list", "GET", "/content/sections", _list),
    Route("section.create", "POST", "/content/sections", _create, "SectionInput"),
    Route("section.get", "GET", _ONE, _get),
    Route("section.update", "PATCH", _ONE, _update, "SectionInput"),
    Route("section.delete", "DELETE", _ONE, _delete),
)
