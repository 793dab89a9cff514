"""Alerts over a real run log, a real mail server and a real webhook: told once, cleared once, never in the way."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connector.alerts import ALERTS, NotTold
from connector.app import Application
from connector.core.problem import Problem
from connector.core.secrets import Secret
from connector.runtime import watch
from connector.sandbox.http import Response
from connector.store import Store, alarms, clients, open_store, runs
from connector.store.clients import Down
from tests.faults.project import ThingsProject
from tests.integration.alerts.mail import MailServer
from tests.integration.clients.scripted import Answer, Scripted, js
from tests.tls import Authority

SECRET = "canary-hook-secret"
PASSWORD = "canary-smtp-password"
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
AWAY = Problem("NET008", "client ibexa is down", where="client ibexa")


class Place:
    """A project with one webhook alert, its run log, and the server at the other end."""

    def __init__(self, root: Path, *answers: Answer, **when: Any) -> None:
        self.server = Scripted(*(answers or (js({}),)))
        self.server.__enter__()
        self.project = ThingsProject(root, "http://127.0.0.1:9")
        self.project.env |= {"HOOK": self.server.url + "/hook/canary-path", "HOOK_SECRET": SECRET}
        self.project.things({"1": "one"})
        alert = {"type": "webhook", "url": "${HOOK}", "secret": "${HOOK_SECRET}", "when": when}
        self.project._write("configs/alerts/ops.json", alert)
        self.store: Store = open_store(self.project.env["CONNECTOR_DATABASE_URL"])
        self.app = Application.open(root, self.project.env)

    def ended(
        self, state: str, problem: Problem | None = None, counts: dict[str, int] | None = None, at: datetime = NOW
    ) -> int:
        new = runs.NewRun("things", "manual", "me", "f", {})
        number = runs.open_run(self.store, new, at)
        runs.close_run(self.store, number, state, counts or {}, problem, at)
        return number

    def look(self, minutes: float = 0.0) -> watch.Told:
        return watch.look(self.app, self.store, NOW + timedelta(minutes=minutes))

    def told(self) -> list[tuple[str, str]]:
        bodies = [json.loads(request.body) for request in self.server.asked]
        return [(body["state"], body["condition"]) for body in bodies]


@pytest.fixture
def place(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Place]:
    made = Place(tmp_path, **getattr(request, "param", {}))
    yield made
    made.server.__exit__()
    made.app.close()
    made.store.close()


def test_a_failed_run_is_told_once_and_its_end_once(place: Place) -> None:
    number = place.ended("failed", Problem("SRC001", "the file is not there"))
    for minute in range(3):
        place.look(minute)
    place.ended("failed", Problem("SRC001", "the file is not there"))
    place.look(4)
    assert place.told() == [("raised", "run_failed")]
    place.ended("finished")
    for minute in range(5, 8):
        place.look(minute)
    assert place.told() == [("raised", "run_failed"), ("cleared", "run_failed")]
    body = json.loads(place.server.asked[0].body)
    assert body["message"] == f"Run {number} of things failed: the file is not there."
    assert (body["since"], body["subject"]) == ("2026-03-01T12:00:00Z", "things")
    assert body["look"] == [f"connector runs show {number}", f"connector tasks failures --run {number}"]


def test_a_body_is_signed_and_holds_no_secret(place: Place) -> None:
    place.ended("failed", Problem("SRC001", f"somebody wrote {SECRET} into a message"))
    place.look()
    [request] = place.server.asked
    signed = request.headers["x-connector-timestamp"].encode() + b"." + request.body
    expected = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert request.headers["x-connector-signature"] == f"sha256={expected}"
    assert SECRET.encode() not in request.body


@pytest.mark.parametrize("place", [{"failures_above": 20}], indirect=True)
def test_a_share_of_failures_above_the_limit(place: Place) -> None:
    place.ended("finished", counts={"failed": 1, "finished": 4})
    place.look()
    assert place.told() == []
    place.ended("finished", counts={"failed": 2, "finished": 3, "skipped": 1})
    place.look()
    assert place.told() == [("raised", "failures_above")]
    assert "2 of 6 tasks failed (33 %)" in place.server.asked[0].body.decode()


@pytest.mark.parametrize("place", [{"no_success_for": "6h"}], indirect=True)
def test_nothing_successful_for_a_while(place: Place) -> None:
    place.ended("finished")
    place.ended("stopped", Problem("RUN003", "asked to stop"), at=NOW + timedelta(hours=5))
    place.look(359)
    assert place.told() == []
    place.look(361)
    place.look(365)
    assert place.told() == [("raised", "no_success_for")]
    place.ended("finished", at=NOW + timedelta(minutes=370))
    place.look(371)
    assert place.told()[1:] == [("cleared", "no_success_for")]


@pytest.mark.parametrize("code", ["RUN004", "RUN005", "RUN006", "RUN240"])
def test_a_run_that_a_limit_ended_is_told_as_that(place: Place, code: str) -> None:
    place.ended("failed", Problem(code, "stopped after 3 failed tasks"))
    place.look()
    assert place.told() == [("raised", "guard_stopped")]


def test_a_run_that_somebody_stopped_says_nothing_and_ends_nothing(place: Place) -> None:
    place.ended("failed", Problem("SRC001", "the file is not there"))
    place.ended("stopped", Problem("RUN003", "asked to stop"))
    place.look()
    assert place.told() == [("raised", "run_failed")]


def test_a_client_that_is_down_is_one_alarm_however_many_runs_fail_for_it(place: Place) -> None:
    clients.mark_down(place.store, Down("ibexa", NOW, Problem("NET001", "no connection"), 0, NOW), NOW)
    place.look(0.5)
    assert place.told() == [], "a restart of a minute is no alarm"
    place.ended("failed", AWAY, at=NOW + timedelta(minutes=2))
    place.look(2)
    place.ended("failed", AWAY, at=NOW + timedelta(minutes=4))
    place.look(4)
    assert place.told() == [("raised", "client_down_for")]
    clients.mark_up(place.store, "ibexa")
    place.ended("finished")
    place.look(5)
    assert place.told()[1:] == [("cleared", "client_down_for")]


def test_an_endpoint_that_fails_is_tried_again_and_tells_all_in_the_end(place: Place) -> None:
    place.server.answers = [js({}, 500), js({}, 302, Location="http://127.0.0.1:9/"), js({})]
    place.ended("failed", Problem("SRC001", "the file is not there"))
    assert [why for _, why in place.look().failed] == ["the webhook answered 500"]
    place.look(0.1)
    assert len(place.server.asked) == 1, "not at once"
    [one] = alarms.listed(place.store)
    assert (one.state, one.tries, one.error, one.told_raised_at) == ("raised", 1, "the webhook answered 500", None)
    place.look(1)
    assert len(place.look(10).told) == 1
    [one] = alarms.listed(place.store)
    assert one.told_raised_at is not None
    assert one.error == ""


def test_what_was_never_told_is_not_cleared_aloud(place: Place) -> None:
    place.server.answers = [js({}, 500)]
    place.ended("failed", Problem("SRC001", "x"))
    place.look()
    place.ended("finished")
    place.look(60)
    assert len(place.server.asked) == 1


def test_the_address_is_in_no_error(place: Place) -> None:
    place.server.__exit__()
    with pytest.raises(NotTold) as caught:
        watch.test(place.app, "ops")
    assert "canary" not in str(caught.value)
    place.server = Scripted(js({}))
    place.server.__enter__()


def test_two_that_look_at_once_tell_once(place: Place) -> None:
    place.ended("failed", Problem("SRC001", "x"))
    together = threading.Barrier(4)

    def look() -> None:
        together.wait(10)
        place.look()

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert place.told() == [("raised", "run_failed")]


# -- mail ---------------------------------------------------------------------------------------------------------------


def mail(port: int, **config: Any) -> dict[str, Any]:
    plain = {"type": "email", "host": "127.0.0.1", "port": port, "security": "none", "from": "connector@example.com"}
    return {**plain, "to": ["ops@example.com", "me@example.com"], **config}


def test_a_mail_says_what_since_when_and_where_to_look(place: Place) -> None:
    with MailServer() as server:
        config = mail(server.port, username="me", password="${SMTP_PASSWORD}")
        place.project.env["SMTP_PASSWORD"] = PASSWORD
        place.project._write("configs/alerts/ops.json", config)
        place.app = Application.open(place.project.root, place.project.env)
        number = place.ended("failed", Problem("SRC001", f"the file is not there {PASSWORD}"))
        place.look()
        place.ended("finished")
        place.look(1)
    assert server.logins == [("me", PASSWORD)] * 2
    first, second = server.mails
    assert PASSWORD not in first
    assert "raised: run_failed things" in first
    assert "Since 2026-03-01T12:00:00Z." in first
    assert f"connector runs show {number}" in first
    assert "To: ops@example.com, me@example.com" in first
    assert "It is over: " in second


def test_without_tls_nothing_is_sent_unless_the_project_says_so(place: Place) -> None:
    with MailServer() as server:
        for security in ("starttls", "tls"):
            config = {key: value for key, value in mail(server.port, security=security).items() if key != "password"}
            with pytest.raises(NotTold):
                ALERTS.get("email").build("ops", config).tell(_notice())
    assert server.mails == []


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_mail_and_its_password_travel_under_tls(
    security: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    config = {"security": security, "username": "me", "password": Secret(PASSWORD)}
    with MailServer(tls=authority.context(), at_once=security == "tls") as server:
        ALERTS.get("email").build("ops", mail(server.port, **config)).tell(_notice())
    assert len(server.mails) == 1
    assert server.logins == [("me", PASSWORD)]
    assert [line.split()[0].upper() for line in server.clear] == ([] if security == "tls" else ["EHLO", "STARTTLS"])


def test_a_mail_server_with_the_wrong_certificate_gets_no_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    config = {"security": "starttls", "username": "me", "password": Secret(PASSWORD)}
    with MailServer(tls=authority.context("other.example")) as server:
        with pytest.raises(NotTold, match="CERTIFICATE|SSLCert"):
            ALERTS.get("email").build("ops", mail(server.port, **config)).tell(_notice())
    assert not server.logins
    assert not server.mails


def test_a_recipient_that_is_refused_is_told_of(place: Place) -> None:
    with MailServer(refuses=("me@example.com",)) as server:
        with pytest.raises(NotTold, match="1 of 2 recipients"):
            ALERTS.get("email").build("ops", mail(server.port)).tell(_notice())


def _notice() -> Any:
    from connector.alerts import Notice

    return Notice("1", "p", "ops", "test", "test", "ops", NOW, NOW, "æ test\nwith lines")


# -- the command line ---------------------------------------------------------------------------------------------------


def test_the_commands_tell_list_and_test(place: Place) -> None:
    place.ended("failed", Problem("SRC001", "the file is not there"))
    done = place.project.run("alerts", "check", "--json")
    assert done.returncode == 0
    assert [row["alert"] for row in json.loads(done.stdout)["told"]] == ["ops"]
    listed = json.loads(place.project.run("alerts", "list", "--json").stdout)
    assert [one["name"] for one in listed["alerts"]] == ["ops"]
    assert [(one["condition"], one["state"]) for one in listed["alarms"]] == [("run_failed", "raised")]
    assert place.project.run("alerts", "test", "ops").returncode == 0
    assert place.told() == [("raised", "run_failed"), ("test", "test")]
    place.server.answers = [Response(503, [], b"")]
    failed = place.project.run("alerts", "test", "--json")
    assert (failed.returncode, json.loads(failed.stdout)[0]["problem"]) == (3, "the webhook answered 503")


def test_a_dead_endpoint_changes_nothing_about_a_run(place: Place) -> None:
    place.project.env["HOOK"] = "http://127.0.0.1:9/"
    done = place.project.run("run", "things", "--json", "--yes")
    assert done.returncode == 3
    [run] = json.loads(done.stdout)
    assert run["problem"]["code"] == "NET008"
    [client] = json.loads(place.project.run("clients", "--json").stdout)
    assert (client["client"], client["state"], client["problem"]["code"]) == ("ibexa", "down", "NET001")


def test_serve_looks_by_itself(place: Place) -> None:
    place.project._write(
        "configs/routes/things.json",
        {"incoming": "things", "transformers": ["thing"], "outgoing": "things", "schedule": {"every": "1d"}},
    )
    place.ended("failed", Problem("SRC001", "the file is not there"))
    serving = place.project.start("serve")
    try:
        until = time.monotonic() + 60
        while not place.server.asked and serving.poll() is None and time.monotonic() < until:
            threading.Event().wait(0.02)
    finally:
        serving.terminate()
        serving.communicate(timeout=30)
    assert place.told() == [("raised", "run_failed")]


def test_a_route_that_is_not_there_is_found_before_the_night(place: Place) -> None:
    config = {"type": "webhook", "url": "${HOOK}", "routes": ["thinks"]}
    place.project._write("configs/alerts/ops.json", config)
    done = place.project.run("validate", "--json")
    assert "there is no route 'thinks'" in done.stdout
    assert done.returncode == 2
