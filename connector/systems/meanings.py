"""What the answers of an operation mean, status by status: what the row says, else what the status always means."""

from __future__ import annotations

from collections.abc import Mapping

from connector.systems.operation import Operation

USUAL: Mapping[int, str] = {
    201: "made; the Location header names it",
    204: "done; there is no body",
    301: "moved for good: the Location header leads to it",
    307: "the Location header leads to it, and is followed",
    400: "the body or a parameter is not valid",
    401: "not logged in, or the permission is missing",
    403: "not possible in this state, or already there",
    404: "gone, or never there",
    405: "the address does not take this method",
    406: "a value is refused",
    409: "in conflict with what is there",
    410: "gone",
    412: "changed by somebody else meanwhile",
    500: "the server failed, mostly over a wrong value",
    501: "not implemented",
}
_OTHER = {2: "done", 3: "a redirect", 4: "refused", 5: "the server failed"}


def meanings(operation: Operation) -> dict[str, str]:
    """By status as text, in the order of the numbers; empty when nothing is known of the answers."""
    return {
        str(status): operation.says.get(str(status)) or _usual(operation, status)
        for status in sorted(operation.answers)
    }


def _usual(operation: Operation, status: int) -> str:
    if status == 200:
        return "the list" if operation.list_at else "the answer" if operation.reads else "done"
    return USUAL.get(status) or _OTHER.get(status // 100, "")
