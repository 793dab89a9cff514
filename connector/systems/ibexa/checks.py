"""What can be said of a declared operation without asking the server: of its age, its parameters and its payload."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from connector.core.errors import RecordError
from connector.core.jsonio import Json, shown
from connector.core.model import Message
from connector.core.nearest import did_you_mean, meant_by_slips
from connector.core.problem import Finding
from connector.systems.ibexa.criteria import never
from connector.systems.ibexa.destinations import unchecked
from connector.systems.operation import Operation
from connector.systems.places import destination as place

_SEARCHED = ("Filter", "Query", "SortClauses", "Aggregations")


def of_entity(entity: str, hint: str, *, reading: bool) -> str:
    """The hint for an entity that there is not: where no known one is like it, it may be a content type."""
    if hint.startswith("Did you mean"):
        return hint
    where = '"find": { "content_types": ["' if reading else '"payload": { "content_type": "'
    end = '"] }' if reading else '" }'
    return f"""If it is a content type: "entity": "content", {where}{shown(entity, 40)}{end}. {hint}"""


def age(operation: Operation) -> Iterator[Finding]:
    """Whether it is deprecated or removed: what to use now, and what is known of it."""
    if operation.status != "active":
        use = f"Use {operation.replaced_by}." if operation.replaced_by else ""
        hint = " ".join(dict.fromkeys(one for one in (use, operation.notes) if one))
        yield Finding("/action", "CFG152", f"{operation.id} is {operation.status} in Ibexa", hint, "warning")


def parameters(operation: Operation, config: Mapping[str, Json]) -> Iterator[Finding]:
    """Path and query parameters that it does not have, or whose value cannot be what it takes."""
    given = {"path": operation.path_params, "query": tuple(operation.query)}
    for part, names in given.items():
        values = config.get(part)
        for name, value in values.items() if isinstance(values, dict) else ():
            if name not in names:
                hint = f"{did_you_mean(name, names)}It has: {', '.join(names) or 'none'}."
                yield Finding(f"/{part}/{name}#", "CFG154", f"{operation.id} has no {part} parameter '{name}'", hint)
            elif part == "query":
                yield from _query_value(operation, name, value)
            elif "${" not in str(value) and (wanted := operation.misfit(name, value)):
                message = f"'{name}' must be {wanted}, not '{shown(str(value), 40)}'"
                yield Finding(f"/path/{name}", "CFG112", message, "By anything else the server finds nothing.")


def really_missing(given: Collection[str], needed: Sequence[str]) -> list[str]:
    """Path parameters without a value; one that stands there under a name that is not known is told by that name."""
    slips = [one for one in given if one not in needed]
    missing = [one for one in needed if one not in given]
    meant = meant_by_slips(slips, needed)
    others = len([one for one in slips if not did_you_mean(one, needed)])
    left = [one for one in missing if one not in meant]
    return left[others:]


def payload(operation: Operation, config: Mapping[str, Json]) -> Iterator[Finding]:
    """Keys and values of a declared payload that it does not take. A mapping may add to it, so nothing is missing."""
    given = config.get("payload")
    if given is None:
        return
    if not operation.content_type:
        yield Finding("/payload#", "CFG154", f"{operation.id} takes no payload", "Leave payload out.")
        return
    if not isinstance(given, dict) or operation.body is None:
        return
    rooted = list(given) == [operation.request_root]
    place = f"/payload/{operation.request_root}" if rooted else "/payload"
    for fault in operation.faults(given):
        searched = any(f"/{one}/" in fault.pointer for one in _SEARCHED)
        code = "CFG158" if searched else "CFG157"
        pointer = place + fault.pointer + ("#" if fault.at_key else "")
        yield Finding(pointer, code, f"{operation.id}: {fault.message}", fault.hint)
    for fault in never(operation.unwrapped(given)) if operation.searches else ():
        yield Finding(place + fault.pointer, "CFG158", f"{operation.id}: {fault.message}", fault.hint, "warning")
    for fault in operation.body.cautions(operation.unwrapped(given)):
        hint = "Leave it out, unless the server has a search engine of its own: Solr or Elasticsearch."
        yield Finding(f"{place}{fault.pointer}#", "CFG158", f"{operation.id}: {fault.message}", hint, "warning")


def destination(operation: Operation, config: Mapping[str, Json]) -> Iterator[Finding]:
    """A destination where there can be none, or one that is no place."""
    given = config.get("destination")
    if given is None or "${" in str(given):
        return
    if not operation.destination:
        yield Finding("/destination#", "CFG154", f"{operation.id} takes no destination", "Leave destination out.")
        return
    if isinstance(given, bool) or not isinstance(given, str | int | dict):
        return  # told of its type already
    try:
        place(operation.id, unchecked(Message(destination=given)).destination)
    except RecordError as error:
        yield Finding("/destination", "CFG112", error.message, error.hint)


def _query_value(operation: Operation, name: str, value: Json) -> Iterator[Finding]:
    wanted = operation.query[name].get("type")
    text = str(value)
    if value is None or "${" in text:
        return
    place = f"/query/{name}"
    if wanted == "integer" and (isinstance(value, bool) or not text.lstrip("-").isdigit()):
        yield Finding(place, "CFG112", f"'{name}' must be a whole number, not '{shown(text, 40)}'")
    if wanted == "boolean" and not isinstance(value, bool) and text not in ("true", "false"):
        yield Finding(place, "CFG112", f"'{name}' must be true or false, not '{shown(text, 40)}'")
    choices = operation.query[name].get("enum", [text])
    if text not in choices:
        hint = f"{did_you_mean(text, choices)}One of: {', '.join(choices)}."
        yield Finding(place, "CFG113", f"'{shown(text, 40)}' is none of the choices", hint)
