"""The order in which several routes run by hand, and which of them do not run because one before them failed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from connector.core.errors import NotRun

After = Mapping[str, Sequence[str]]


def ordered(names: Sequence[str], after: After) -> list[str]:
    """The names as given, but each behind those it comes after, directly or by way of routes that are not named."""
    found: dict[str, bool] = {}

    def place(name: str) -> Iterator[str]:
        if name not in found:
            found[name] = True
            for earlier in after.get(name, ()):
                yield from place(earlier)
            yield name

    return [name for wanted in names for name in place(wanted) if name in names]


def refusal(name: str, after: Sequence[str], badly: Mapping[str, str]) -> NotRun | None:
    """Why a route is not run, or None.

    Args:
        name: the route.
        after: the routes it comes after, unless it runs whatever became of them.
        badly: those that did not end well, with what became of each.
    """
    told = [f"'{one}' {badly[one]}" for one in after if one in badly]
    if not told:
        return None
    hint = f'Run it when that is mended, or say "after_failure": "run" in \'{name}\'.'
    return NotRun(f"'{name}' comes after {', '.join(told)}", hint=hint)
