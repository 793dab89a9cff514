"""The guards of the program, each taken out by a patch: the scenario that watches it must then turn red.

A promise that stays green without its guard proves nothing. The patches live here, never in the program.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import quote, urljoin

from msgspec.structs import replace

from connector.clients import http, transport
from connector.clients.auth.jwt import Jwt
from connector.clients.body import decoded
from connector.clients.request import Request, Response
from connector.core import jsonio, template
from connector.core.errors import ClientError, ConnectorError
from connector.core.jsonio import Json
from connector.core.secrets import Redactor
from connector.incoming import cursor
from connector.incoming import http as http_incoming
from connector.incoming.paging import Guard
from connector.incoming.paging.ending import Ending
from connector.incoming.paging.keyset import Keyset
from connector.incoming.paging.overlap import Met
from connector.incoming.select import Selection
from connector.outgoing.ibexa import IbexaOutgoing
from connector.routes import intake, mapped, missing
from connector.routes import run as route_run
from connector.routes.deliver import Deliverer
from connector.store import engine, leases, runs
from connector.store import tasks as task_rows
from connector.store.tables import task
from connector.systems.ibexa.actions.content import action, drafts, upsert
from tests.faults import promises_run as on_runs
from tests.faults import promises_wire as on_wire

patch = mock.patch.object


@dataclass(frozen=True, slots=True)
class Sabotage:
    """A guard taken out, and the promise that then breaks: a scenario that gives "" when it is kept."""

    promise: Callable[[Path], str]
    without: Callable[[], AbstractContextManager[Any]]


def _forgotten_suspicion() -> AbstractContextManager[Any]:
    send = IbexaOutgoing._send_one
    return patch(IbexaOutgoing, "_send_one", lambda me, one, delivery: send(me, one, replace(delivery, suspect=False)))


@contextmanager
def _no_look_up() -> Iterator[None]:
    with (
        patch(action, "find", lambda *_: None),
        patch(upsert, "find", lambda *_: None),
        patch(upsert, "says_remote_id_exists", lambda _: False),
    ):
        yield


@contextmanager
def _always_changed() -> Iterator[None]:
    """Neither a record nor a message is ever the one that it was."""
    with (
        patch(mapped, "fingerprint_of", lambda *parts: jsonio.fingerprint_of(*parts, str(next(_counted)).encode())),
        patch(mapped, "fingerprint", lambda *values: jsonio.fingerprint([*values, next(_counted)])),
    ):
        yield


@contextmanager
def _checkpoint_first() -> Iterator[None]:
    """The checkpoint in a transaction of its own, before the records."""
    take, move = intake.Intake._take_part, runs.move_checkpoint

    def early(me: Any, records: Any, position: Any, now: Any) -> int:
        if position is not None:
            with me._store.writing() as connection:
                move(connection, (me._route.name, position[0]), position[1], (me._run_id, now))
        return take(me, records, None, now)

    with patch(intake.Intake, "_take_part", early):
        yield


@contextmanager
def _every_read_is_whole() -> Iterator[None]:
    read = route_run.RouteRun._read_one

    def pretending(me: Any, *given: Any) -> bool:
        with contextlib.suppress(ConnectorError):
            read(me, *given)
        return True

    with patch(route_run.RouteRun, "_read_one", pretending), patch(route_run, "is_whole", lambda *_: True):
        yield


def _recovered_as_new() -> AbstractContextManager[Any]:
    def recover(connection: Any, route: str) -> int:
        left = (task.c.route == route) & (task.c.state == "processing")
        return int(connection.execute(task.update().where(left).values(state="new", fence=0)).rowcount)

    return patch(task_rows, "recover", recover)


def _lease_for_all() -> AbstractContextManager[Any]:
    """Everybody gets the lease, and nobody is fenced off."""
    stack = ExitStack()
    stack.enter_context(patch(leases, "TTL", timedelta(seconds=-1)))
    stack.enter_context(patch(leases, "guard", lambda *_: None))
    return stack


def _log_ins_without_a_lock() -> AbstractContextManager[Any]:
    def build(cls: Any, config: Any, send: Any, clock: Any) -> Any:
        made = cls(config, send, clock)
        made._lock = contextlib.nullcontext()
        return made

    return patch(Jwt, "build", classmethod(build))


def _anything_is_a_list() -> AbstractContextManager[Any]:
    return _all_of(
        patch(Selection, "records_in", lambda me, body, where: body["items"] if _has_items(body) else []),
        patch(Response, "json", _lenient),
        patch(http.HttpClient, "send", _never_failing(http.HttpClient.send)),
    )


def _has_items(body: Json) -> bool:
    return isinstance(body, dict) and isinstance(body.get("items"), list)


def _lenient(me: Response, **_: Any) -> Json:
    import json

    try:
        return json.loads(me.body)
    except ValueError:
        return {}


def _never_failing(send: Callable[[Any, Request], Response]) -> Callable[[Any, Request], Response]:
    def sent(me: Any, request: Request) -> Response:
        try:
            return replace(send(me, request), status=200)
        except ClientError:
            return Response(200, {}, b"", "", 0.0)

    return sent


def _all_of(*managers: AbstractContextManager[Any]) -> AbstractContextManager[Any]:
    stack = ExitStack()
    for one in managers:
        stack.enter_context(one)
    return stack


def _plain_parse(data: bytes | str, **_: Any) -> Json:
    import json

    return json.loads(data)


def _no_fault(_me: Any, *_: Any) -> None:
    return None


def _count_pages(me: Any, *_: Any) -> None:
    me._pages += 1


def _as_it_comes(_paginator: Any, request: Any, ask: Any) -> Met:
    page = ask(request)
    return Met(request, page, page.without(request.known))


def _unguarded_header(_name: str, value: Json) -> str:
    return str(value)


def _higher(me: Any, value: Json, record: Json, _now: Any) -> Json:
    return record["updated"] or value


WIRE: Mapping[str, Sabotage] = {
    "log-ins without a lock": Sabotage(on_wire.one_log_in_for_all_workers, _log_ins_without_a_lock),
    "writes repeated like reads": Sabotage(
        on_wire.a_write_is_sent_once, lambda: patch(Request, "is_safe", property(lambda me: True))
    ),
    "redirects of writes followed": Sabotage(
        on_wire.a_write_is_not_redirected, lambda: patch(Request, "is_safe", property(lambda me: True))
    ),
    "no origin check": Sabotage(
        on_wire.credentials_stay_at_home, lambda: patch(http, "resolve_link", lambda link, base, _: urljoin(base, link))
    ),
    "no loop guard": Sabotage(on_wire.a_circle_is_left_at_once, lambda: patch(Guard, "fault", _no_fault)),
    "no page digests": Sabotage(
        on_wire.pages_that_come_again_are_noticed, lambda: patch(Guard, "has_read", _count_pages)
    ),
    "no count at the end": Sabotage(
        on_wire.a_listing_shorter_than_it_says_is_no_success, lambda: patch(Guard, "short", _no_fault)
    ),
    "no look for a next page": Sabotage(
        on_wire.a_next_page_that_is_not_followed_is_no_end, lambda: patch(Ending, "doubt", _no_fault)
    ),
    "pages not joined": Sabotage(
        on_wire.a_row_that_goes_hides_no_other, lambda: patch(http_incoming, "met", _as_it_comes)
    ),
    "keyset in any order": Sabotage(
        on_wire.a_keyset_in_no_order_is_no_whole_read, lambda: patch(Keyset, "_check", _no_fault)
    ),
    "numbers as doubles": Sabotage(
        on_wire.every_digit_goes_out_again, lambda: patch(jsonio, "_READER", json.JSONDecoder(parse_float=float))
    ),
    "anything is a listing": Sabotage(on_wire.what_is_no_listing_is_not_an_empty_one, _anything_is_a_list),
    "no body limit": Sabotage(
        on_wire.a_bomb_is_refused,
        lambda: patch(transport, "decoded", lambda chunks, coding, _: decoded(chunks, coding, 1 << 40)),
    ),
    "no header check": Sabotage(
        on_wire.a_header_cannot_split_a_request, lambda: patch(http, "_checked_header", _unguarded_header)
    ),
    "no path check": Sabotage(
        on_wire.a_path_value_stays_one_segment,
        lambda: patch(template, "segment", lambda text, name="": quote(text, safe="/")),
    ),
    "lenient JSON": Sabotage(
        on_wire.strict_json_or_a_bad_answer,
        lambda: patch(Response, "json", lambda me, **_: _plain_parse(me.body)),
    ),
    "no redaction": Sabotage(on_wire.no_secret_is_told, lambda: patch(Redactor, "clean", lambda me, text: text)),
    "Retry-After ignored": Sabotage(
        on_wire.nothing_is_asked_before_the_time_that_was_named,
        lambda: patch(http, "retry_after", lambda *_: None),
    ),
}

RUNS: Mapping[str, Sabotage] = {
    "resent without a look-up": Sabotage(on_runs.a_lost_answer_makes_no_second_entity, _forgotten_suspicion),
    "no look-up by key": Sabotage(on_runs.what_was_lost_is_found_by_its_key, _no_look_up),
    "drafts not looked for": Sabotage(
        on_runs.no_draft_of_ours_is_left_over, lambda: patch(drafts, "leftovers", lambda *_: [])
    ),
    "checkpoint before the data": Sabotage(on_runs.the_checkpoint_is_not_ahead_of_the_data, _checkpoint_first),
    "no fence": Sabotage(on_runs.a_former_owner_cannot_write, lambda: patch(leases, "guard", lambda *_: None)),
    "no lease": Sabotage(on_runs.one_process_runs_a_route, _lease_for_all),
    "deletes after a partial read": Sabotage(on_runs.a_broken_read_deletes_nothing, _every_read_is_whole),
    "no limit for deletes": Sabotage(
        on_runs.too_many_deletes_are_none, lambda: patch(missing, "guard", lambda *_, **__: None)
    ),
    "half-sent tasks forgotten": Sabotage(on_runs.what_may_be_half_sent_is_suspect, _recovered_as_new),
    "nothing is unchanged": Sabotage(on_runs.the_second_run_writes_nothing, _always_changed),
    "no limit for failures": Sabotage(
        on_runs.a_wrong_mapping_stops_the_run, lambda: patch(Deliverer, "_too_many_failures", lambda me: None)
    ),
    "transactions that begin late": Sabotage(
        on_runs.no_database_is_locked,
        lambda: patch(engine, "_begin_sqlite", lambda connection: connection.exec_driver_sql("BEGIN")),
    ),
    "any time moves the cursor": Sabotage(
        on_runs.a_time_from_the_future_does_not_move_the_cursor, lambda: patch(cursor.Cursor, "higher", _higher)
    ),
}
_counted = iter(range(10**9))


SABOTAGES: Mapping[str, Sabotage] = {**WIRE, **RUNS}
