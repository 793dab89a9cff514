"""Finds everything that is wrong with a project, offline, each with file, line, column, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend
from referencing import Registry

from connector.config.formats import FORMATS
from connector.config.links import check_links
from connector.config.project import Declaration, Project, TransformerSource
from connector.config.sentences import findings
from connector.config.variables import is_reference, unset
from connector.core.jsonio import Json
from connector.core.problem import Finding, Problem

Check = Callable[[Project], Iterable[tuple[Declaration | TransformerSource, Finding]]]
_UNSET = "Set it in the environment, or in a file for --env-file."


def validate(
    project: Project,
    schemas: Mapping[str, Mapping[str, Json]],
    checks: Sequence[Check],
    *,
    env: Mapping[str, str],
    require_env: bool = False,
) -> list[Problem]:
    """All problems of all files, by file and line.

    Args:
        project: as loaded.
        schemas: by family.
        checks: what the kinds themselves know.
        env: to tell which variables are not set.
        require_env: an unset variable is an error, not a warning.
    """
    found = list(project.problems)
    broken: set[str] = set()
    sources: list[Declaration | TransformerSource] = [*project.declarations(), *project.transformers.values()]
    for source in sources:
        violations = list(_violations(source, schemas[source.family]))
        if violations:
            broken.add(source.shown)
        found += violations
    for check in (check_links, *checks):
        found += [_placed(source, finding) for source, finding in check(project) if not _told(source, finding, broken)]
    found += _unset_variables(project, env, "error" if require_env else "warning")
    return sorted(_distinct(found), key=_order)


def _violations(source: Declaration | TransformerSource, schema: Mapping[str, Json]) -> Iterator[Problem]:
    if isinstance(source, TransformerSource) and source.suffix != ".json":
        return
    validator = _Validator(schema, registry=Registry())  # an empty registry: nothing is ever fetched
    for error in validator.iter_errors(source.data):
        yield from (_placed(source, finding) for finding in findings(error))


def _placed(source: Declaration | TransformerSource, finding: Finding) -> Problem:
    at_key = finding.pointer.endswith("#")
    place = source.place(finding.pointer.removesuffix("#"), offset=finding.offset, at_key=at_key)
    return Problem(finding.code, finding.message, finding.hint, place=place, severity=finding.severity)


def _told(source: Declaration | TransformerSource, finding: Finding, broken: set[str]) -> bool:
    """A file whose shape is wrong is not linted for what follows from it."""
    return source.shown in broken and finding.code.startswith("CFG15")


def _unset_variables(project: Project, env: Mapping[str, str], severity: str) -> Iterator[Problem]:
    for declaration in project.declarations():
        for pointer, what in unset(declaration.data, env):
            place = declaration.place(pointer)
            yield Problem("CFG130", f"{what} is not set", hint=_UNSET, place=place, severity=severity)


def _distinct(problems: list[Problem]) -> list[Problem]:
    return list(dict.fromkeys(problems))


def _order(problem: Problem) -> tuple[str, int, int]:
    place = problem.place
    return (place.file, place.line, place.column) if place else ("", 0, 0)


# -- the validator -----------------------------------------------------------------------------------------------------

_Keyword = Callable[[Any, Any, Any, Mapping[str, Any]], Iterable[ValidationError]]


def _except_references(keyword: _Keyword) -> _Keyword:
    """A text that is exactly one reference stands for a value of any form."""

    def check(validator: Any, value: Any, instance: Any, schema: Mapping[str, Any]) -> Iterable[ValidationError]:
        return () if is_reference(instance) else keyword(validator, value, instance, schema) or ()

    return check


def _secret(_validator: Any, value: Any, instance: Any, _schema: Mapping[str, Any]) -> Iterable[ValidationError]:
    if value and not is_reference(instance):
        yield ValidationError("secret", validator="x-secret", validator_value=value)


def _format(_validator: Any, value: Any, instance: Any, _schema: Mapping[str, Any]) -> Iterable[ValidationError]:
    check = FORMATS.get(value)
    if check is None or not isinstance(instance, str) or is_reference(instance):
        return
    fault = check(instance)
    if fault is not None:
        yield ValidationError("\x1f".join((*fault, "")), validator="x-format", validator_value=value)


_SCALAR = ("type", "enum", "pattern", "minimum", "maximum", "exclusiveMinimum", "minLength", "maxLength", "const")
_Validator: Any = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    {
        **{name: _except_references(Draft202012Validator.VALIDATORS[name]) for name in _SCALAR},
        "x-secret": _secret,
        "x-format": _format,
    },
)
