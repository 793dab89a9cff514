"""What a composed action answers, and how its steps end early."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar, Protocol, Self, runtime_checkable

from connector.core.errors import AuthRefused, ClientError, RecordError, Stopped
from connector.core.jsonio import Json
from connector.core.model import Delivery, Message
from connector.core.outcome import NotSent, Outcome, Refused, Waits
from connector.core.problem import Place, Problem
from connector.core.protocols import Capabilities
from connector.core.synonyms import key_meant
from connector.systems.ibexa.answered import Answer
from connector.systems.ibexa.answers import outcome_of, outcome_of_error
from connector.systems.ibexa.assets import AssetMissing, Assets
from connector.systems.ibexa.fields.codec import NotThereYet
from connector.systems.ibexa.gateway import Gateway


class Action(Protocol):
    """Several operations that are one word in a declaration."""

    can: ClassVar[Capabilities]
    replaced: ClassVar[tuple[str, ...]]
    """Keys of the payload that a message's own value replaces; others are merged with the outgoing's."""

    @classmethod
    def build(cls, gateway: Gateway, assets: Assets) -> Self:
        """For one outgoing."""
        ...

    def prepare(self, message: Message) -> Message:
        """Check what can be checked offline.

        Raises:
            RecordError: it can never be sent.
        """
        ...

    def key(self, message: Message) -> str | None:
        """The natural key at the target."""
        ...

    def send(self, delivery: Delivery) -> Outcome:
        """Carry it out; see Outgoing.send."""
        ...


@runtime_checkable
class KeepsSecrets(Protocol):
    """An action with keys in its payload that no run log may hold: ``prepare`` takes them out."""

    secret: ClassVar[tuple[str, ...]]
    """These keys."""

    def withheld(self, message: Message) -> Sequence[str]:
        """What ``prepare`` took out of that message."""
        ...

    def lacks(self, message: Message) -> bool:
        """Whether ``prepare`` took something out of it in another process."""
        ...


class Ended(Exception):
    """Carries an outcome out of the steps of an action; never leaves ``outcome_of_steps``."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


def checked(answer: Answer, fields: Mapping[int, str] | None = None) -> Answer:
    """The answer if it is 2xx.

    Raises:
        Ended: with what it means.
    """
    if not answer.ok:
        raise Ended(outcome_of(answer.operation, answer.response, fields, says=answer.says))
    return answer


def outcome_of_raised(operation: str, error: Exception) -> Outcome:
    """What an error that a step raised means for the message.

    Raises:
        AuthRefused, Stopped: they concern the run.
    """
    if isinstance(error, Ended):
        return error.outcome
    if isinstance(error, NotThereYet) and error.needs:
        return Waits(error.needs, error.problem(operation))
    if isinstance(error, NotThereYet | AssetMissing):
        return NotSent(error.problem(operation))
    if isinstance(error, RecordError):
        return Refused(error.problem(operation))
    if isinstance(error, ClientError) and not isinstance(error, AuthRefused | Stopped):
        return outcome_of_error(operation, error)
    raise error


def known_keys(given: Mapping[str, Json], known: Iterable[str], where: str) -> None:
    """Refuse a key that nothing would look at.

    Raises:
        RecordError: with the nearest known key.
    """
    names = list(known)
    for name in given:
        if name not in names:
            hint = key_meant(name, names).strip() or f"Known are: {', '.join(names)}."
            raise RecordError(f"'{name}' is not known in {where}", hint=hint, step=f"{where}.{name}")


def refuse(code: str, message: str, hint: str = "", where: str = "", pointer: str = "") -> Ended:
    """The error that ends the steps with Refused; ``pointer`` names the part of the message as ``RecordError`` does."""
    place = Place("", pointer=pointer) if pointer else None
    return Ended(Refused(Problem(code, message, hint=hint, where=where, place=place)))
