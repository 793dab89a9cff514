"""Transformer files: ``name.jmespath`` holds one expression, ``name.json`` a list of steps."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from connector.core.errors import ConfigError
from connector.core.jsonio import Json, JsonError, fingerprint, parse
from connector.core.problem import Finding, Place, Problem
from connector.core.protocols import Scope
from connector.transformers.expression import ExpressionError
from connector.transformers.meant import of_names
from connector.transformers.steps import STEPS, Step
from connector.transformers.steps.jmespath import JmesPath


class TransformerFile:
    """A file's steps, one after the other."""

    def __init__(self, name: str, steps: Sequence[Step], version: str) -> None:
        self.name = name
        self.version = version
        self._steps = steps

    def apply(self, value: Json, scope: Scope) -> Iterable[Json]:
        """All that comes out of the last step.

        Raises:
            RecordError: naming file, step and field.
        """
        values: list[Json] = [value]
        for step in self._steps:
            values = [made for one in values for made in step.apply(one, scope)]
            if not values:
                break
        return values


def load(name: str, path: Path, text: str) -> TransformerFile:
    """Compile a file.

    Raises:
        ConfigError: it cannot be compiled; the first fault.
    """
    try:
        return _compiled(name, text, path.suffix)
    except ExpressionError as error:
        found = Problem("CFG160", error.message, error.hint, place=Place(str(path)))
        raise ConfigError(f"{path.name}: {error.message}", hint=error.hint, problems=(found,)) from None
    except JsonError as error:
        raise ConfigError(f"{path.name}: {error}") from None


def lint(name: str, text: str, suffix: str, names: Collection[str] = ()) -> list[Finding]:
    """Every expression of a file that does not compile; the shape of ``.json`` is the schema's business.

    Args:
        name: of the file.
        text: of the file.
        suffix: ``.json`` or ``.jmespath``.
        names: those that records are known to have, of which one may lack its quotes.
    """
    if suffix == ".jmespath":
        body, at = without_comments(text)
        return _tried(lambda: JmesPath.build({"expression": body}, name), "", at, (body, names))
    try:
        steps = parse(text)
    except JsonError:
        return []
    found: list[Finding] = []
    for number, step in enumerate(steps if isinstance(steps, list) else []):
        if isinstance(step, dict) and step.get("type") in STEPS:
            found += _lint_step(step, f"/{number}", names)
    return found


def _lint_step(step: dict[str, Json], pointer: str, names: Collection[str]) -> list[Finding]:
    """Each text of a step by itself, so that every fault is told with its place."""
    from connector.transformers.expression import Expression  # noqa: PLC0415 - only to check

    found = []
    for place, text in expressions_in(step, pointer):
        found += _tried(lambda text=text: Expression(text), place, 0, (text, names))
    return found


def expressions_in(node: Json, pointer: str) -> Iterable[tuple[str, str]]:
    """Pointer and text of every expression of a step."""
    for key, value in node.items() if isinstance(node, dict) else enumerate(node):
        place = f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}"
        if key in ("type", "description", "$comment") and pointer.count("/") == 1:
            continue
        if isinstance(value, str):
            yield place, value
        elif isinstance(value, dict | list):
            yield from expressions_in(value, place)


def _tried(build: object, pointer: str, at: int, known: tuple[str, Collection[str]]) -> list[Finding]:
    try:
        build()  # type: ignore[operator]
    except ExpressionError as error:
        hint = of_names(known[0], error.offset, known[1]) or error.hint
        return [Finding(pointer, "CFG160", error.message, hint, offset=at + error.offset)]
    return []


def _compiled(name: str, text: str, suffix: str) -> TransformerFile:
    if suffix == ".jmespath":
        body, _ = without_comments(text)
        return TransformerFile(name, [JmesPath.build({"expression": body}, f"{name}.jmespath")], fingerprint(text))
    steps = parse(text)
    built = [
        STEPS.get(step["type"]).build(step, f"{name}.json step {number} ({step['type']})")
        for number, step in enumerate(steps, start=1)
    ]
    return TransformerFile(name, built, fingerprint(steps))


def expression_of(text: str) -> str:
    """The expression of a ``.jmespath`` file."""
    return without_comments(text)[0]


def without_comments(text: str) -> tuple[str, int]:
    """The expression below the ``#`` lines at the head, and how many characters those are."""
    lines = text.removeprefix("\ufeff").splitlines(keepends=True)
    head = 0
    while head < len(lines) and (lines[head].lstrip().startswith("#") or not lines[head].strip()):
        head += 1
    return "".join(lines[head:]), sum(len(line) for line in lines[:head])
