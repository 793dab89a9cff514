"""Asks a source for its first page, and says what of an incoming's declaration does not fit the answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from connector.core.errors import BadAnswer, PagingError, RecordError, SourceError
from connector.core.jsonio import Json, shown
from connector.core.model import Batch, Record
from connector.core.problem import Finding
from connector.core.protocols import Stop
from connector.incoming.http import HttpIncoming

_AT: Mapping[int | None, str] = {400: "query", 422: "query", 401: "client", 403: "client"}
_NAMED = 12


def first_look(incoming: HttpIncoming, stop: Stop, now: datetime) -> list[Finding]:
    """What is found: one request, and a second where the answer names a next page that the paging does not lead to.

    Raises:
        ClientError: the source is away, or does not take the credentials; of any answer but a page it is a finding.
    """
    try:
        batch = next(iter(incoming.readings({}, now)[0].batches(stop)))
    except BadAnswer as error:
        if error.status == 401:
            raise
        return [_refused(incoming, _AT.get(error.status, "endpoint"), error.message, error.hint)]
    except SourceError as error:
        return [_refused(incoming, "records", error.message, error.hint)]
    except RecordError as error:
        return [_refused(incoming, "request_transformer", error.message, error.hint)]
    except PagingError as error:
        return [_refused(incoming, "pagination", error.message, error.hint)]
    return [*_keys(incoming, batch), *batch.notes]


def _refused(incoming: HttpIncoming, key: str, message: str, hint: str) -> Finding:
    pointer = f"/{key}" if incoming.config.get(key) not in (None, {}) else "/endpoint"
    return Finding(pointer, "CFG210", message, hint)


def _keys(incoming: HttpIncoming, batch: Batch) -> Iterator[Finding]:
    wrong = [one for one in batch.records if one.problem is not None and one.problem.code in ("REC110", "REC111")]
    if not wrong or wrong[0].problem is None:
        return
    key = "records" if wrong[0].problem.code == "REC110" else "key"
    message, hint = wrong[0].problem.message, _there(wrong[0]) or wrong[0].problem.hint
    if len(wrong) == len(batch.records):
        yield _refused(incoming, key, f"of all {len(wrong)} records of the first page: {message}", hint)
    else:
        some = f"of {len(wrong)} of the {len(batch.records)} records of the first page: {message} ({wrong[0].origin})"
        yield Finding(f"/{key}", "CFG211", some, wrong[0].problem.hint, "warning")


def _there(record: Record) -> str:
    data: Json = record.data
    names = shown(", ".join(str(one) for one in list(data)[:_NAMED]), 200) if isinstance(data, dict) else ""
    return f"A record has: {names}. Correct `key`." if names else ""
