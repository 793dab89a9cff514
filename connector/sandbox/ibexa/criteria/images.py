"""Criteria on the picture of a field: its kind, its size, how it lies."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from connector.sandbox.ibexa.criteria.base import Hit, Reader, Test, ValidationError
from connector.sandbox.ibexa.repository import Repository

Json = Any
Image = dict[str, Json]
_MEGABYTE = 1024 * 1024


def _orientation(image: Image) -> str:
    wide, high = image["width"], image["height"]
    return "square" if wide == high else "landscape" if wide > high else "portrait"


def _among(read: Callable[[Image], Json], wanted: Json) -> Callable[[Image], bool]:
    values = wanted if isinstance(wanted, list) else [wanted]
    return lambda image: read(image) in values


def _between(read: Callable[[Image], float], wanted: Json) -> Callable[[Image], bool]:
    if not isinstance(wanted, dict) or wanted.keys() - {"min", "max"} or not all(map(_is_number, wanted.values())):
        raise ValueError("a range has min and max, which are numbers")
    least, most = float(wanted.get("min") or 0), wanted.get("max")
    return lambda image: least <= read(image) and (most is None or read(image) <= float(most))


def _is_number(value: Json) -> bool:
    return value is None or str(value).replace(".", "", 1).isdigit()


_PARTS: dict[str, Callable[[Json], Callable[[Image], bool]]] = {
    "mimeTypes": lambda wanted: _among(lambda image: image.get("mime"), wanted),
    "type": lambda wanted: _among(lambda image: image.get("mime"), wanted),
    "orientation": lambda wanted: _among(_orientation, wanted),
    "width": lambda wanted: _between(lambda image: image["width"], wanted),
    "height": lambda wanted: _between(lambda image: image["height"], wanted),
    "size": lambda wanted: _between(lambda image: image["fileSize"] / _MEGABYTE, wanted),
}
_ALLOWED = {
    "ImageCriterion": {"mimeTypes", "orientation", "width", "height", "size"},
    "ImageDimensionsCriterion": {"width", "height"},
    "ImageFileSizeCriterion": {"size"},
    "ImageMimeTypeCriterion": {"type"},
    "ImageOrientationCriterion": {"orientation"},
}


def _read(criterion: str, _repository: Repository, value: Json) -> Test:
    if not isinstance(value, dict) or not value.get("fieldDefIdentifier"):
        raise ValidationError(criterion)
    asked = {key: wanted for key, wanted in value.items() if key != "fieldDefIdentifier"}
    if not asked or not asked.keys() <= _ALLOWED[criterion]:
        raise ValidationError(criterion)
    try:
        tests = [_PARTS[key](wanted) for key, wanted in asked.items()]
    except ValueError as error:
        raise ValidationError(criterion) from error

    def test(hit: Hit) -> bool:
        images = [values.get(value["fieldDefIdentifier"]) for values in hit.content.version.fields.values()]
        return any(isinstance(each, dict) and "mime" in each and all(one(each) for one in tests) for each in images)

    return test


READERS: dict[str, Reader] = {criterion: partial(_read, criterion) for criterion in _ALLOWED}
