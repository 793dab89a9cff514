"""Wires a project: from checked declarations to live clients, incomings, transformers, outgoings and routes.

The only file that knows all families. It starts nothing: connector.runtime does.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from msgspec.structs import replace

from connector.alerts import ALERTS, Way
from connector.checks import CHECKS
from connector.checks.locators import locator_fault
from connector.checks.looking import looking
from connector.checks.origins import Origins
from connector.checks.samples import Samples, samples_of
from connector.checks.secret_columns import discretion_of
from connector.checks.targets import targets
from connector.clients import CLIENTS
from connector.config.faults import Faults, faults_of, refuse
from connector.config.links import in_order
from connector.config.project import Declaration, Project, TransformerSource, load
from connector.config.route_spec import ROUTE, RouteSettings
from connector.config.schema import for_editors, project_file_schema, project_schemas
from connector.config.validate import Check, validate
from connector.config.variables import resolve
from connector.core.clock import StopEvent, SystemClock
from connector.core.errors import ConfigError
from connector.core.jsonio import Json
from connector.core.nearest import did_you_mean
from connector.core.problem import Finding, Problem
from connector.core.protocols import Incoming, Outgoing, Stop, Transformer
from connector.core.registry import Registry
from connector.core.scope import RunOrProcessStop, log_request
from connector.core.services import Services
from connector.incoming import INCOMING
from connector.outgoing import OUTGOING
from connector.route_settings import engine_settings
from connector.routes.live import LiveRoute
from connector.systems.catalogue import added_schema, ibexa, shipped_bodies
from connector.systems.ibexa.editor import with_reading, with_writing
from connector.systems.ibexa.editor_fields import with_fields
from connector.systems.ibexa.editor_payloads import with_searches, with_types
from connector.transformers import files as transformer_files
from connector.transformers.chain import MappingChain
from connector.transformers.steps import STEPS

if TYPE_CHECKING:
    from connector.checks.online import Online

DATABASE_VARIABLE = "CONNECTOR_DATABASE_URL"

_ASKING: Mapping[str, Mapping[str, Json]] = {
    "timeout": {"connect": "5s", "read": "15s", "total": "20s"},
    "retry": {
        "max_attempts": 2,
        "first_wait": "200ms",
        "max_wait": "1s",
        "max_retry_after": "5s",
        "max_elapsed": "15s",
    },
}
_FAMILIES: Mapping[str, Registry[Any]] = {"client": CLIENTS, "incoming": INCOMING, "outgoing": OUTGOING}
_LINTED: Mapping[str, Registry[Any]] = {**_FAMILIES, "alert": ALERTS}


def schemas() -> dict[str, dict[str, Json]]:
    """The JSON Schema of every family of declarations, assembled from the kinds' specs."""
    return {**project_schemas({**_LINTED, "transformer": STEPS, "route": ROUTE}), "system": added_schema()}


def editor_schemas(root: Path) -> dict[str, dict[str, Json]]:
    """The same for editors, with the entities and actions that there are, those of the project in ``root`` included.

    ``transformer-<name>`` is that of one transformer file, with the fields of the discovered types that it writes.
    """
    project = load(root)
    catalogue = ibexa(project.added().get("ibexa", ()))
    every = schemas()
    plain = {name: for_editors(one) for name, one in every.items() if name not in ("transformer", "system")}
    incoming, outgoing = with_reading(plain["incoming"], catalogue), with_writing(plain["outgoing"], catalogue)
    discovered = {
        name: (files.server and files.server.data, [one.data for one in files.types])
        for name, files in sorted(project.discovered.items())
    }
    incoming, outgoing = with_searches(incoming, discovered), with_types(outgoing, discovered)
    found = {**every, **plain, "incoming": incoming, "outgoing": outgoing, "project": project_file_schema()}
    for name, one in sorted(targets(project).items()):
        body = catalogue.composed_body(one.actions[0])
        fields = with_fields(every["transformer"], body, list(one.documents.values()), one.known)
        found[f"transformer-{name}"] = fields
    return found


def validate_project(
    root: Path, env: Mapping[str, str], *, require_env: bool = False, online: Online | None = None
) -> tuple[Project, list[Problem]]:
    """Load a project and find everything that is wrong with it. Never raises for a finding.

    Args:
        root: the project's folder.
        env: the environment.
        require_env: a variable that is not set is an error.
        online: what the systems said, see ``ask_systems``; without it nothing is asked.
    """
    return _validated(root, env, schemas(), require_env=require_env, online=online)


