"""The codes of configuration problems, with a title each: the reference page is made from this table.

The kinds' own checks use codes from here too (CFG140 and above); the sentences are theirs.
"""

from __future__ import annotations

CODES: dict[str, str] = {
    "CFG100": "There is no project",
    "CFG101": "A file that nothing reads",
    "CFG102": "A file name that is no name",
    "CFG103": "Two transformers of one name",
    "CFG104": "A file that is not UTF-8",
    "CFG105": "A file that cannot be read",
    "CFG106": "An empty file",
    "CFG107": "A key twice in one object",
    "CFG108": "A file that is not JSON",
    "CFG110": "An unknown key",
    "CFG111": "A missing key",
    "CFG112": "A value of the wrong type",
    "CFG113": "A value that is none of the choices",
    "CFG114": "A text of the wrong form",
    "CFG115": "A number or length out of bounds",
    "CFG116": "A secret written down",
    "CFG117": "Keys of which there must be one",
    "CFG118": "A variable where none can be",
    "CFG120": "A name that does not exist",
    "CFG121": "A declaration that nothing uses",
    "CFG122": "Routes that wait for each other",
    "CFG123": "Something disabled that is used",
    "CFG130": "A variable that is not set",
    "CFG131": "A schedule that makes no sense",
    "CFG132": "An unknown time zone",
    "CFG133": "A reference that is none",
    "CFG140": "Credentials in the clear",
    "CFG141": "Ibexa without credentials",
    "CFG150": "An entity or action that does not exist",
    "CFG151": "A reading operation in an outgoing",
    "CFG152": "A deprecated or removed operation",
    "CFG153": "A write that cannot be looked up",
    "CFG154": "An unknown parameter",
    "CFG155": "A missing path parameter",
    "CFG160": "An expression that does not compile",
}
