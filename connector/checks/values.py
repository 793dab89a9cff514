"""Whether the fields of a content type can take what a mapping makes of the first records of a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from connector.checks.mapping import Found, mapping_of, object_in, text_in
from connector.checks.samples import Samples
from connector.checks.sentences import for_some
from connector.checks.servers import known_servers
from connector.checks.trial import Trial
from connector.checks.written import Written
from connector.config.pointer import last, leads
from connector.config.project import Project
from connector.core.jsonio import Json, merge
from connector.systems.ibexa.asset_sources import refusal_of
from connector.systems.ibexa.fields.literals import is_known, misfit
from connector.systems.ibexa.foretold import CREATES, Foretold, Refusal, foretold, type_named
from connector.systems.ibexa.known import Known

_CODES = {"value": "CFG220", "asset": "CFG220", "missing": "CFG221", "unknown": "CFG222"}


def check_values(project: Project, samples: Samples, live: Mapping[str, Known] | None = None) -> Iterator[Found]:
    """One finding for each field and what is wrong with it, which names the first record; a warning: files change.

    What the mapping or the outgoing writes as a fixed value is left to the check of types.

    Args:
        project: as loaded.
        samples: what its routes make of their files.
        live: by client, what its server said just now; it takes the place of what was written down.
    """
    known = known_servers(project, live)
    for route in project.routes.values():
        outgoing = project.outgoings.get(text_in(route, "outgoing"))
        trial = samples.trials.get(route.name)
        if outgoing is None or trial is None or text_in(outgoing, "type") != "ibexa" or route.shown in project.unsound:
            continue
        there = known.get(text_in(outgoing, "client"))
        action = f"{text_in(outgoing, 'entity')}.{text_in(outgoing, 'action')}"
        if there is not None and action in CREATES:
            is_sound = outgoing.shown not in project.unsound  # else nobody knows what assets allow
            refusal = refusal_of(outgoing.data.get("assets"), project.root) if is_sound else None
            found = _of_route(Written(route, outgoing, mapping_of(project, route)), action, (there, refusal), trial)
            yield from (one for one in found if one[1].code == "CFG222" or not samples.follows(one))


def _of_route(written: Written, action: str, there: tuple[Known, Refusal | None], trial: Trial) -> Iterator[Found]:
    known, refusal = there
    told: dict[tuple[str, str], list[tuple[str, Foretold]]] = {}
    under = object_in(written.outgoing, "payload")
    for place, message in trial.messages:
        for one in foretold(merge(under, message.payload), action, known, refusal):
            if not _is_fixed(written, action, known, one):
                told.setdefault((one.kind, one.pointer), []).append((place, one))
    for (kind, pointer), found in told.items():
        first, one = found[0]
        places = list(dict.fromkeys(place for place, _ in found))
        said = for_some(len(places), first, one.message, trial.described)
        source, finding = written.finding(pointer, _CODES[kind], said, one.hint, at_key=False, severity="warning")
        yield source, replace(finding, pointer=_there(finding.pointer, source.data))


def _is_fixed(written: Written, action: str, known: Known, one: Foretold) -> bool:
    """Whether it would be so for any record, so that the text of the mapping tells it."""
    content_type = known.types.get(str(type_named(written.whole, action)))
    if content_type is None:
        return False
    place = one.pointer.rpartition("/")[0]
    if one.kind == "missing":
        return written.complete and _said(written, place).get(one.name) is None
    if one.name not in _said(written, place):
        return False
    if one.kind == "unknown":
        return True
    value: Json = _said(written, place)[one.name]
    if one.kind == "asset":
        return is_known(value) and isinstance(value, dict) and "file" in value  # of which asset_files.py tells
    return is_known(value) or misfit(content_type.identifier, content_type.fields[one.name], value) is not None


def _said(written: Written, place: str) -> Mapping[str, Json]:
    if place == "/fields":
        return written.objects(place)
    found = written.objects("/translations").get(last(place))
    return found if isinstance(found, dict) else {}


def _there(pointer: str, data: Json) -> str:
    """The nearest place that is written: what is below an expression stands nowhere."""
    while pointer and not leads(pointer, data):
        pointer = pointer.rpartition("/")[0]
    return pointer
