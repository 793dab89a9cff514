"""Finds everything that is wrong with a project, offline, each with file, line, column, and what to do.

It builds nothing and asks no system; what only the kinds know comes in as checks.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from connector.config.consequences import without_consequences
from connector.config.declaration import Declaration, Discovered, TransformerSource
from connector.config.dialect import Dialect
from connector.config.formats import Format
from connector.config.links import check_links, check_unused
from connector.config.misplaced import with_folder
from connector.config.project import Project
from connector.config.references import bare, inside, keys, malformed, texts
from connector.config.schema import project_file_schema
from connector.config.upgrade import check_version
from connector.config.variables import misfits, unset
from connector.config.weak_secrets import weak_secrets
from connector.config.written_secrets import written_secrets
from connector.core.jsonio import Json
from connector.core.problem import Finding, Problem

Written = Declaration | TransformerSource
Source = Written | Discovered
Check = Callable[[Project], Iterable[tuple[Source, Finding]]]


def validate(
    project: Project,
    schemas: Mapping[str, Mapping[str, Json]],
    checks: Sequence[Check],
    *,
    env: Mapping[str, str],
    require_env: bool = False,
    needed: Collection[str] = (),
    formats: Mapping[str, Format] | None = None,
) -> list[Problem]:
    """All problems of all files, by file and line.

    Args:
        project: as loaded.
        schemas: by family, from ``project_schemas``.
        checks: what the kinds themselves know.
        env: to tell which variables are not set, or do not fit.
        require_env: such a variable is an error, not a warning; and secrets that cannot be masked well are told.
        needed: files for which it is an error in any case.
        formats: checks of texts that the schema marks with ``x-format``, e.g. ``jmespath``; they add to config's own.
            For declarations only: transformer files have a check of their own.
    """
    schemas = {**schemas, "project": project_file_schema()}
    dialect, steps = Dialect(formats), Dialect()
    found = list(project.problems)
    broken = project.unsound
    for source in _sources(project):
        violations = [_placed(source, one) for one in _violations(source, schemas, dialect, steps)]
        if any(one.severity == "error" for one in violations):
            broken.add(source.shown)
        elif isinstance(source, Declaration):
            found += [_placed(source, one) for one in _variables(source, schemas, dialect, (env, require_env, needed))]
        found += violations
    for check in (_check_version, check_links, *checks):
        found += [_placed(source, finding) for source, finding in check(project) if not _told(source, finding, broken)]
    if not any(problem.severity == "error" for problem in found):  # a broken file may be the one that uses it
        found += [_placed(source, finding) for source, finding in check_unused(project)]
    return sorted(without_consequences(list(dict.fromkeys(found)), project.root), key=_order)


def _check_version(project: Project) -> Iterator[tuple[Source, Finding]]:
    if project.settings is not None:
        yield from ((project.settings, finding) for finding in check_version(project.settings))


def _sources(project: Project) -> list[Written]:
    settings = [project.settings] if project.settings is not None else []
    return [*settings, *project.sources()]


def _violations(
    source: Written, schemas: Mapping[str, Mapping[str, Json]], dialect: Dialect, steps: Dialect
) -> Iterator[Finding]:
    """``steps``: for transformer files, which have a check of their own for what is written in them."""
    if isinstance(source, TransformerSource):
        if source.suffix == ".json":
            yield from steps.findings(source.data, schemas[source.family])
        return
    yield from _spelling(source)
    if source.family != "system":  # there query describes parameters
        yield from written_secrets(source.data)
    found = list(dialect.findings(source.data, schemas[source.family]))
    yield from with_folder(found, source.data, source.family, schemas, dialect)


def _spelling(declaration: Declaration) -> Iterator[Finding]:
    """References that would be taken for plain text: misspelt ones, and those in keys."""
    hint = 'Write ${NAME}, ${NAME:-default} or ${file:/path}; a plain "${" is written $${.'
    for pointer, text in texts(declaration.data):
        for offset in malformed(text):
            yield Finding(pointer, "CFG133", "this '${' begins no reference", hint, offset=offset)
        written, name = bare(text)
        if name:
            message = f"'{written}' is taken as it is, not as the variable's value"
            yield Finding(pointer, "CFG133", message, f"Write ${{{name}}}.", "warning")
    for pointer, key in keys(declaration.data):
        if inside(key):
            yield Finding(pointer + "#", "CFG133", "a key cannot come from a variable", "Write the key itself.")


def _variables(
    declaration: Declaration,
    schemas: Mapping[str, Mapping[str, Json]],
    dialect: Dialect,
    known: tuple[Mapping[str, str], bool, Collection[str]],
) -> Iterator[Finding]:
    env, strict, needed = known
    severity = "error" if (strict and declaration.enabled) or declaration.shown in needed else "warning"
    for one in (*unset(declaration, env), *misfits(declaration, schemas[declaration.family], env, dialect)):
        yield replace(one, severity=severity) if one.severity == "error" else one
    if strict:
        yield from weak_secrets(declaration, schemas[declaration.family], env)


def _placed(source: Source, finding: Finding) -> Problem:
    at_key = finding.pointer.endswith("#")
    place = source.place(finding.pointer.removesuffix("#"), offset=finding.offset, at_key=at_key)
    return Problem(finding.code, finding.message, finding.hint, place=place, severity=finding.severity)


def _told(source: Source, finding: Finding, broken: set[str]) -> bool:
    """A file whose shape is wrong is not linted for what follows from it."""
    return source.shown in broken and finding.code.startswith("CFG15")


def _order(problem: Problem) -> tuple[str, int, int]:
    place = problem.place
    return (place.file, place.line, place.column) if place else ("", 0, 0)
