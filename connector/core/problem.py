"""A finding that people and scripts can read: what, where, and what to do."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import asdict

from connector.core.secrets import redactor


class Place(Struct, frozen=True):
    """A place in a file of the project; line and column count from 1 (0 = not known), column in characters."""

    file: str
    line: int = 0
    column: int = 0
    pointer: str = ""

    def __str__(self) -> str:
        """``configs/routes/products.json:4:17``."""
        parts = [self.file, *(str(n) for n in (self.line, self.column) if n)]
        return ":".join(parts)


class Problem(Struct, frozen=True):
    """One thing that is wrong.

    Attributes:
        code: stable, documented, e.g. ``CFG101`` or ``IBX404``.
        message: what is wrong, in one sentence, never with a secret or a whole payload.
        hint: what to do about it.
        where: step, field or operation, for problems that have no file.
        place: the place in a project file, if it is one, or that the part of a message at fault comes from. Without
            a file only the pointer of that part is known as yet.
        severity: ``error``, ``warning``, or ``info``: nothing is wrong.
    """

    code: str
    message: str
    hint: str = ""
    where: str = ""
    place: Place | None = None
    severity: str = "error"

    def as_json(self) -> dict[str, object]:
        """A flat JSON object without empty members; a foreign text in it may have held a secret, so it is redacted."""
        told = {
            name: redactor.clean(value) if isinstance(value, str) else value for name, value in asdict(self).items()
        }
        found = {name: value for name, value in told.items() if value not in ("", None)}
        found.pop("place", None)
        if self.place is not None and self.place.file:
            found["place"] = {name: value for name, value in asdict(self.place).items() if value}
        return found

    def sentence(self) -> str:
        """Message, place and hint in one line."""
        at = str(self.place) if self.place is not None and self.place.file else ""
        where = f" ({', '.join(one for one in (self.where, at) if one)})" if self.where or at else ""
        told = f"{self.message}{where}"
        end = "" if told.endswith((".", "!", "?")) else "."
        return f"{told}{end} {self.hint}" if self.hint else told


class Finding(Struct, frozen=True):
    """A problem inside one declaration, before the file, line and column are known.

    Attributes:
        pointer: JSON pointer of the value, e.g. ``/query/limit``; a trailing ``#`` part means the key itself.
        offset: characters into the string value where the fault is (JMESPath), or None.
    """

    pointer: str
    code: str
    message: str
    hint: str = ""
    severity: str = "error"
    offset: int | None = None
