"""How commands are told of a thing of the project: by its name, or as ``family:name`` where the name is not enough.

One convention for the whole command line, and what the shell completes: ``incoming:products``, ``client:ibexa``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from connector.cli.output import plain
from connector.core.errors import ConfigError
from connector.core.nearest import did_you_mean

if TYPE_CHECKING:
    from connector.app import Application
    from connector.config.project import Project

    _ParamType = click.ParamType[str]
else:
    _ParamType = click.ParamType  # older releases of click know no type arguments

_PLURALS = {
    "route": "Routes",
    "incoming": "Incomings",
    "outgoing": "Outgoings",
    "transformer": "Transformers",
    "client": "Clients",
    "alert": "Alerts",
}
FAMILIES = ("route", "incoming", "outgoing", "transformer", "client", "alert")


class Name(_ParamType):
    """An argument that names a thing of one of some families.

    Args:
        families: which; with one alone its prefix may be left out and is taken off, with several see ``resolved``.
    """

    name = "name"

    def __init__(self, *families: str) -> None:
        self.families = families

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Refuse what names a thing of another family."""
        family, colon, name = value.partition(":")
        if not colon or family not in FAMILIES:
            return value
        if family not in self.families:
            wanted = " or ".join(_with_article(one) for one in self.families)
            self.fail(f"'{value}' is {_with_article(family)}; here goes the name of {wanted}.", param, ctx)
        return name if len(self.families) == 1 else value

    def get_missing_message(self, param: click.Parameter, ctx: click.Context | None) -> str | None:  # noqa: ARG002
        """What there is to name."""
        if ctx is None:
            return None
        from connector.config.project import load  # noqa: PLC0415 - for slips only

        known = names(load(Path(ctx.find_root().params.get("project") or ".")), self.families)
        listed = (f"{_PLURALS[one]} are: {', '.join(found) or 'none yet'}." for one, found in known.items())
        return " ".join(listed)

    def shell_complete(
        self,
        ctx: click.Context,
        param: click.Parameter,  # noqa: ARG002 - click's signature
        incomplete: str,
    ) -> list[CompletionItem]:
        """The names in the project, those of the first family without its prefix."""
        from connector.config.project import load  # noqa: PLC0415 - not needed for --help

        known = names(load(Path(ctx.find_root().params.get("project") or ".")), self.families)
        plain = known[self.families[0]]
        listed = [*plain, *(f"{family}:{one}" for family in self.families for one in known[family])]
        if len(self.families) == 1 and ":" not in incomplete:
            listed = plain
        return [CompletionItem(one) for one in listed if one.startswith(incomplete)]


def names(project: Project, families: Iterable[str] = FAMILIES) -> dict[str, list[str]]:
    """By family, the sorted names; those of files that cannot be read too: the file is there."""
    members: Mapping[str, Mapping[str, object]] = {
        family: project.transformers if family == "transformer" else project.family(family) for family in families
    }
    unread = {family: {name for of, name in project.broken if of == family} for family in families}
    return {family: sorted(found.keys() | unread[family]) for family, found in members.items()}


def resolved(project: Project, text: str, families: tuple[str, ...]) -> tuple[str, str]:
    """Family and name that a text means. A bare name of the first family is that, whatever else has it.

    Raises:
        ConfigError: nothing has that name, or several things do; the hint says what there is.
    """
    known = names(project, families)
    family, colon, name = text.partition(":")
    if colon:
        if family not in known:
            hint = f"{did_you_mean(family, families)}Families are: {', '.join(families)}."
            raise ConfigError(f"there is no family '{family}'", hint=hint)
        if name not in known[family]:
            hint = f"{did_you_mean(name, known[family])}Known are: {', '.join(known[family]) or 'none yet'}."
            raise ConfigError(f"there is no {family} '{name}'", hint=hint)
        return family, name
    holding = [one for one in families if text in known[one]]
    if not holding:
        near = did_you_mean(text, [one for listed in known.values() for one in listed])
        listed = "; ".join(f"{one}: {', '.join(found)}" for one, found in known.items() if found) or "none yet"
        raise ConfigError(f"there is no {_either(families)} '{text}'", hint=f"{near}Known are: {listed}.")
    if len(holding) > 1 and holding[0] != families[0]:
        choice = " or ".join(f"{one}:{text}" for one in holding)
        raise ConfigError(f"'{text}' names {' and '.join(map(_with_article, holding))}", hint=f"Say which: {choice}.")
    return holding[0], text


def _either(families: tuple[str, ...]) -> str:
    return ", ".join(families[:-1]) + f" or {families[-1]}"


def _with_article(family: str) -> str:
    return f"{'an' if family[0] in 'aeiou' else 'a'} {family}"


def chosen(app: Application, wanted: tuple[str, ...], *, everything: bool) -> list[str]:
    """The routes that a command is to run, each once.

    Raises:
        UsageError: none is named, or one is not known, or --all goes with names.
    """
    known = app.route_names(enabled=False)
    if everything:
        if wanted:
            raise click.UsageError(f"name routes, or --all, not both: --all runs {', '.join(app.route_names())}.")
        if not (enabled := app.route_names()):
            raise click.UsageError("there is no enabled route: declare one in configs/routes/.")
        return enabled
    if not wanted:
        listed = ", ".join(known) or "none yet; declare one in configs/routes/"
        raise click.UsageError(f"name a route, or --all. Routes are: {listed}.")
    for name in wanted:
        if name not in known:
            raise no_route(app.project, name)
    return list(dict.fromkeys(wanted))


def no_route(project: Project, name: str) -> click.UsageError:
    """That there is no route of that name: what else has it, or was meant, and which routes there are."""
    listed = names(project)
    known = listed.pop("route")
    families = [one for one, members in listed.items() if name in members]
    if families:
        user = [one for one in known if name in _parts(project, one)]
        routes = f" Made of it: {', '.join(user)}." if user else ""
        meant = f"It is {' and '.join(map(_with_article, families))}.{routes} "
    else:
        meant = did_you_mean(name, known)
    message = f"there is no route '{plain(name)}'. {meant}Routes are: {', '.join(known) or 'none yet'}."
    return click.UsageError(message)


def _parts(project: Project, route: str) -> list[str]:
    """The names that a route names."""
    data = project.routes[route].data if route in project.routes else {}
    values = list(data.values()) if isinstance(data, dict) else []
    return [one for value in values for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]
