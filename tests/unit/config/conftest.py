"""A small world of kinds, and projects written file by file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar

import pytest

from connector.config.declaration import Declaration, TransformerSource
from connector.config.formats import Fault
from connector.config.project import Project, load
from connector.config.route_spec import ROUTE
from connector.config.schema import project_schemas
from connector.config.validate import validate
from connector.core.jsonio import Json
from connector.core.problem import Finding, Problem
from connector.core.registry import Registry
from connector.core.spec import BOOLEAN, COUNT, DURATION, JMESPATH, NAME, OBJECT, TEXT, Field, Spec

Files = Mapping[str, Json]
Write = Callable[[Files], Path]
Check = Callable[..., list[Problem]]


class NoAuth:
    spec: ClassVar[Spec] = Spec("none", "None", "No credentials.")


class Bearer:
    spec: ClassVar[Spec] = Spec(
        "bearer", "Bearer", "A token.", {"token": Field(TEXT, "The token.", required=True, secret=True)}
    )


AUTHS: Registry[Any] = Registry("auth", NoAuth, Bearer)


class Http:
    spec: ClassVar[Spec] = Spec(
        "http",
        "HTTP",
        "Any HTTP API.",
        {
            "base_url": Field(TEXT, "Where it is.", required=True),
            "auth": Field(AUTHS.json_schema, "How to log in."),
            "headers": Field({"type": "object", "additionalProperties": {"type": "string"}}, "Headers."),
            "max_in_flight": Field({**COUNT, "maximum": 32}, "At once."),
            "share": Field({"type": "number", "minimum": 0}, "A share."),
            "verify": Field(BOOLEAN, "Whether to check certificates."),
            "timeout": Field(DURATION, "How long."),
            "request_log": Field({"type": "string", "enum": ["off", "errors", "full"]}, "What to log."),
        },
    )


class Api:
    spec: ClassVar[Spec] = Spec(
        "http",
        "API",
        "Reads.",
        {
            "client": Field(NAME, "The client.", required=True),
            "endpoint": Field({"type": "string", "pattern": "^/"}, "The path."),
            "query": Field(OBJECT, "Parameters."),
            "records": Field(JMESPATH, "Where the records are."),
            "request_transformer": Field(NAME, "Changes the request."),
        },
    )


class Sink:
    spec: ClassVar[Spec] = Spec("http", "Sink", "Writes.", {"client": Field(NAME, "The client.", required=True)})


class Map:
    spec: ClassVar[Spec] = Spec("map", "Map", "Maps.", {"to": Field(OBJECT, "The object.", required=True)})


FAMILIES: Mapping[str, Registry[Any] | Spec] = {
    "client": Registry("client", Http),
    "incoming": Registry("incoming", Api),
    "outgoing": Registry("outgoing", Sink),
    "transformer": Registry("step", Map),
    "route": ROUTE,
}

SOUND: Files = {
    "configs/clients/pim.json": {"type": "http", "base_url": "https://pim.example"},
    "configs/incoming/products.json": {"type": "http", "client": "pim", "endpoint": "/products"},
    "configs/outgoing/shop.json": {"type": "http", "client": "pim"},
    "transformers/product.json": [{"type": "map", "to": {"payload": "@"}}],
    "configs/routes/products.json": {"incoming": "products", "transformers": ["product"], "outgoing": "shop"},
}
"""A project without a single problem; tests change one file of it."""


@pytest.fixture
def schemas() -> dict[str, dict[str, Json]]:
    return project_schemas(FAMILIES)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a project: JSON values are laid out over lines, texts and bytes are written as they are."""

    def written(files: Files) -> Path:
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, bytes):
                path.write_bytes(content)
            else:
                text = content if isinstance(content, str) else json.dumps(content, indent=2, ensure_ascii=False)
                path.write_text(text, encoding="utf-8")
        return tmp_path

    return written


@pytest.fixture
def project(write: Write) -> Callable[..., Project]:
    """A loaded project: the sound one with the given files over it."""

    def loaded(files: Files | None = None, *, sound: bool = True) -> Project:
        return load(write({**(SOUND if sound else {}), **(files or {})}))

    return loaded


@pytest.fixture
def check(project: Callable[..., Project], schemas: dict[str, dict[str, Json]]) -> Check:
    """All problems of the sound project with the given files over it."""

    def found(
        files: Files | None = None, *, env: Mapping[str, str] | None = None, require_env: bool = False
    ) -> list[Problem]:
        return validate(
            project(files),
            schemas,
            [_lint],
            env=env or {},
            require_env=require_env,
            formats={"jmespath": _jmespath},
        )

    return found


def _jmespath(text: str) -> Fault | None:
    """Not JMESPath, but the form of its answer: a ``!`` is a fault, where it stands."""
    return Fault("CFG160", "does not compile", "Remove the '!'.", text.index("!")) if "!" in text else None


def _lint(project: Project) -> Iterable[tuple[Declaration | TransformerSource, Finding]]:
    """A kind's own check: hosts named ``forbidden``."""
    for one in project.clients.values():
        if isinstance(one.data, dict) and "forbidden" in str(one.data.get("base_url")):
            yield one, Finding("/base_url", "CFG140", "this host is forbidden", "Use another.", "warning")
