"""Who may write a field: the source, an editor, or whoever wrote last."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct

from connector.core.jsonio import Json
from connector.systems.ibexa.actions.content.held import Fields
from connector.systems.ibexa.actions.content.memory import Memory, digest_of
from connector.systems.ibexa.actions.content.values import FieldValue

SOURCE, INITIAL = "source", "initial"
_Judge = Callable[[FieldValue, Json, Memory], str]
"""Field, what Ibexa holds, what we remember -> why it is left alone; empty: it is written."""


def _source(_one: FieldValue, _held: Json, _memory: Memory) -> str:
    return ""


def _editor(_one: FieldValue, _held: Json, _memory: Memory) -> str:
    return "it belongs to the editors"


def _initial(one: FieldValue, held: Json, memory: Memory) -> str:
    known = memory.digest(one)
    if not known:
        # Content from before we kept this, or made by others: only what is empty holds nobody's work.
        return "" if one.codec.essence(held) in _NOTHING else "not known to be what we last wrote"
    return "" if known == digest_of(one, held) else "an editor changed it"


_NOTHING: tuple[Json, ...] = (None, "", [], {})
_JUDGES: Mapping[str, _Judge] = {SOURCE: _source, "editor": _editor, INITIAL: _initial}


class Sorted(Struct, frozen=True):
    """The values that differ: those to write, and those that are left alone, with the reason."""

    ours: list[FieldValue]
    left: list[tuple[FieldValue, str]]

    @property
    def shown(self) -> list[str]:
        """For people: ``title (eng-GB): an editor changed it``."""
        return [f"{one.shown}: {why}" for one, why in self.left]


def sort_out(
    changes: list[FieldValue], held: Fields, known: tuple[Mapping[str, str], Memory, list[FieldValue]]
) -> Sorted:
    """Tell what may be written from what is not ours.

    Args:
        changes: the values that are not what Ibexa holds.
        held: what it holds; a field or language that is not there yet is always written.
        known: the declared owners by field; what we remember; and the values of messages that may have been written
            without our learning of it.
    """
    owners, memory, said = known
    found = Sorted([], [])
    for one in changes:
        place, owner = (one.language, one.identifier), owners.get(one.identifier, SOURCE)
        why = _JUDGES[owner](one, held[place], memory) if place in held else ""
        if owner == INITIAL and why and _was_said(one, held[place], said):
            why = ""
        if why:
            found.left.append((one, why))
        else:
            found.ours.append(one)
    return found


def _was_said(one: FieldValue, held: Json, said: list[FieldValue]) -> bool:
    return any(
        (other.language, other.identifier) == (one.language, one.identifier) and other.codec.equal(other.value, held)
        for other in said
    )
