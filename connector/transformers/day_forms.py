"""The forms of days, such as ``%d.%m.%Y``: whether one is a form, and which one reads a text that another does not."""

from __future__ import annotations

import re
from datetime import datetime
from itertools import product

from connector.core.jsonio import shown

_OF_OTHERS = {"yyyy": "%Y", "YYYY": "%Y", "jjjj": "%Y", "MM": "%m", "dd": "%d", "DD": "%d", "TT": "%d", "yy": "%y"}
_OF_OTHERS |= {"YY": "%y", "HH": "%H", "hh": "%I", "mm": "%M", "ss": "%S"}
_LETTERS = re.compile("|".join(_OF_OTHERS))
_OF_PHP = {"d": "%d", "m": "%m", "Y": "%Y", "y": "%y", "j": "%d", "n": "%m", "H": "%H", "i": "%M", "s": "%S"}
_DIRECTIVE = re.compile(r"%(.?)", re.DOTALL)
_KNOWN = frozenset("aAwdbBmyYHIpMSfzZjUWcxXGuV%")
_NAMES = frozenset("aAbBpcxXZz")
_ORDERS = ("%d{0}%m{0}%Y", "%Y{0}%m{0}%d", "%m{0}%d{0}%Y", "%d{0}%m{0}%y", "%y{0}%m{0}%d", "%m{0}%d{0}%y")
_TIMES = ("", " %H:%M", " %H:%M:%S", "T%H:%M:%S")
_FORMS = tuple(order.format(sign) + time for order, time, sign in product(_ORDERS, _TIMES, (".", "-", "/", " ", "")))
_HINT = "A form is written such as %d.%m.%Y: %d the day, %m the month, %Y the year, %H:%M:%S the time."


class WrongForm(ValueError):
    """A form that is none, so that it would fail for every text; ``hint`` is what to write."""

    def __init__(self, form: str, hint: str) -> None:
        super().__init__(f"{shown(form, 40)!r} is no form of a day")
        self.hint = hint


def checked(form: str, *, reads: bool) -> str:
    """The form itself.

    Args:
        form: as in a mapping.
        reads: a text is read by it; what writes takes all that the system knows, such as ``%-d``.

    Raises:
        WrongForm: it has no place for a part of a day, or an unknown one.
    """
    letters = _DIRECTIVE.findall(form)
    if (reads and any(one not in _KNOWN for one in letters)) or not set(letters) - {"%", ""}:
        meant = _translated(form) if "%" not in form else ""
        raise WrongForm(form, f"Write {meant!r}." if meant else _HINT)
    return form


def _translated(form: str) -> str:
    """``dd.MM.yyyy``, or PHP's ``d.m.Y``, in the form that is meant; empty for anything else."""
    if _LETTERS.search(form):
        return _LETTERS.sub(lambda one: _OF_OTHERS[one[0]], form)
    if re.fullmatch(r"[dmYyjn][^A-Za-z]?[dmYyjn][^A-Za-z]?[dmYyjn].*", form):
        return re.sub("[dmYyjnHis]", lambda one: _OF_PHP[one[0]], form)
    return ""


def unread(text: str, form: str | None) -> tuple[str, str]:
    """What to say of a text that a form does not read, and a hint.

    Args:
        text: a day as it came.
        form: None: ISO 8601.
    """
    said = repr(shown(text, 40))
    if form is None:
        looks = bool(re.fullmatch(r"\d{4}-?\d{2}-?\d{2}([T ].*)?", text))
        fitting = _fitting(text)
        hint = f"Give the form: parse_date(…, {fitting!r})." if fitting else ""
        return (f"{said} as a day that exists", "") if looks else (f"{said} as a day (YYYY-MM-DD)", hint)
    if _has_form(text, form):
        return f"{said} as a day that exists", ""
    fitting = _fitting(text)
    hint = f"It would be read by {fitting!r}." if fitting else "Write the form that the text has."
    return f"{said} as a day in the form {shown(form, 40)!r}", hint


def _has_form(text: str, form: str) -> bool:
    """Whether the text looks as the form says, so that only its day is none."""
    parts = re.split(r"(%.)", form)
    names = {"%Y": r"\d{4}", "%f": r"\d{1,6}", "%j": r"\d{1,3}", "%%": "%"}
    pattern = "".join(
        (names.get(one, r"\S+" if one[1:] in _NAMES else r"\d{1,2}") if one[:1] == "%" else re.escape(one))
        for one in parts
    )
    return bool(re.fullmatch(pattern, text))


def _fitting(text: str) -> str:
    """A form that reads it: that of Europe before that of the United States."""
    for form in _FORMS:
        try:
            datetime.strptime(text, form)  # noqa: DTZ007 - a day has none
        except ValueError:
            continue
        return form
    return ""
