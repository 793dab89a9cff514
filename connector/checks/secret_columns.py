"""Members of source records that are secrets by their names: whether the run log keeps them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connector.checks.mapping import Found, object_in, text_in
from connector.checks.samples import Samples
from connector.config.declaration import TransformerSource
from connector.config.project import Project
from connector.core.problem import Finding
from connector.systems.ibexa.actions import ACTIONS
from connector.transformers.discretion import Discretion, secrets_in

_KEPT = "the run log keeps it in clear: the mapping may read it"
_HIDDEN = "no mapping reads"
_NAME_IT = "Leave it out at the source. If no message needs it, name in the mapping what is needed, without @ or *."


def discretion_of(project: Project, route: str) -> Discretion:
    """What of a route's records is not kept."""
    return Discretion([(one.current, one.suffix) for one in _sources(project, route)])


def check_secret_columns(project: Project, samples: Samples) -> Iterator[Found]:
    """Of incomings whose file could be looked at: a warning for what is kept, a note for what is not."""
    told: dict[tuple[str, str], Found] = {}
    for name, trial in samples.trials.items():
        route = project.routes[name]
        incoming = project.incomings[text_in(route, "incoming")]
        discretion = discretion_of(project, name)
        ways = dict.fromkeys(way for one in trial.described.records for way, _ in secrets_in(one))
        for way in ways:
            shown, read = ".".join(way), discretion.reads(way)
            if read and _withholds(project, name):
                continue
            what = f"'{shown}' of {trial.described.file} is a secret by its name, and"
            if read:
                message, hint, severity = f"{what} {_KEPT}", _NAME_IT, "warning"
            else:
                message = f"{what} {_HIDDEN} it: the run log has *** in its place"
                hint, severity = "Nothing is wrong with that. It is safer still to leave it out at the source.", "info"
            if read or (incoming.shown, shown) not in told:
                told[incoming.shown, shown] = incoming, Finding("/path", "CFG225", message, hint, severity)
    yield from told.values()


def _sources(project: Project, route: str) -> Sequence[TransformerSource]:
    names = project.routes[route].data.get("transformers") or ()
    return [project.transformers[name] for name in names if name in project.transformers]


def _withholds(project: Project, route: str) -> bool:
    """Whether what goes into its messages as a password is kept nowhere anyway."""
    outgoing = project.outgoings.get(text_in(project.routes[route], "outgoing"))
    if outgoing is None:
        return False
    action = ACTIONS.get((text_in(outgoing, "entity"), text_in(outgoing, "action")))
    declared = object_in(outgoing, "payload")
    return any(declared.get(one) is None for one in getattr(action, "secret", ()))
