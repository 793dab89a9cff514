"""Which names say that they stand for a secret, also where the schema does not know of it: in a header, in a query."""

from __future__ import annotations

import re
from functools import lru_cache

_SECRET_NAME = re.compile(
    r"pass(word|wd|phrase)?(_|$)|secret|token|credential|private|(^|_)(api_?)?key(_|$)|(^|_)(pwd|pin|auth)(_|$)",
    re.IGNORECASE,
)
_SECRET_PARAMETER = re.compile(
    r"authori[sz]ation|cookie|csrf|token|secret|passw|credential|signature|api[-_]?key|auth[-_]?key"
    r"|(?:^|[-_])auth(?:$|[-_])",
    re.IGNORECASE,
)


_ABOUT_ONE = re.compile(r"(?:[-_]|(?<=[a-z])(?=[A-Z]))(type|format|version|algorithm|method)$", re.IGNORECASE)
"""Such as X-Token-Type: what kind of secret another parameter holds."""


_SECRET_FIELD = re.compile(
    r"pass(word|wd|wort|ord|phrase|code)|kennwort|wachtwoord|mot_?de_?passe|contrase[nñ]a|adgangskode|l[öo]senord"
    r"|salasana|has[lł]o|heslo|(^|_)pwd(_|$)|secret(?!ar)|(^|_)(access_?|refresh_?|auth_?|api_?)?token(_|$)|credentials?(_|$)"
    r"|(api|access|private)_?key(_|$)",
    re.IGNORECASE,
)
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[^\w]+")
_WORDS = ("password",)
"""What the target's own operations call one: of a user, of a log-in."""
_OF_THE_SITE = ("fields", "translations")
"""Below these, names are those that somebody gave to fields of content."""


def is_secret_variable(name: str) -> bool:
    """Whether a variable of that name holds a secret."""
    return _SECRET_NAME.search(name) is not None


def is_secret_parameter(name: str) -> bool:
    """Whether a header or query parameter of that name carries a secret."""
    return _SECRET_PARAMETER.search(name) is not None and _ABOUT_ONE.search(name) is None


def is_password(way: tuple[str, ...]) -> bool:
    """Whether a value of a payload is the password of a user or a log-in.

    Args:
        way: the keys that lead to it, in the payload.
    """
    return bool(way) and way[-1] in _WORDS and not set(way) & set(_OF_THE_SITE)


@lru_cache(4096)
def is_secret_field(name: str) -> bool:
    """Whether a column or member of a source's record holds a secret by its name, in the languages of most shops."""
    return _SECRET_FIELD.search(_HUMP.sub("_", name)) is not None
