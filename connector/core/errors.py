"""What can go wrong, as one tree; not what can happen to one entity (that is an Outcome, see outcome.py).

ConnectorError
  ConfigError          the project is wrong                        exit 2
  ClientError          a system could not be used                  exit 3
    Unreachable        nothing was sent: the call may be repeated
    AnswerLost         sent, but no whole answer came back
    AuthRefused        the credentials were refused
    RateLimited        the system asked for a longer wait than allowed
    OriginRefused      a link, Location or redirect led to another host
    AnswerTooLarge     the body is over the client's limit
    BadAnswer          the answer is not what the interface promises
    AddressRefused     a host that must be public lies in a private network
  RecordError          one record or message is at fault (becomes a failed task)
  PagingError          a listing lies: it repeats itself or never ends
    NotWhole           it names a next page that the declared paging does not lead to
  SourceError          a file or listing cannot be read any further
  StoreError           the run log cannot be read or written       exit 3
  RouteBusy            another process is running the route        exit 5
  LeaseLost            another process took the route over         exit 5
  Stopped              asked to stop; not an error                 exit 130 or 143
    Cancelled          a person ended the run                      exit 6
    DeadlinePassed     the run took longer than its route allows   exit 6
  NotRun               a route before it did not end well

Texts never hold a secret, a whole payload or a query string: they name places.
"""

from __future__ import annotations

from connector.core.jsonio import Json
from connector.core.problem import Place, Problem


class ConnectorError(Exception):
    """Root of all errors that Connector raises on purpose.

    Attributes:
        message: one sentence: what is wrong, and where.
        hint: one sentence: what to do; may be empty.
    """

    code = "CON000"
    exit_code = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def problem(self, where: str = "") -> Problem:
        """The same as a value that the run log can keep."""
        return Problem(code=self.code, message=self.message, hint=self.hint, where=where)


class ConfigError(ConnectorError):
    """The project's files are wrong, missing or contradict each other.

    Attributes:
        problems: every single finding, each with file, line and column where known.
    """

    code = "CFG000"
    exit_code = 2

    def __init__(self, message: str, *, hint: str = "", problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message, hint=hint)
        self.problems = problems

    def each_as_json(self) -> list[Json]:
        """The findings, for ``--json``."""
        return [one.as_json() for one in self.problems]


class ClientError(ConnectorError):
    """A system could not be used."""

    code = "NET000"
    exit_code = 3


class Unreachable(ClientError):
    """Nothing was sent: no connection, no name, no TLS. Repeating the call is always safe."""

    code = "NET001"


class AnswerLost(ClientError):
    """The request went out, but no whole answer came back: whether it took effect is unknown."""

    code = "NET002"


class AuthRefused(ClientError):
    """The system refused the credentials of the client."""

    code = "NET003"


class RateLimited(ClientError):
    """The system asks to wait longer than the client allows; nothing took effect.

    Attributes:
        seconds: the wait that was asked for.
    """

    code = "NET004"

    def __init__(self, message: str, *, seconds: float, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.seconds = seconds


class OriginRefused(ClientError):
    """A link, Location or redirect leads to another origin than the client's own; it was not followed."""

    code = "NET005"


class AnswerTooLarge(ClientError):
    """The answer's body is larger than the client's limit (decoded).

    Attributes:
        size: bytes, as the answer's head says; None when it does not.
    """

    code = "NET006"
    size: int | None = None


class BadAnswer(ClientError):
    """The answer is not what the interface promises: not JSON, HTML, or missing what must be there.

    Attributes:
        status: of the answer, where that is what is wrong with it; else None.
    """

    code = "NET007"
    status: int | None = None


class AddressRefused(ClientError):
    """A host that must be public lies on this machine or in a private network; nothing was sent."""

    code = "NET009"


class RecordError(ConnectorError):
    """One record or message is at fault; the run goes on.

    Attributes:
        step: the transformer step or field that refused it, e.g. ``product.json step 2 (map) payload.fields.price``.
        pointer: of the part of the message, where ``step`` does not say it, e.g. ``/payload/fields/price``.
    """

    code = "REC000"

    def __init__(self, message: str, *, hint: str = "", step: str = "", pointer: str = "") -> None:
        super().__init__(message, hint=hint)
        self.step = step
        self.pointer = pointer

    def problem(self, where: str = "") -> Problem:
        """The same as a value, placed at the step."""
        place = Place("", pointer=self.pointer) if self.pointer else None
        return Problem(code=self.code, message=self.message, hint=self.hint, where=self.step or where, place=place)


class PagingError(ConnectorError):
    """A listing repeats itself or does not end; what was read so far is kept, the checkpoint does not move on."""

    code = "PAG001"


class NotWhole(PagingError):
    """A listing ended, and its last answer says that there is more: the declared paging does not lead there."""

    code = "PAG002"


class SourceError(ConnectorError):
    """A source cannot be read any further; what was read so far is kept."""

    code = "SRC001"


class StoreError(ConnectorError):
    """The run log cannot be read or written."""

    code = "STO001"
    exit_code = 3


class Replaced(StoreError):
    """The run log's file is another one than was opened: whatever is written now, nobody will ever read."""

    code = "RUN260"


class RouteBusy(ConnectorError):
    """Another process is running this route."""

    code = "RUN001"
    exit_code = 5


class LeaseLost(ConnectorError):
    """Another process took the route over, because this one did not report for too long."""

    code = "RUN002"
    exit_code = 5


class Stopped(ConnectorError):
    """Somebody asked to stop."""

    code = "RUN003"
    exit_code = 130


class Cancelled(Stopped):
    """A person ended the run before its work was done; the next one goes on."""

    code = "RUN007"
    exit_code = 6


class DeadlinePassed(Stopped):
    """The run took longer than its route's deadline; the next one goes on."""

    code = "RUN008"
    exit_code = 6


class NotRun(ConnectorError):
    """A route that it comes after did not end well."""

    code = "RUN009"
