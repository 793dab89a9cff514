"""Facets and aggregations of a view: the SQL search engine makes none, but what asks for them is still read.

The names and refusals are those of ibexa/rest 4.6.
"""

from __future__ import annotations

from typing import Any

from connector.sandbox.ibexa.errors import PhpError, RestError, bad_request

Json = Any
_TERMS = (
    "ContentTypeTerm ContentTypeGroupTerm AuthorTerm CheckboxTerm CountryTerm KeywordTerm SelectionTerm LanguageTerm "
    "ObjectStateTerm RawTerm SectionTerm SubtreeTerm LocationChildrenTerm UserMetadataTerm VisibilityTerm"
)
_OTHERS = (
    "DateMetadataRange DateRange DateTimeRange TimeRange FloatRange IntegerRange RawRange FloatStats IntegerStats "
    "RawStats"
)
_NAMES = {f"{each}Aggregation" for each in f"{_TERMS} {_OTHERS}".split()}
_FACETS = {"ContentType", "Criterion", "DateRange", "Field", "FieldRange", "Location", "Section", "Term", "User"}


def check(query: dict[str, Json]) -> None:
    """Read what a query asks for, which is then left out.

    Raises:
        RestError: 400 for an unknown one, or one without its name.
        PhpError: no list where one belongs.
    """
    for entry in query.get("Aggregations") or ():
        if not isinstance(entry, dict) or not entry:
            raise PhpError
        _check_aggregation(*next(iter(entry.items())))
    facets = query.get("FacetBuilders") or {}
    for name in facets if isinstance(facets, dict) else map(str, range(len(facets))):
        if name not in _FACETS:
            cause = bad_request(_unknown("facetbuilder", name))
            raise RestError(400, f"Invalid FacetBuilder id <{name}>", previous=cause)


def _check_aggregation(name: str, asked: Json) -> None:
    if not isinstance(asked, dict) and asked != []:
        raise PhpError
    if name not in _NAMES:
        raise bad_request(_unknown("aggregation", name))
    if "name" not in asked:
        raise bad_request(f"Missing 'name' element for {name}.")


def _unknown(family: str, name: str) -> str:
    return f"Unknown content type specification: 'application/vnd.ibexa.api.internal.{family}.{name} (version: 1.0)'."
