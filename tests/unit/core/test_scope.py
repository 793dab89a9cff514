"""What belongs to a run belongs to the threads that it starts, and to no others."""

from __future__ import annotations

import threading
from functools import partial
from typing import Any

import pytest

from connector.core.clock import StopEvent
from connector.core.errors import Stopped
from connector.core.scope import RunOrProcessStop, carried, check_going, log_request, logging_to, stopped_by


def in_thread(work: Any) -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def test_requests_go_to_the_log_of_the_run_whose_thread_it_is() -> None:
    kept: list[Any] = []
    with logging_to(kept.append):
        log_request({"at": "here"})
        in_thread(partial(carried(log_request), {"at": "its thread"}))
        in_thread(lambda: log_request({"at": "a foreign thread"}))
    log_request({"at": "afterwards"})
    assert [one["at"] for one in kept] == ["here", "its thread"]


def test_shared_parts_look_at_the_stop_of_the_run_they_work_for() -> None:
    process, own = StopEvent(), StopEvent()
    shared = RunOrProcessStop(process)
    seen: list[bool] = []

    def look() -> None:
        seen.append(bool(shared))

    own.set()
    with stopped_by(own):
        in_thread(carried(look))
        in_thread(look)
    assert (seen, bool(shared)) == ([True, False], False)
    process.set()
    assert shared.wait(0)


def test_a_thread_that_outlives_its_run_may_send_nothing_more() -> None:
    found: list[str] = []
    goes_on = threading.Event()

    def work() -> None:
        check_going()
        goes_on.wait(10)
        try:
            check_going()
        except Stopped as error:
            found.append(error.message)

    with stopped_by(StopEvent()):
        thread = threading.Thread(target=carried(work))
        thread.start()
    goes_on.set()
    thread.join()
    assert found == ["the run ended before this was sent"]
    check_going()  # who belongs to no run may


@pytest.mark.parametrize("count", [1, 8])
def test_the_same_work_may_be_carried_by_many_threads_at_once(count: int) -> None:
    kept: list[Any] = []
    together = threading.Barrier(count)

    def work() -> None:
        together.wait(10)
        log_request({})

    with logging_to(kept.append):
        one = carried(work)
        threads = [threading.Thread(target=one) for _ in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(kept) == count
