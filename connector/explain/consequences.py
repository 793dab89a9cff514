"""What a change of a project's files does to the next run of a route; only what the engine is known to do.

The facts: a record counts as unchanged while its data and the version of its route are the same (routes/intake.py); the
version is made of the transformer files, of the outgoing without client and description, and of ``when_dropped``
(routes/live.py, transformers/files.py, outgoing/ibexa.py). A message is compared with the last one of its key, action
included. Positions are kept by route and partition (store/runs.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from connector.config.diff import RouteChange
from connector.config.project import Project
from connector.core.jsonio import Json
from connector.explain.facts import Facts, Settling, facts_of, is_open
from connector.incoming.ibexa import IbexaIncoming

NOTHING = "no record is mapped again and no message is sent again because of this"
_PASSIVE = {"hide": "hidden", "trash": "put into the trash", "delete": "deleted"}


class Reader(Struct, frozen=True):
    """Reads the facts of both states.

    Attributes:
        schemas: of the families.
        env: what variables stand for, in both states alike.
    """

    old: Project
    new: Project
    schemas: Mapping[str, Mapping[str, Any]]
    env: Mapping[str, str]

    def consequences(self, change: RouteChange) -> list[str]:
        """Sentences for people, without a period; what is not known is not said."""
        if change.change == "gone":
            return ["nothing runs it any more: what the run log has of it stays, its waiting tasks are not sent"]
        if change.change == "new":
            return list(_of_new(change))
        settling = Settling(self.schemas, self.env, self.new.root)
        one, other = (facts_of(project, change.route, settling) for project in (self.old, self.new))
        if one is None or other is None:
            return ["a part of it is missing or cannot be read, on one side at least: more is not known"]
        said = [sentence for rule in _RULES for sentence in rule(one, other)]
        return [*said, NOTHING] if _reads_and_maps_the_same(one, other) else said


_Rule = Callable[[Facts, Facts], Iterator[str]]


def _reads_and_maps_the_same(one: Facts, other: Facts) -> bool:
    if not (one.version_known and other.version_known) or one.key != other.key or one.asks != other.asks:
        return False
    return (one.mapping, one.writes, one.when_dropped) == (other.mapping, other.writes, other.when_dropped)


def _of_new(change: RouteChange) -> Iterator[str]:
    if change.was:
        yield f"it is written like '{change.was}', which is gone: what the run log knows of that one does not count"
    yield "the run log knows nothing of it, unless a route of this name ran before: every record is mapped and sent"


def _mapped_again(one: Facts, other: Facts) -> Iterator[str]:
    if not (one.version_known and other.version_known):
        yield "whether records are mapped again is not known: a part is of a kind, or of a form, that is not known here"
        return
    if one.writes != other.writes and is_open(one.writes, other.writes):
        yield "whether records are mapped again is not known: the outgoing has a variable that is not set here"
        return
    causes = [
        name
        for name, differs in (
            ("the mapping", one.mapping != other.mapping),
            ("the outgoing", one.writes != other.writes),
            ("when_dropped", one.when_dropped != other.when_dropped),
        )
        if differs
    ]
    if not causes:
        return
    action = one.outgoing.get("action") != other.outgoing.get("action")
    then = (
        "and every message is sent, because the action is another"
        if action
        else "and compared again: only messages that come out different are sent"
    )
    yield f"{' and '.join(causes)} changed: every record that is read is mapped {then}"
    if other.incoming.get("cursor") and one.incoming.get("cursor"):
        yield "it reads by a cursor: records that do not change at the source are not read, and not mapped again"


def _dropped(one: Facts, other: Facts) -> Iterator[str]:
    now = _PASSIVE.get(other.when_dropped)
    if one.when_dropped != other.when_dropped and now:
        yield f"keys that a record yielded before and no longer yields are {now} when that record is read"


def _keys(one: Facts, other: Facts) -> Iterator[str]:
    if one.key != other.key:
        yield "the key of records changed: a record whose key comes out different looks new, and is mapped again"
        if other.version_known and other.has_own_keys:
            yield "its messages are known by their own key at the target: those that are the same are not sent again"
        elif other.version_known:
            yield "its messages go by the record's key: they look new too, and are sent again"
    if one.version_known and other.version_known and one.has_own_keys != other.has_own_keys:
        yield "messages go by other keys than before: what was sent under the old ones does not count"


def _asking(one: Facts, other: Facts) -> Iterator[str]:
    if one.asks == other.asks:
        return
    if one.source_address != other.source_address:
        reads = "may be read" if is_open(one.source_address, other.source_address) else "are read"
        yield f"records {reads} from another address: those that are the same there are not mapped again by that"
    else:
        yield "what is read may be other than before: records that come out different are mapped again"
    if one.incoming.get("cursor") and other.incoming.get("cursor"):
        yield "the position is kept by route: the cursor stays where it is, so what was read before is not read again"
    kinds = {str(side.incoming.get("type")) for side in (one, other)}
    if kinds == {"http"}:
        same = one.incoming.get("pagination") == other.incoming.get("pagination")
        yield f"a read that was left half-way {'goes on at its old position' if same else 'begins again'}"
    elif kinds == {IbexaIncoming.spec.type} and _ibexa_asks(one) != _ibexa_asks(other):
        yield "a read that was left half-way begins again"


def _ibexa_asks(facts: Facts) -> dict[str, Json]:
    """What the incoming's own version is made of, see IbexaIncoming."""
    asking = ("entity", "action", "path", "query", "payload", "find", "pagination", "page_size", "cursor")
    config = IbexaIncoming.spec.filled(facts.incoming)
    return {key: config.get(key) for key in asking}


def _target(one: Facts, other: Facts) -> Iterator[str]:
    address = one.target_address != other.target_address
    if address:
        writes = "may write" if is_open(one.target_address, other.target_address) else "writes"
        yield f"it {writes} to another address; what was sent before still counts: only what is new or changed is sent"
    who = [(side.target.get("auth") or {}).get("username") for side in (one, other)]
    if address or who[0] != who[1]:
        yield "`run` asks before the first write there as that user, unless it is this machine or was agreed to before"


def _times(one: Facts, other: Facts) -> Iterator[str]:
    before, after = (side.route.get("schedule") or {} for side in (one, other))
    if _due(before) != _due(after):
        when = "begins then, without a past" if after else "ends then"
        yield f"`serve` learns of the schedule when it is started again; the {'new' if after else 'old'} one {when}"
    if one.route.get("enabled", True) != other.route.get("enabled", True):
        left = other.route.get("enabled", True) is False
        yield f"`run --all` and `serve` {'leave it out' if left else 'take it up again'}"


def _due(schedule: Mapping[str, Json]) -> tuple[Json, ...]:
    cron = schedule.get("cron")
    line = " ".join(cron.split()) if isinstance(cron, str) else cron
    return (line, schedule.get("every"), schedule.get("timezone", "UTC") if cron else None)


_RULES: tuple[_Rule, ...] = (_mapped_again, _dropped, _keys, _asking, _target, _times)