def _validated(
    root: Path,
    env: Mapping[str, str],
    known: Mapping[str, Mapping[str, Json]],
    *,
    require_env: bool = False,
    online: Online | None = None,
    looks: bool = True,
) -> tuple[Project, list[Problem]]:
    project = load(root)
    # Looked at once, and not before the forms are known. A run does without: what they tell are warnings.
    samples = cache(lambda: samples_of(project, env) if looks else Samples())
    checks: list[Check] = [_lint_kinds, lambda one: _lint_transformers(one, samples().names)]
    live, found = (online.known, online.found) if online is not None else (None, ())
    checks += [*CHECKS, *looking(samples, env, live), lambda _: iter(found)]
    formats = {"jmespath": locator_fault}
    needed = online.needed if online is not None else ()
    return project, validate(project, known, checks, env=env, require_env=require_env, needed=needed, formats=formats)


class Application:
    """A project, whose parts are built when they are first asked for; none in which, or in whose parts, is an error.

    Use as a context manager, or call ``close``.
    """

    def __init__(
        self,
        project: Project,
        env: Mapping[str, str],
        *,
        stop: Stop | None = None,
        known: Mapping[str, Mapping[str, Json]] | None = None,
        faults: Faults | None = None,
    ) -> None:
        self.project = project
        self.faults = faults or Faults()
        self._env = env
        self._schemas = schemas() if known is None else known
        self._built: dict[tuple[str, str], Any] = {}
        self._lock = threading.RLock()
        self.stop: Stop = stop if stop is not None else StopEvent()
        added = project.added()
        stopped = RunOrProcessStop(self.stop)
        self.services = Services(project.root, self.client, SystemClock(), stopped, log_request, added)

    @classmethod
    def open(cls, root: Path, env: Mapping[str, str], *, stop: Stop | None = None, partly: bool = False) -> Application:
        """Load and validate.

        Args:
            root: the project's folder.
            env: the environment.
            stop: asks all work to stop.
            partly: an error refuses only what is made of the part at fault, once that is asked for; see ``faults``.

        Raises:
            ConfigError: with every problem that was found, or with those that concern the whole project.
        """
        known = schemas()
        project, problems = _validated(root, env, known, looks=False)
        faults = faults_of(project, problems, lambda: {*ibexa().entities(), *shipped_bodies()})
        refuse(faults.everywhere if partly else (one for one in problems if one.severity == "error"))
        return cls(project, env, stop=stop, known=known, faults=faults)

    @classmethod
    def for_asking(cls, root: Path, env: Mapping[str, str], client: str) -> Application:
        """For asking one client's system only: whatever else is wrong with the project does not matter.

        Raises:
            ConfigError: there is no such client, or its own declaration is wrong.
        """
        project, problems = validate_project(root, env)
        mine = project.clients[client].shown if client in project.clients else f"configs/clients/{client}.json"
        files = (mine, "configs/project.json")
        refuse(one for one in problems if one.severity == "error" and (not one.place or one.place.file in files))
        opened = cls(project, env)
        opened._declaration("client", client)
        return opened

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    # -- parts ------------------------------------------------------------------------------------------------------

    def client(self, name: str) -> Any:
        """The live client of that name, shared by all that use it.

        Raises:
            ConfigError: there is none, or a variable it needs is not set.
        """
        return self._once("client", name)

    def asking_client(self, name: str) -> Any:
        """A client of its own that does not wait long: for people who want to know whether a system is there.

        Raises:
            ConfigError: there is none, or a variable it needs is not set.
        """
        config = self._resolved(self._declaration("client", name))
        patient = {key: {**config.get(key, {}), **shorter} for key, shorter in _ASKING.items()}
        return CLIENTS.get(config["type"]).build(name, {**config, **patient}, self.services)

    def asking_incoming(self, name: str, client: Any) -> Any:
        """An incoming of its own that reads with that client, whatever other one it names.

        Raises:
            ConfigError: it, or what it is made of, has an error, or needs a variable that is not set.
        """
        return self._build("incoming", name, replace(self.services, client=lambda _name: client))

    def incoming(self, name: str) -> Incoming:
        """The live incoming of that name."""
        found: Incoming = self._once("incoming", name)
        return found

    def outgoing(self, name: str) -> Outgoing:
        """The live outgoing of that name."""
        found: Outgoing = self._once("outgoing", name)
        return found

    def transformer(self, name: str) -> Transformer:
        """The transformer file of that name, compiled."""
        self.ensure_sound("transformer", name)
        with self._lock:
            if ("transformer", name) not in self._built:
                source = self.project.transformers.get(name)
                if source is None:
                    hint = f"{did_you_mean(name, self.project.transformers)}It would be in transformers/."
                    raise ConfigError(f"there is no transformer '{name}'", hint=hint)
                self._built["transformer", name] = transformer_files.load(name, source.path, source.current)
            found: Transformer = self._built["transformer", name]
            return found

    def chain(self, names: Sequence[str]) -> MappingChain:
        """Several transformers one after the other."""
        return MappingChain([self.transformer(name) for name in names])

    def route(self, name: str) -> LiveRoute:
        """The live route of that name.

        Raises:
            ConfigError: there is none, something that it is made of has an error, or needs a variable that is not set.
        """
        self.ensure_sound("route", name)
        config = self.route_parts(name)
        settings = RouteSettings.from_config(config)
        outgoing = self.outgoing(config["outgoing"])
        outage = self._resolved(self._declaration("client", outgoing.client)).get("outage", {})
        return LiveRoute(
            name=name,
            incoming=self.incoming(config["incoming"]),
            chain=self.chain(config.get("transformers", [])),
            outgoing=outgoing,
            settings=engine_settings(settings, outage),
            declared=self.project.declared(name),
            placed=Origins(self.project, name).placed,
            discretion=discretion_of(self.project, name),
        )

    def route_parts(self, name: str) -> dict[str, Json]:
        """The declaration of a route, variables filled in."""
        return self._resolved(self._declaration("route", name))

    def route_settings(self, name: str) -> RouteSettings:
        """Schedule and limits of a route, without building it."""
        return RouteSettings.from_config(self.route_parts(name))

    def route_names(self, *, enabled: bool = True) -> list[str]:
        """All routes, those named in another's ``after`` before it."""
        return in_order(self.project, [name for name, one in self.project.routes.items() if one.enabled or not enabled])

    def alert(self, name: str) -> Way:
        """The way of that alert to tell people.

        Raises:
            ConfigError: there is none, or a variable it needs is not set.
        """
        config = self.alert_parts(name)
        return ALERTS.get(config["type"]).build(name, config)

    def alert_parts(self, name: str) -> dict[str, Json]:
        """The declaration of an alert, variables filled in."""
        return self._resolved(self._declaration("alert", name))

    def alert_names(self) -> list[str]:
        """All enabled ones."""
        return [name for name, one in sorted(self.project.alerts.items()) if one.enabled]

    def database_url(self) -> str:
        """Where the run log is: CONNECTOR_DATABASE_URL, or SQLite in the project's ``.connector``."""
        default = f"sqlite:///{(self.project.root / '.connector' / 'connector.db').resolve()}"
        return self._env.get(DATABASE_VARIABLE) or default

    def settings(self) -> Mapping[str, Json]:
        """What ``configs/project.json`` says, variables filled in; empty without it."""
        declared = self.project.settings
        return {} if declared is None else resolve(declared, project_file_schema(), self._env)

    def ensure_sound(self, family: str, name: str) -> None:
        """Whether a part can be used.

        Raises:
            ConfigError: it has an error, or something that it is made of has one; with all of these.
        """
        self.faults.ensure_none(self.project, family, name)

    def close(self) -> None:
        """Close all clients."""
        for (family, _), built in self._built.items():
            if family == "client":
                built.close()
        self._built.clear()

    # -- building ---------------------------------------------------------------------------------------------------

    def _once(self, family: str, name: str) -> Any:
        with self._lock:
            if (family, name) not in self._built:
                self._built[family, name] = self._build(family, name)
            return self._built[family, name]

    def _build(self, family: str, name: str, services: Services | None = None) -> Any:
        declaration = self._declaration(family, name)
        config = self._resolved(declaration)
        kind = _FAMILIES[family].get(config["type"])
        built = kind.build(name, config, services or self.services)
        shaping = config.get("request_transformer")
        return built.with_request_transformer(self.transformer(shaping)) if shaping else built

    def _declaration(self, family: str, name: str) -> Declaration:
        known: Mapping[str, Declaration] = self.project.family(family)
        # What a route says of its schedule can be read as long as its form is right: only ``route`` asks for the rest.
        if family != "route" or (name in known and known[name].shown in self.project.unsound):
            self.ensure_sound(family, name)
        if name not in known:
            hint = f"{did_you_mean(name, known)}Known are: {', '.join(sorted(known)) or 'none yet'}."
            raise ConfigError(f"there is no {family} '{name}'", hint=hint)
        return known[name]

    def _resolved(self, declaration: Declaration) -> dict[str, Json]:
        return resolve(declaration, self._schemas[declaration.family], self._env)


def _lint_kinds(project: Project) -> Iterator[tuple[Declaration | TransformerSource, Finding]]:
    """Ask each kind what it finds in its own declarations."""
    added = project.added()
    for family, registry in _LINTED.items():
        for declaration in project.family(family).values():
            kind = declaration.data.get("type") if isinstance(declaration.data, dict) else None
            if isinstance(kind, str) and kind in registry:
                lint = getattr(registry.get(kind), "lint", None)
                found: Iterable[Finding] = lint(declaration.data, added) if lint else ()
                yield from ((declaration, finding) for finding in found)


def _lint_transformers(
    project: Project, columns: Mapping[str, Collection[str]]
) -> Iterator[tuple[Declaration | TransformerSource, Finding]]:
    """Compile each transformer file."""
    for source in project.transformers.values():
        known = columns.get(source.shown, ())
        found = transformer_files.lint(source.name, source.current, source.suffix, known)
        yield from ((source, finding) for finding in found)
