"""Options, countries and authors: values out of a list, or lists of small records."""

from __future__ import annotations

from typing import Any

from connector.sandbox.ibexa.errors import PhpError, broken, refused
from connector.sandbox.ibexa.field_types.base import FieldContext, FieldKind, Problem

Json = Any

# Alpha2, Alpha3, name: those that an import from a European or American system is likely to carry
_COUNTRIES = """
AE ARE United Arab Emirates|AR ARG Argentina|AT AUT Austria|AU AUS Australia|BE BEL Belgium|BG BGR Bulgaria|
BR BRA Brazil|CA CAN Canada|CH CHE Switzerland|CL CHL Chile|CN CHN China|CY CYP Cyprus|CZ CZE Czech Republic|
DE DEU Germany|DK DNK Denmark|EE EST Estonia|EG EGY Egypt|ES ESP Spain|FI FIN Finland|FO FRO Faroe Islands|
FR FRA France|GB GBR United Kingdom|GL GRL Greenland|GR GRC Greece|HK HKG Hong Kong|HR HRV Croatia|HU HUN Hungary|
ID IDN Indonesia|IE IRL Ireland|IL ISR Israel|IN IND India|IS ISL Iceland|IT ITA Italy|JP JPN Japan|
KR KOR Korea, Republic of|LI LIE Liechtenstein|LT LTU Lithuania|LU LUX Luxembourg|LV LVA Latvia|MA MAR Morocco|
MT MLT Malta|MX MEX Mexico|MY MYS Malaysia|NL NLD Netherlands|NO NOR Norway|NZ NZL New Zealand|PH PHL Philippines|
PL POL Poland|PT PRT Portugal|RO ROU Romania|RS SRB Serbia|RU RUS Russian Federation|SA SAU Saudi Arabia|
SE SWE Sweden|SG SGP Singapore|SI SVN Slovenia|SK SVK Slovakia|TH THA Thailand|TR TUR Turkey|TW TWN Taiwan|
UA UKR Ukraine|US USA United States|VN VNM Viet Nam|ZA ZAF South Africa
"""


def _by_any_name() -> dict[str, str]:
    names: dict[str, str] = {}
    for entry in _COUNTRIES.replace("\n", "").split("|"):
        alpha2, alpha3, name = entry.strip().split(" ", 2)
        names |= dict.fromkeys((alpha2.lower(), alpha3.lower(), name.lower()), alpha2)
    return names


_ALPHA2 = _by_any_name()


def _country(value: Json, _context: FieldContext) -> Json:
    if value is None:
        return None
    if not isinstance(value, list):
        raise broken("countries come as a list")
    found = [(given, _ALPHA2.get(str(given).lower())) for given in value]
    for given, alpha2 in found:
        if alpha2 is None:
            raise refused("$value", f"''{given}'' is not a valid country identifier")
    return [alpha2 for _, alpha2 in found] or None


def _several_countries(value: Json, context: FieldContext) -> list[Problem]:
    if len(value) > 1 and not context.definition.settings.get("isMultiple"):
        return [("countries", "Field definition does not allow multiple countries to be selected.")]
    return []


def _selection(value: Json, _context: FieldContext) -> Json:
    if not isinstance(value, list):
        raise PhpError
    if any(isinstance(number, bool) or not isinstance(number, int) for number in value):
        raise refused("$value->selection", "value must be of type 'integer[]'")
    return value


def _options(value: Json, context: FieldContext) -> list[Problem]:
    options = context.definition.settings.get("options") or []
    known = options.keys() if isinstance(options, dict) else range(len(options))
    if len(value) > 1 and not context.definition.settings.get("isMultiple"):
        return [("selection", "Field definition does not allow multiple options to be selected.")]
    wrong = [number for number in value if number not in known and str(number) not in known]
    return [("selection", f"Option with index {number} does not exist in the field definition.") for number in wrong]


def _authors(value: Json, _context: FieldContext) -> Json:
    if not isinstance(value, list):
        raise PhpError
    if not all(isinstance(author, dict) for author in value):
        raise PhpError
    return [
        {"id": author.get("id") or number, "name": author.get("name"), "email": author.get("email")}
        for number, author in enumerate(value, 1)
    ]


COUNTRY = FieldKind(_country, check=_several_countries, text=lambda value: ", ".join(value or []))
SELECTION = FieldKind(_selection, empty=[], check=_options, text=lambda value: ", ".join(map(str, value)))
AUTHOR = FieldKind(_authors, empty=[], text=lambda value: ", ".join(str(each.get("name") or "") for each in value))
