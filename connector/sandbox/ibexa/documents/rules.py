"""What can be done to kept documents: made, changed, moved on in their workflow, and their parts likewise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from connector.sandbox.ibexa.chance import new_uuid
from connector.sandbox.ibexa.documents import table
from connector.sandbox.ibexa.errors import bad_request, not_found, refused
from connector.sandbox.ibexa.repository import Repository

Json = Any
_ANEW: dict[str, Callable[[Repository, int], Json]] = {
    "uuid": lambda _repository, _user: str(new_uuid()),
    "now": lambda repository, _user: repository.now(),
    "user": lambda _repository, user: user,
    "list": lambda _repository, _user: [],
    "map": lambda _repository, _user: {},
}


def spec_of(collection: str) -> Json:
    """The collection's entry in the table."""
    return table("collections")[collection]


def one(repository: Repository, collection: str, key: str) -> Json:
    """The document, or 404."""
    found = repository.documents.find(collection, key)
    if found is None:
        raise not_found(spec_of(collection)["root"], key)
    return found


def create(repository: Repository, collection: str, body: Json, user_id: int, more: Mapping[str, Json]) -> Json:
    """A new document of what the body says; 400 when it lacks something, 406 for an identifier in use."""
    spec = spec_of(collection)
    _demand(body, spec.get("required", ()))
    document = {**more, **_kept(repository, spec, body, spec["keep"])}
    for key, value in spec.get("set", {}).items():
        make = _ANEW.get(value) if isinstance(value, str) else None
        document.setdefault(key, make(repository, user_id) if make else value)
    _refuse_used(repository, collection, document.get("identifier"))
    return _touched(repository, spec, repository.documents.add(collection, document))


def update(repository: Repository, collection: str, document: Json, body: Json, keep: list[str] | None) -> None:
    """Take over what the body says of the keys to keep; a transition comes first, and may refuse."""
    spec = spec_of(collection)
    changes = _kept(repository, spec, body, spec["keep"] if keep is None else keep)
    identifier = changes.pop("identifier", document["identifier"])
    if identifier != document["identifier"]:
        _refuse_used(repository, collection, identifier)
    if "transition" in body:
        move_on(collection, document, str(body["transition"]))
    if identifier != document["identifier"]:
        repository.documents.rename(collection, document, str(identifier))
    document.update(changes)
    _touched(repository, spec, document)


def move_on(collection: str, document: Json, transition: str) -> None:
    """Go one step in the workflow; 406 when the status does not allow it."""
    steps = spec_of(collection)["workflow"].get(document["status"], {})
    if transition not in steps:
        status = document["status"]
        raise refused("$transition", f"Transition '{transition}' is not allowed in status '{status}'")
    document["status"] = steps[transition]


def add_parts(repository: Repository, collection: str, document: Json, part: str, entries: list[Json]) -> None:
    """Add entries of a cart, or lines of a basket."""
    spec = spec_of(collection)
    for entry in entries:
        _demand(entry, spec["part"]["required"])
    for entry in entries:
        number = max((each["id"] for each in document[part]), default=0) + 1
        kept = {key: entry[key] for key in spec["part"]["keep"] if key in entry}
        document[part].append({"id": number, "identifier": str(new_uuid()), **kept})
    _touched(repository, spec, document)


def part_of(document: Json, part: str, key: str) -> Json:
    """An entry by identifier or id, or 404."""
    for each in document[part]:
        if key in {each["identifier"], str(each["id"])}:
            return each
    raise not_found("Entry", key)


def _demand(body: Json, required: tuple[str, ...] | list[str]) -> None:
    for name in required:
        if not isinstance(body, dict) or name not in body:
            raise bad_request(f"Missing or invalid '{name}' element.")


def _kept(repository: Repository, spec: Json, body: Json, keep: list[str]) -> dict[str, Json]:
    kept = {key: body[key] for key in keep if key in body}
    for field, collection in spec.get("known", {}).items():
        if field in kept:
            named = kept[field]["_href"].rpartition("/")[2] if isinstance(kept[field], dict) else str(kept[field])
            one(repository, collection, named)
    return kept


def _refuse_used(repository: Repository, collection: str, identifier: Json) -> None:
    if identifier is not None and repository.documents.find(collection, str(identifier)) is not None:
        root = spec_of(collection)["root"]
        raise refused("$identifier", f"{root} with identifier '{identifier}' already exists")


def _touched(repository: Repository, spec: Json, document: Json) -> Json:
    if "touched" in spec:
        document[spec["touched"]] = repository.now()
    return document
