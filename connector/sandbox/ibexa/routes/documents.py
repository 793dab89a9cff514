"""Operations on kept documents: a few verbs, and a table that says which operation is which."""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import unquote, urlencode

from connector.sandbox.ibexa import inputs
from connector.sandbox.ibexa.access import check_write
from connector.sandbox.ibexa.documents import rules, table
from connector.sandbox.ibexa.documents.shapes import fill, shown
from connector.sandbox.ibexa.errors import bad_request
from connector.sandbox.ibexa.wire import Answer, Call, Route

Json = Any


def _allowed(call: Call, row: Json) -> None:
    module = rules.spec_of(row["of"])["module"] if "of" in row else ""
    if module:
        check_write(call, f"{module}/{row['do']}")


def _document(call: Call, row: Json) -> Json:
    if row.get("current"):
        return _current_basket(call)
    return rules.one(call.repository, row["of"], unquote(call.params["identifier"]))


def _current_basket(call: Call) -> Json:
    for each in call.repository.documents.all("basket"):
        if each["ownerId"] == call.user.id and "name" not in each:
            return each
    return rules.create(call.repository, "basket", {}, call.user.id, {})


def _answer(call: Call, row: Json, document: Json) -> Answer:
    status = row.get("status", 200)
    if status == 204:
        return Answer(204)
    if "shape" in row:
        return Answer(status, row["media"], {row["media"]: fill(row["shape"], document, call.repository.documents)})
    root = rules.spec_of(row["of"])["root"]
    return Answer(status, root, {root: shown(call.repository.documents, row["of"], document)})


def _create(call: Call, row: Json) -> Answer:
    more: dict[str, Json] = {}
    if "within" in row:
        owner, parameter, field = row["within"]
        more[field] = rules.one(call.repository, owner, unquote(call.params[parameter]))["identifier"]
    return _answer(call, row, rules.create(call.repository, row["of"], call.body, call.user.id, more))


def _get(call: Call, row: Json) -> Answer:
    return _answer(call, row, _document(call, row))


def _update(call: Call, row: Json) -> Answer:
    body = {row["value_to"]: call.body.get("value")} if "value_to" in row else call.body
    document = _document(call, row)
    rules.update(call.repository, row["of"], document, body, row.get("keep"))
    return _answer(call, row, document)


def _delete(call: Call, row: Json) -> Answer:
    call.repository.documents.remove(row["of"], _document(call, row))
    return Answer(row.get("status", 204))


def _listed(call: Call, row: Json, found: list[Json], identifier: Json = None) -> Answer:
    documents = call.repository.documents
    items = [shown(documents, row["of"], each) for each in found]
    offset, limit = (inputs.whole(call.request.param(name) or 0) for name in ("offset", "limit"))
    limit = limit or inputs.whole(call.request.param("count") or 0)
    page = items[offset : offset + limit if limit else None] if row.get("pages") else items
    links = [{key: each[key] for key in ("_media-type", "_href") if key in each} for each in page]
    query = f"?{urlencode(call.request.query)}" if call.request.query else ""
    values = {
        **call.params,
        "identifier": call.params.get("identifier", identifier),
        "address": call.request.path + query,
        "items": page,
        "links": links,
        "count": len(items),
    }
    return _answer(call, row, values)


def _list(call: Call, row: Json) -> Answer:
    found = call.repository.documents.all(row["of"])
    if "within" in row:
        owner, parameter, field = row["within"]
        identifier = rules.one(call.repository, owner, unquote(call.params[parameter]))["identifier"]
        found = [each for each in found if each.get(field) == identifier]
    if row.get("named"):
        found = [each for each in found if "name" in each and each["ownerId"] == call.user.id]
    for parameter, field in row.get("filters", {}).items():
        wanted = [each for each in (call.request.param(parameter) or "").split(",") if each]
        found = [each for each in found if not wanted or set(wanted) & set(str(each.get(field)).split(","))]
    return _listed(call, row, found)


def _search(call: Call, row: Json) -> Answer:
    query = call.body.get(row["query"])
    if query is not None and not isinstance(query, (dict, list)):
        raise bad_request(f"Invalid <{row['query']}> format")
    wanted = query if isinstance(query, dict) else {}
    found = [
        each
        for each in call.repository.documents.all(row["of"])
        if "ownerId" not in wanted or each.get("ownerId") == inputs.whole(wanted["ownerId"])
    ]
    offset = inputs.whole(wanted.get("offset", 0))
    size = inputs.whole(wanted["limit"]) if "limit" in wanted else len(found)
    answer = _listed(call, row, found[offset : offset + size], call.body.get("identifier"))
    answer.body[row["media"]]["Result"]["count"] = len(found)
    return answer


