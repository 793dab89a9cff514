"""Columns of texts such as 0 and false that are asked whether they are true: every text is, but the empty one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connector.checks.mapping import Found
from connector.checks.samples import Samples
from connector.checks.sentences import Described
from connector.config.declaration import TransformerSource
from connector.config.project import Project
from connector.core.jsonio import Json, JsonError, parse
from connector.core.problem import Finding
from connector.transformers.conditions import judged
from connector.transformers.expression import ExpressionError, syntax_tree
from connector.transformers.files import expressions_in, without_comments
from connector.transformers.meant import needs_quotes
from connector.transformers.names import Name, names_of
from connector.transformers.quoting import in_quotes

_NO = frozenset({"0", "false", "no", "nei", "n"})
_YES = frozenset({"1", "true", "yes", "ja", "j", "y", "x"})
_PLAINLY = frozenset({"0", "false"})
"""The others are told of beside a yes only: `no` is a language too."""

_Expression = tuple[str, str, int, bool]
"""Where it stands, its text, where that begins, and whether it is a filter's."""


def check_flags(project: Project, samples: Samples) -> Iterator[Found]:
    """Of what a route's first file reads from the records themselves."""
    told: set[tuple[str, str, int]] = set()
    for name, trial in samples.trials.items():
        listed = project.routes[name].data.get("transformers")
        source = project.transformers.get(str(listed[0])) if isinstance(listed, list) and listed else None
        for finding in _of_file(source, trial.described) if source is not None else ():
            spot = (source.shown, finding.pointer, finding.offset or 0) if source is not None else ("", "", 0)
            if source is not None and spot not in told:
                told.add(spot)
                yield source, finding


def _of_file(source: TransformerSource, described: Described) -> Iterator[Finding]:
    seen: set[str] = set()
    for pointer, text, start, of_filter in _expressions(source):
        try:
            tree = syntax_tree(text)
        except ExpressionError:
            return
        names = names_of(tree, text)
        read = [one.path for one in names.values()]
        for node in judged(tree, asked=of_filter):
            name = names[id(node)]
            # What is read more than once is looked at otherwise too: "is there anything".
            alone = name.path == name.text and read.count(name.path) == 1 and name.path not in seen
            said = _said(name, _texts(name.text, described.records), described) if alone else None
            if said is not None:
                seen.add(name.path)
                yield Finding(pointer, "CFG291", *said, "warning", start + max(0, name.offset))
        seen.update(read if of_filter else ())


def _expressions(source: TransformerSource) -> Iterator[_Expression]:
    """Those that read the records: up to the first step that makes something else of them."""
    if source.suffix == ".jmespath":
        body, start = without_comments(source.current)
        yield "", body, start, False
        return
    for number, step in enumerate(steps_of(source)):
        if not isinstance(step, dict):
            return
        of_filter = step.get("type") == "filter"
        yield from ((pointer, text, 0, of_filter) for pointer, text in expressions_in(step, f"/{number}"))
        if not of_filter:
            return


def _texts(name: str, records: Sequence[Json]) -> list[str]:
    """What stands there; nothing when it is not texts alone."""
    values = [one.get(name) for one in records if isinstance(one, dict)]
    given = [one for one in values if one not in (None, "")]
    return [one for one in given if isinstance(one, str)] if all(isinstance(one, str) for one in given) else []


def _said(name: Name, texts: Sequence[str], described: Described) -> tuple[str, str] | None:
    words = [one.strip().lower() for one in texts]
    yes = next((text for text, word in zip(texts, words, strict=True) if word in _YES), "")
    no = next((text for text, word in zip(texts, words, strict=True) if word in _NO), "")
    if not no or not set(words) <= _NO | _YES or (not yes and no.strip().lower() not in _PLAINLY):
        return None
    read = f'"{name.text}"' if needs_quotes(name.text) else name.text
    count = sum(word in _NO for word in words)
    many = f"{count} of the {len(described.records)} records looked at in {described.file}"
    meant = f"{read} == {in_quotes(yes)}" if yes else f"{read} != {in_quotes(no)}"
    message = f"the text '{no}' counts as true, and {many} have such a text as '{name.text}'"
    return message, f"Only an empty text is false. What is meant to be true: {meant}."


def steps_of(source: TransformerSource) -> list[Json]:
    """The steps of a file; none where it is of another shape."""
    try:
        steps = parse(source.current)
    except JsonError:
        return []
    return steps if isinstance(steps, list) else []
