"""Whether what is named by an identifier is among what was discovered: sections, object states, roles and so on.

Where nothing was written down of them, `validate --online` looks each up: see online.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from connector.checks.mapping import Found, text_in
from connector.checks.mentions import Mention, mentions
from connector.checks.servers import AGAIN, fresh, known_servers
from connector.config.project import Project
from connector.core.nearest import did_you_mean
from connector.systems.ibexa.known import Known
from connector.systems.ibexa.languages import meant_by

_MAKERS: Mapping[str, frozenset[str]] = {
    "section": frozenset({"section"}),
    "state": frozenset({"object_state", "object_state_group"}),
    "role": frozenset({"role"}),
}
"""Entities whose outgoings may make what a mention of that kind names."""
_EITHER = "Write it so: whether Ibexa tells capital letters apart hangs on its database. "
_MAKING = frozenset({"ensure", "create"})
"""An update needs what is there already."""


def check_named(project: Project, live: Mapping[str, Known] | None = None) -> Iterator[Found]:
    """Findings of all that is named for all clients.

    Args:
        project: as loaded.
        live: by client, what its server said just now; it takes the place of what was written down.
    """
    for client, known in known_servers(project, live).items():
        yield from fresh(_of_client(project, client, known), client, live)


def _of_client(project: Project, client: str, known: Known) -> Iterator[Found]:
    for one in mentions(project, client):
        if not is_known(one, known):
            continue
        said = _unknown(one, known, client)
        if said is not None:
            code, message, hint = said
            made = one.kind in _made(project, client)
            if made:
                hint += "That is as it should be when a route of this project makes it first. "
            severity = "warning" if made or one.by_default or _differs_in_case(one, known) else "error"
            at_key = one.kind == "state" and one.value[0] not in known.states
            yield one.told(code, message, hint + AGAIN.format(client=client), severity, at_key=at_key)


def is_known(mention: Mention, known: Known) -> bool:
    """Whether it can be told from what is known of the server; if not, only the server itself tells."""
    return (mention.kind == "state" and bool(known.states)) or bool(_there(mention.kind, known)[1])


def _there(kind: str, known: Known) -> tuple[str, Sequence[str]]:
    """Code, and the identifiers that there are."""
    lists: Mapping[str, tuple[str, Sequence[str]]] = {
        "content type": ("CFG180", known.identifiers),
        "language": ("CFG183", known.languages),
        "section": ("CFG195", known.sections),
        "role": ("CFG197", known.roles),
    }
    return lists.get(kind, ("", ()))


def _unknown(mention: Mention, known: Known, client: str) -> tuple[str, str, str] | None:
    """Code, message and hint; None: it is there."""
    server = f"the server of '{client}' has no"
    if mention.kind == "state":
        group, state = mention.value
        if group not in known.states:
            return "CFG196", f"{server} object state group '{group}'", _near(group, known.states)
        states = known.states[group]
        message = f"'{group}' has no object state '{state}'"
        return None if state in states else ("CFG196", message, _near(state, states))
    code, there = _there(mention.kind, known)
    name = str(mention.value)
    meant = meant_by(name) if mention.kind == "language" else ""
    near = _near(meant if meant in there else name, there)
    if name not in there and _differs_in_case(mention, known):
        return code, f"the section '{name}' is called {_same(name, there)!r}", _EITHER
    return None if name in there else (code, f"{server} {mention.kind} '{name}'", near)


def _differs_in_case(mention: Mention, known: Known) -> bool:
    """Of a section: a run asks the server for it, and most take it all the same."""
    return mention.kind == "section" and bool(_same(str(mention.value), known.sections))


def _same(name: str, there: Iterable[str]) -> str:
    return next((one for one in there if one.lower() == name.lower()), "")


def _near(name: str, there: Iterable[str]) -> str:
    listed = list(there)
    return f"{did_you_mean(name, listed)}It has: {', '.join(listed) or 'none'}. "


def _made(project: Project, client: str) -> frozenset[str]:
    """The kinds that an outgoing of this client may make."""
    own = [one for one in project.outgoings.values() if text_in(one, "client") == client]
    entities = {text_in(one, "entity") for one in own if text_in(one, "action") in _MAKING}
    return frozenset(kind for kind, makers in _MAKERS.items() if makers & entities)
