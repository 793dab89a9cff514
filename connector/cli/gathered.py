"""Warnings and notes of one kind with one remedy, told once for all of them: for people; scripts get each apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connector.cli.output import plain
from connector.config.codes import CODES
from connector.core.problem import Problem

FEW = {"warning": 3, "info": 2}
"""From so many on they are gathered; errors never."""
SHOWN = 5
"""Places that are listed."""


def gathered(problems: Sequence[Problem]) -> Iterator[list[Problem]]:
    """The findings in their order: each alone, or with all like it at the place of the first."""
    alike: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in problems:
        if problem.severity in FEW and problem.code in CODES:
            alike.setdefault((problem.severity, problem.code, problem.hint), []).append(problem)
    for problem in problems:
        group = alike.get((problem.severity, problem.code, problem.hint), [])
        if len(group) < FEW.get(problem.severity, 1):
            yield [problem]
        elif group[0] is problem:
            yield group


def block(group: Sequence[Problem]) -> str:
    """Title and number, the first places with what is wrong there, and the hint once."""
    first = group[0]
    title = CODES[first.code].title
    lines = [f"{first.severity} {first.code}: {title[0].lower()}{title[1:]}, {len(group)} times"]
    lines += [f"    {plain(f'{one.place}: ' if one.place else '')}{plain(one.message)}" for one in group[:SHOWN]]
    if len(group) > SHOWN:
        lines.append(f"    and {len(group) - SHOWN} more: --format json has them all")
    return "\n".join([*lines, f"    {plain(first.hint)}"] if first.hint else lines)
