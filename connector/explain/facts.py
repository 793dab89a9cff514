"""What decides about the next run of a route, read from one state of a project; what follows: consequences.py."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from connector.config.declaration import Declaration
from connector.config.project import Project
from connector.config.references import filled, inside, texts
from connector.config.variables import resolve
from connector.core.errors import ConfigError
from connector.core.jsonio import Json
from connector.outgoing import OUTGOING
from connector.outgoing.ibexa import IbexaOutgoing
from connector.systems.ibexa.actions import ACTIONS
from connector.transformers import files

_NOT_ASKED = ("description", "name", "tags", "$schema", "$comment", "enabled", "key")


class Settling(Struct, frozen=True):
    """Fills variables in, in the same way for both states.

    Attributes:
        schemas: of the families.
        env: the environment.
        root: where files that hold values are looked for, for declarations of both states.
    """

    schemas: Mapping[str, Mapping[str, Any]]
    env: Mapping[str, str]
    root: Path

    def settled(self, declaration: Declaration) -> dict[str, Json]:
        """With variables filled in as in a run; where that cannot be, as texts."""
        try:
            return resolve(declaration, self.schemas[declaration.family], self.env)
        except (ConfigError, KeyError):
            found: dict[str, Json] = self.plain(declaration.data)
            return found

    def plain(self, value: Json) -> Json:
        """With variables filled in as texts, but those that are not set; for comparing only: secrets are in it."""
        if isinstance(value, str):
            unset = {one.name: str(one) for one in inside(value) if one.value(self.env, self.root) is None}
            return filled(value, {**self.env, **unset}, self.root)
        if isinstance(value, list):
            return [self.plain(one) for one in value]
        return {key: self.plain(one) for key, one in value.items()} if isinstance(value, dict) else value


class Facts(Struct, frozen=True):
    """What decides about the next run, in one state of the project.

    Attributes:
        mapping: versions of the transformers; None when one cannot be compiled.
        shaping: version of the incoming's request transformer; empty for none, None likewise.
    """

    route: dict[str, Json]
    incoming: dict[str, Json]
    outgoing: dict[str, Json]
    source: dict[str, Json]
    target: dict[str, Json]
    mapping: list[str] | None
    shaping: str | None

    @property
    def writes(self) -> dict[str, Json]:
        """What the version of an outgoing is made of."""
        return {key: value for key, value in self.outgoing.items() if key not in ("client", "description")}

    @property
    def key(self) -> Json:
        """What names a record."""
        return self.incoming.get("key")

    @property
    def asks(self) -> Json:
        """Everything that decides what is read, the key left out."""
        told = {key: value for key, value in self.incoming.items() if key not in _NOT_ASKED}
        return [told, self.shaping, self.source_address]

    @property
    def source_address(self) -> str:
        """Where it reads; empty for a file."""
        return str(self.source.get("base_url", "")).strip().rstrip("/")

    @property
    def target_address(self) -> str:
        """Where it writes."""
        return str(self.target.get("base_url", "")).strip().rstrip("/")

    @property
    def version_known(self) -> bool:
        """Whether it is known what the version of this route is made of."""
        kind = str(self.outgoing.get("type"))
        return self.mapping is not None and kind in OUTGOING and OUTGOING.get(kind) is IbexaOutgoing

    @property
    def has_own_keys(self) -> bool:
        """Whether messages are named by what names them at the target, e.g. a remote id."""
        return (self.outgoing.get("entity"), self.outgoing.get("action")) in ACTIONS

    @property
    def when_dropped(self) -> str:
        """With its default."""
        return str(self.route.get("when_dropped", "keep"))


def is_open(*values: Json) -> bool:
    """Whether a variable that is not set decides about one of the values."""
    return any("${" in text for value in values for _, text in texts(value))


def facts_of(project: Project, name: str, settling: Settling) -> Facts | None:
    """The facts of a route; None when a part of it is missing or broken."""
    route = project.routes.get(name)
    if route is None or not isinstance(route.data, dict):
        return None
    named = str(route.data.get("incoming")), str(route.data.get("outgoing"))
    ends = project.incomings.get(named[0]), project.outgoings.get(named[1])
    if any(end is None or not isinstance(end.data, dict) for end in ends):
        return None
    incoming, outgoing = (settling.settled(end) for end in ends if end is not None)
    clients = [project.clients.get(str(end.get("client"))) for end in (incoming, outgoing)]
    source, target = (settling.plain(one.data) if one and isinstance(one.data, dict) else {} for one in clients)
    listed = route.data.get("transformers", [])
    versions = [_version(project, one) for one in listed] if isinstance(listed, list) else [None]
    mapping = [one for one in versions if one is not None]
    shaping = incoming.get("request_transformer")
    return Facts(
        settling.settled(route),
        incoming,
        outgoing,
        source,
        target,
        mapping if len(mapping) == len(versions) else None,
        _version(project, shaping) if shaping else "",
    )


def _version(project: Project, name: Json) -> str | None:
    source = project.transformers.get(str(name))
    if source is None:
        return None
    try:
        return files.load(source.name, source.path, source.current).version
    except (ConfigError, KeyError, TypeError, AttributeError):  # of a form that this release does not know
        return None