def _assigned_to(call: Call) -> list[int]:
    return call.repository.documents.assigned("segment", call.repository.content(call.number("userId")).id)


def _list_assigned(call: Call, row: Json) -> Answer:
    own = _assigned_to(call)
    return _listed(call, row, [each for each in call.repository.documents.all(row["of"]) if each["id"] in own])


def _named(call: Call, row: Json) -> list[Json]:
    names = call.body.get(row["named_in"])
    if not isinstance(names, list):
        raise bad_request(f"Missing or invalid '{row['named_in']}' element.")
    return [rules.one(call.repository, row["of"], str(each)) for each in names]


def _assign(call: Call, row: Json) -> Answer:
    own = _assigned_to(call)
    own.extend(each["id"] for each in _named(call, row) if each["id"] not in own)
    return Answer(204)


def _unassign(call: Call, row: Json) -> Answer:
    own = _assigned_to(call)
    segment = rules.one(call.repository, row["of"], unquote(call.params["segmentIdentifier"]))
    own[:] = [each for each in own if each != segment["id"]]
    return Answer(204)


def _delete_named(call: Call, row: Json) -> Answer:
    for each in _named(call, row):
        call.repository.documents.remove(row["of"], each)
    return Answer(204)


def _add_part(call: Call, row: Json) -> Answer:
    document = _document(call, row)
    entries = call.body if isinstance(call.body, list) else [call.body]
    rules.add_parts(call.repository, row["of"], document, row["part"], entries)
    return _answer(call, row, document)


def _change_part(call: Call, row: Json) -> Answer:
    document = _document(call, row)
    entry = rules.part_of(document, row["part"], call.params["entryId"])
    entry.update({key: call.body[key] for key in ("quantity", "context") if key in call.body})
    return _answer(call, row, document)


def _remove_part(call: Call, row: Json) -> Answer:
    document = _document(call, row)
    document[row["part"]].remove(rules.part_of(document, row["part"], call.params["entryId"]))
    return _answer(call, row, document)


def _clear_parts(call: Call, row: Json) -> Answer:
    document = _document(call, row)
    document[row["part"]].clear()
    return _answer(call, row, document)


def _cancel(call: Call, row: Json) -> Answer:
    rules.move_on(row["of"], _document(call, row), "cancel")
    return Answer(row["status"])


def _set_party(call: Call, row: Json) -> Answer:
    document = _document(call, row)
    document["parties"][call.params["partyType"]] = call.body
    return _answer(call, row, document)


def _save_current(call: Call, row: Json) -> Answer:
    name = unquote(call.params["basketName"])
    if any(each.get("name") == name for each in call.repository.documents.all("basket")):
        return _invalid("msg.duplicate_basket_name_not_allowed")
    return _answer(call, row, _copied(call, _current_basket(call), name=name))


def _copy_to_current(call: Call, row: Json) -> Answer:
    source = _document(call, row)
    call.repository.documents.remove("basket", _current_basket(call))
    copied = _copied(call, source)
    del copied["name"]
    return _answer(call, row, copied)


def _copied(call: Call, source: Json, **changes: Json) -> Json:
    kept = {key: copy.deepcopy(value) for key, value in source.items() if key not in {"id", "identifier"}}
    return call.repository.documents.add("basket", {**kept, **changes})


def _invalid(message: str) -> Answer:
    body = {"_media-type": "application/vnd.ibexa.api.ValidationResponse+json", "messages": {"_error": [message]}}
    return Answer(400, "ValidationResponse", {"ValidationResponse": body})


def _fixed(call: Call, row: Json) -> Answer:
    return _answer(call, row, {})


_VERBS: dict[str, Callable[[Call, Json], Answer]] = {
    "create": _create,
    "get": _get,
    "update": _update,
    "delete": _delete,
    "list": _list,
    "search": _search,
    "list_assigned": _list_assigned,
    "assign": _assign,
    "unassign": _unassign,
    "delete_named": _delete_named,
    "add_part": _add_part,
    "change_part": _change_part,
    "remove_part": _remove_part,
    "clear_parts": _clear_parts,
    "cancel": _cancel,
    "set_party": _set_party,
    "save_current": _save_current,
    "copy_to_current": _copy_to_current,
    "fixed": _fixed,
}


def _run(row: Json, call: Call) -> Answer:
    _allowed(call, row)
    return _VERBS[row["do"]](call, row)


def _route(row: Json) -> Route:
    method, _, template = row["at"].partition(" ")
    lists = row.get("input") == "BasketLineData"
    return Route(row["op"], method, template, partial(_run, row), row.get("input"), lists=lists)


ROUTES = tuple(_route(row) for row in table("operations"))
