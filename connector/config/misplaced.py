"""A declaration in the folder of another family: each of its keys would be told, and none of it would help."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from connector.config.dialect import Dialect
from connector.config.project import FOLDERS
from connector.core.jsonio import Json
from connector.core.problem import Finding

_SHAPE = {"CFG110", "CFG111", "CFG113"}
"""Unknown, missing, and a type that is none here: what a whole declaration of another family brings about."""


def with_folder(
    findings: Sequence[Finding], data: Json, family: str, schemas: Mapping[str, Mapping[str, Json]], dialect: Dialect
) -> Iterator[Finding]:
    """The findings; where all of it is a good declaration of one other family, the first one alone, saying so.

    Args:
        findings: of the declaration by its own family's schema.
        data: the declaration.
        family: the one whose folder it is in.
        schemas: by family.
        dialect: to try the others with.
    """
    if findings and any(one.code in _SHAPE for one in findings):
        others = _others(data, family, schemas, dialect)
        if len(others) == 1:
            hint = f"All of it reads as {_with_article(others[0])}: move the file to configs/{FOLDERS[others[0]]}/."
            yield replace(findings[0], hint=hint)
            return
    yield from findings


def _others(data: Json, family: str, schemas: Mapping[str, Mapping[str, Json]], dialect: Dialect) -> list[str]:
    tried: Iterable[str] = (one for one in FOLDERS if one != family and one in schemas)
    return [one for one in tried if next(dialect.findings(data, schemas[one]), None) is None]


def _with_article(family: str) -> str:
    return f"{'an' if family[0] in 'aeiou' else 'a'} {family}"
