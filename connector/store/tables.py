"""The run log's tables: what each keeps and why. No queries here."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator


class UtcTime(TypeDecorator[datetime]):
    """An aware UTC time; kept without zone, because SQLite would lose it (and give back a naive one)."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002
        """Aware in, naive UTC out."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002
        """Naive UTC in, aware out."""
        return None if value is None else value.replace(tzinfo=UTC)


metadata = sa.MetaData()
_Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_HASH = 32


def _where(condition: sa.TextClause) -> dict[str, Any]:
    """An index of the rows that meet this only.

    It stands in the index's info: said for each database, each start would load all the dialects of both.
    """
    return {"info": {"where": condition}}


def for_dialect(name: str) -> sa.MetaData:
    """The tables as that database makes them (``sqlite`` or ``postgresql``): it is told which rows an index is of."""
    for table in metadata.tables.values():
        for index in table.indexes:
            if "where" in index.info:
                index.dialect_options[name]["where"] = index.info["where"]
    return metadata


run = sa.Table(
    "run",
    metadata,
    sa.Column("id", _Id, primary_key=True),
    sa.Column("route", sa.String(200), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),  # running, finished, failed, stopped
    sa.Column("trigger", sa.String(16), nullable=False),  # manual, schedule
    sa.Column("scheduled_at", UtcTime),
    sa.Column("started_at", UtcTime, nullable=False),
    sa.Column("ended_at", UtcTime),
    sa.Column("owner", sa.String(200), nullable=False),
    sa.Column("config", sa.String(_HASH), nullable=False),
    sa.Column("requests", sa.LargeBinary),
    sa.Column("counts", sa.LargeBinary),
    sa.Column("problem", sa.LargeBinary),
    sa.UniqueConstraint("route", "scheduled_at", name="uq_run_route_scheduled"),
    sa.Index("ix_run_route_id", "route", "id"),
    comment="One execution of a route.",
)

config_snapshot = sa.Table(
    "config_snapshot",
    metadata,
    sa.Column("fingerprint", sa.String(_HASH), primary_key=True),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("created_at", UtcTime, nullable=False),
    comment="The declarations a run started with, without secrets.",
)

lease = sa.Table(
    "lease",
    metadata,
    sa.Column("name", sa.String(200), primary_key=True),
    sa.Column("owner", sa.String(200), nullable=False),  # host, process id and start, random part
    sa.Column("fence", sa.BigInteger, nullable=False),
    sa.Column("expires_at", UtcTime, nullable=False),
    comment="Who may run a route now; the fence grows with each new owner.",
)

schedule_state = sa.Table(
    "schedule_state",
    metadata,
    sa.Column("route", sa.String(200), primary_key=True),
    sa.Column("declared", sa.String(_HASH), nullable=False, server_default=""),  # another schedule starts afresh
    sa.Column("anchor", UtcTime),  # intervals count from here
    sa.Column("settled_to", UtcTime),  # every due time up to here has been decided on
    sa.Column("paused_at", UtcTime),
    sa.Column("pause_reason", sa.String(1000), nullable=False, server_default=""),
    sa.Column("updated_at", UtcTime, nullable=False),
    comment="How far the schedule of a route has been settled, and whether it is paused.",
)

schedule_event = sa.Table(
    "schedule_event",
    metadata,
    sa.Column("id", _Id, primary_key=True),
    sa.Column("route", sa.String(200), nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("event", sa.String(16), nullable=False),  # fired, skipped, missed, failed, paused, resumed
    sa.Column("scheduled_at", UtcTime),
    sa.Column("first_at", UtcTime),  # of several due times that are told of together
    sa.Column("times", sa.Integer, nullable=False, server_default="1"),
    sa.Column("reason", sa.String(1000), nullable=False, server_default=""),
    sa.Column("owner", sa.String(200), nullable=False, server_default=""),
    sa.UniqueConstraint("route", "scheduled_at", name="uq_schedule_event_route_scheduled"),
    sa.Index("ix_schedule_event_route_id", "route", "id"),
    sa.Index("ix_schedule_event_at", "at"),
    comment="What became of each due time, and why; pauses too. Pruned by age.",
)

checkpoint = sa.Table(
    "checkpoint",
    metadata,
    sa.Column("route", sa.String(200), primary_key=True),
    sa.Column("partition", sa.String(200), primary_key=True),
    sa.Column("position", sa.LargeBinary, nullable=False),
    sa.Column("run_id", _Id, nullable=False),
    sa.Column("updated_at", UtcTime, nullable=False),
    comment="How far (route, partition) has been read; committed together with what was read.",
)

record = sa.Table(
    "record",
    metadata,
    sa.Column("id", _Id, primary_key=True),
    sa.Column("route", sa.String(200), nullable=False),
    sa.Column("key_hash", sa.String(_HASH), nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("fingerprint", sa.String(_HASH), nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("seen_run", _Id, nullable=False),
    sa.Column("updated_at", UtcTime, nullable=False),
    sa.UniqueConstraint("route", "key_hash", name="uq_record_route_key"),
    comment="The newest state of each source record, with the fingerprint of (record, mapping).",
)

item = sa.Table(
    "item",
    metadata,
    sa.Column("id", _Id, primary_key=True),
    sa.Column("route", sa.String(200), nullable=False),
    sa.Column("key_hash", sa.String(_HASH), nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("record_key_hash", sa.String(_HASH), nullable=False),
    sa.Column("target_id", sa.String(200), nullable=False, server_default=""),
    sa.Column("fingerprint", sa.String(_HASH), nullable=False, server_default=""),
    sa.Column("dropped", sa.String(16), nullable=False, server_default=""),  # hidden, trashed, deleted by us; forgotten
    sa.Column("last_change", sa.String(32), nullable=False, server_default=""),
    sa.Column("verified_at", UtcTime),  # when it was last asked whether the target still holds it
    sa.Column("memory", sa.LargeBinary),  # JSON that only the outgoing understands: what it wrote last, and where
    sa.Column("first_run", _Id, nullable=False),
    sa.Column("seen_run", _Id, nullable=False),
    sa.Column("updated_at", UtcTime, nullable=False),
    sa.UniqueConstraint("route", "key_hash", name="uq_item_route_key"),
    sa.Index("ix_item_record", "record_key_hash", "route"),
    sa.Index("ix_item_key", "key_hash"),
    sa.Index("ix_item_route_verified", "route", "verified_at"),
    comment="What a route knows about one target key for ever.",
)

HAS_MESSAGE = sa.text("state IN ('finished', 'skipped') AND message IS NOT NULL")
"""Literally so in queries too: else no database sees that ix_task_message serves them."""

HAS_NEXT = sa.text("next_attempt_at IS NOT NULL")
HAS_FAILED = sa.text("state = 'failed'")

task = sa.Table(
    "task",
    metadata,
    sa.Column("id", _Id, primary_key=True),
    sa.Column("route", sa.String(200), nullable=False),
    sa.Column("run_id", _Id, nullable=False),
    sa.Column("item_id", _Id, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("lane", sa.String(_HASH), nullable=False),
    sa.Column("action", sa.String(64), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),  # new, processing, finished, failed, skipped
    sa.Column("message", sa.LargeBinary),  # None: the mapping failed; a retry maps the stored record again
    sa.Column("fingerprint", sa.String(_HASH), nullable=False),
    sa.Column("record_id", _Id),
    sa.Column("origin", sa.Text, nullable=False, server_default=""),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("suspect", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("change", sa.String(32), nullable=False, server_default=""),
    sa.Column("reason", sa.LargeBinary),  # Problem, or why it was skipped
    sa.Column("cause", sa.String(8)),  # id of what it has in common with others that failed; see causes
    sa.Column("detail", sa.LargeBinary),
    sa.Column("next_attempt_at", UtcTime),
    sa.Column("waits_for", sa.String(_HASH)),  # the lane of what it refers to; None: it waits for nothing
    sa.Column("fence", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("started_at", UtcTime),
    sa.Column("ended_at", UtcTime),
    sa.Index("ix_task_route_state", "route", "state", "id"),
    sa.Index("ix_task_lane_state", "lane", "state"),
    sa.Index("ix_task_item", "item_id", "id"),
    sa.Index("ix_task_run", "run_id", "id"),
    sa.Index("ix_task_waits_for", "waits_for", **_where(sa.text("waits_for IS NOT NULL"))),
    sa.Index("ix_task_state", "state", "id"),
    sa.Index("ix_task_cause", "route", "cause", "id", **_where(HAS_FAILED)),
    sa.Index("ix_task_again", "route", "next_attempt_at", **_where(HAS_NEXT)),
    sa.Index("ix_task_message", "id", **_where(HAS_MESSAGE)),
    comment="One message on its way.",
)

attempt = sa.Table(
    "attempt",
    metadata,
    sa.Column("id", _Id, primary_key=True),
    sa.Column("task_id", _Id, nullable=False),
    sa.Column("run_id", _Id, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("started_at", UtcTime, nullable=False),
    sa.Column("ended_at", UtcTime, nullable=False),
    sa.Column("outcome", sa.String(16), nullable=False),
    sa.Column("problem", sa.LargeBinary),
    sa.Index("ix_attempt_task", "task_id"),
    comment="One try of a task and what came of it.",
)

request_log = sa.Table(
    "request_log",
    metadata,
    sa.Column("id", _Id, primary_key=True),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("client", sa.String(200), nullable=False),
    sa.Column("operation", sa.String(200), nullable=False),
    sa.Column("status", sa.Integer),
    sa.Column("entry", sa.LargeBinary, nullable=False),
    sa.Index("ix_request_log_at", "at"),
    comment="Requests as the client's request_log setting asks for; always redacted; pruned first.",
)

client_state = sa.Table(
    "client_state",
    metadata,
    sa.Column("client", sa.String(200), primary_key=True),
    sa.Column("since", UtcTime, nullable=False),
    sa.Column("problem", sa.LargeBinary, nullable=False),
    sa.Column("probes", sa.Integer, nullable=False, server_default="0"),
    sa.Column("next_probe_at", UtcTime, nullable=False),
    sa.Column("asked_until", UtcTime),  # the system's own wish, as by Retry-After
    sa.Column("updated_at", UtcTime, nullable=False),
    comment="The clients that are down.",
)

alarm = sa.Table(
    "alarm",
    metadata,
    sa.Column("id", _Id, primary_key=True),
    sa.Column("alert", sa.String(200), nullable=False),  # the declaration's name
    sa.Column("condition", sa.String(32), nullable=False),
    sa.Column("subject", sa.String(200), nullable=False),  # a route or a client
    sa.Column("since", UtcTime, nullable=False),
    sa.Column("message", sa.LargeBinary, nullable=False),
    sa.Column("raised_at", UtcTime, nullable=False),
    sa.Column("cleared_at", UtcTime),
    sa.Column("open", sa.Boolean),  # true or NULL: so that the constraint is about the open ones
    sa.Column("told_raised_at", UtcTime),
    sa.Column("told_cleared_at", UtcTime),
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
    sa.Column("next_try_at", UtcTime),  # None: nothing is left to tell
    sa.Column("error", sa.String(500), nullable=False, server_default=""),
    sa.UniqueConstraint("alert", "condition", "subject", "open", name="uq_alarm_open"),
    sa.Index("ix_alarm_next_try", "next_try_at"),
    comment="What an alert found, once from when it began until it cleared, and whether people were told.",
)

target = sa.Table(
    "target",
    metadata,
    sa.Column("address", sa.String(500), primary_key=True),
    sa.Column("user", sa.String(200), primary_key=True),
    sa.Column("agreed_at", UtcTime, nullable=False),
    comment="The systems that somebody has agreed to write to.",
)

place = sa.Table(
    "place",
    metadata,
    sa.Column("route", sa.String(200), primary_key=True),
    sa.Column("address", sa.String(500), nullable=False),
    sa.Column("since", UtcTime, nullable=False),
    comment="The system that holds what a route has written.",
)

run_command = sa.Table(
    "run_command",
    metadata,
    sa.Column("id", _Id, primary_key=True),
    sa.Column("run_id", _Id, nullable=False),
    sa.Column("command", sa.String(16), nullable=False),  # cancel, pause, resume
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("by", sa.String(200), nullable=False),
    sa.Column("reason", sa.String(1000), nullable=False, server_default=""),
    sa.Column("seen_at", UtcTime),
    sa.Index("ix_run_command_run", "run_id", "id"),
    comment="What people ask of a run under way: cancel, pause, resume; and when the run saw it.",
)

checkpoint_change = sa.Table(
    "checkpoint_change",
    metadata,
    sa.Column("id", _Id, primary_key=True),
    sa.Column("route", sa.String(200), nullable=False),
    sa.Column("partition", sa.String(200), nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("by", sa.String(200), nullable=False),
    sa.Column("before", sa.LargeBinary),
    sa.Column("after", sa.LargeBinary, nullable=False),
    sa.Index("ix_checkpoint_change_route", "route", "id"),
    comment="Checkpoints that were moved by hand: by whom, from where, to where.",
)
