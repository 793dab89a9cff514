"""A run log that cannot be reached, or whose URL is none: what is wrong, where, and what to do; never its password."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from connector.core.errors import StoreError
from connector.store.engine import make_engine
from connector.store.migrate import look_at, open_to_read, revision, upgrade
from tests.databases import POSTGRES


def refused(url: str) -> tuple[str, str]:
    """Message and hint of the first question."""
    with pytest.raises(StoreError) as caught:
        revision(url)
    assert "canary" not in f"{caught.value.message} {caught.value.hint}"
    return caught.value.message, caught.value.hint


@pytest.mark.parametrize(
    ("url", "message", "hint"),
    [
        ("nonsense", "is no database URL", "sqlite:///path"),
        ("sqlite://x.db", "two slashes name a host", "sqlite:///x.db or sqlite:////x.db"),
        ("sqlite:///", "it names no file", "sqlite:///path/to/connector.db"),
        ("sqlite://", "it names no file", "sqlite:///path/to/connector.db"),
        ("sqlite:///:memory:", "it names no file", "would forget it"),
        ("postgresql://u:canary@127.0.0.1:abc/x", "its port is no number", "%40"),
        ("postgresql://u:canary@127.0.0.1:/x", "its port is no number", "%40"),
        ("postgresql://u:canary@127.0.0.1:70000/x", "no server has the port 70000", "5432"),
        ("postgresql://u:p@canary@127.0.0.1/x", "more than one @", "%40"),
        ("postgres://u:canary@127.0.0.1/x", "'postgres' is not supported", "Write postgresql://"),
        ("mysql://u:canary@127.0.0.1/x", "'mysql' is not supported", "postgresql://"),
    ],
)
def test_what_is_no_url_is_told_with_the_way_it_is_written(url: str, message: str, hint: str) -> None:
    told = refused(url)
    assert message in told[0], told
    assert hint in told[1], told
    with pytest.raises(StoreError):
        look_at(url)


def test_a_file_in_a_folder_that_is_not_here_is_told_and_no_folder_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    message, hint = refused("sqlite:///tmp/x/run.db")
    assert f"tmp/x/run.db would lie in {tmp_path}, which has no folder tmp/x" in message
    assert "sqlite:////tmp/x/run.db" in hint
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "tmp/x").mkdir(parents=True)
    assert make_engine("sqlite:///tmp/x/run.db").url.database == str(tmp_path / "tmp/x/run.db")
    assert make_engine("sqlite:///run.db").url.database == str(tmp_path / "run.db")


def test_a_question_of_a_file_that_is_not_there_finds_nothing_and_makes_none(tmp_path: Path) -> None:
    with open_to_read(f"sqlite:///{tmp_path}/away/run.db") as store, store.reading() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM run")).scalar() == 0
    assert list(tmp_path.iterdir()) == []


class TestServer:
    """On the PostgreSQL server that the environment names."""

    @pytest.fixture
    def server(self) -> sa.URL:
        if not POSTGRES:
            pytest.skip("no PostgreSQL: set CONNECTOR_TEST_POSTGRES to the URL of a server to test on")
        return make_engine(POSTGRES).url

    def told(self, url: sa.URL) -> tuple[str, str]:
        return refused(url.render_as_string(hide_password=False))

    def test_a_database_that_does_not_exist(self, server: sa.URL) -> None:
        message, hint = self.told(server.set(database="no_such_run_log"))
        assert re.fullmatch(r"the server .+:\d+ has no database 'no_such_run_log'", message)
        assert "createdb no_such_run_log" in hint
        with pytest.raises(StoreError, match="has no database 'no_such_run_log'"):
            upgrade(server.set(database="no_such_run_log").render_as_string(hide_password=False))

    def test_a_user_that_is_not_there_or_not_let_in(self, server: sa.URL) -> None:
        message, hint = self.told(server.set(username="nobody_x", password="canary"))
        # Which of them it says is for the server's pg_hba.conf.
        assert re.search("has no user 'nobody_x'|the password of 'nobody_x'|lets 'nobody_x' not in", message), message
        assert "CONNECTOR_DATABASE_URL" in hint

    def test_a_port_where_nothing_answers(self, server: sa.URL) -> None:
        message, _ = self.told(server.set(host="127.0.0.1", port=9, password="canary"))
        assert message == "nothing answers at 127.0.0.1:9, where the run log's database should be"

    def test_a_host_that_nobody_knows(self, server: sa.URL) -> None:
        message, _ = self.told(server.set(host="nohost.invalid", password="canary"))
        assert message == "the run log's host 'nohost.invalid' is not known"

    def test_a_table_that_is_not_there_is_still_one(self, server: sa.URL) -> None:
        store = look_at(server.render_as_string(hide_password=False))
        assert store is not None
        with pytest.raises(StoreError, match="has no tables yet"), store.reading() as connection:
            connection.execute(sa.text("SELECT * FROM no_such_table"))
        store.close()
