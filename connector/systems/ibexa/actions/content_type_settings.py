"""Settings and validators of a field: what is declared is merged into what Ibexa has; what items may hold stays."""

from __future__ import annotations

from collections.abc import Mapping

from connector.core.jsonio import Json


def changed_settings(
    held: Mapping[str, Json], one: Mapping[str, Json], language: str
) -> tuple[dict[str, Json], list[str]]:
    """All settings of the field if one differs, else none; and what is left, in words.

    Args:
        held: the REST form of the field definition.
        one: the field as declared.
        language: the main language of the content type.
    """
    there = object_of(held.get("fieldSettings"))
    said = {name: value for name, value in (one.get("settings") or {}).items() if value is not None}
    if one.get("options") is not None:
        said["options"] = one["options"]
    changed: dict[str, Json] = {}
    left: list[str] = []
    for name, value in said.items():
        if name == "options":
            changed |= _options(there, [str(label) for label in value], language, left)
        elif name == "columns":
            changed |= _columns(there, value, left)
        elif name == "isMultiple" and value is False and there.get(name):
            left.append("several can be chosen in Ibexa, and that stays so: items may hold several")
        elif not same_settings(there.get(name), value):
            changed[name] = value
    return ({**there, **changed} if changed else {}), left


def changed_validators(held: Mapping[str, Json], one: Mapping[str, Json]) -> dict[str, Json]:
    """All validators of the field if one differs, else none."""
    there = object_of(held.get("validatorConfiguration"))
    said = {name: object_of(value) for name, value in (one.get("validators") or {}).items()}
    differ = {
        name
        for name, rules in said.items()
        if name not in there or any(object_of(there[name]).get(rule) != value for rule, value in rules.items())
    }
    return {**there, **{name: {**object_of(there.get(name)), **said[name]} for name in said}} if differ else {}


def object_of(value: Json) -> dict[str, Json]:
    """PHP writes an empty map as an empty list."""
    return dict(value) if isinstance(value, dict) else {}


def same_settings(held: Json, said: Json) -> bool:
    """Equal, with an empty map, list and nothing alike."""
    return bool(held == said or (held in (None, "", [], {}) and said in (None, "", [], {})))


def _options(there: Mapping[str, Json], labels: list[str], language: str, left: list[str]) -> dict[str, Json]:
    """New labels are added behind those that are there: an item holds the number of its option, not its label."""
    held = there.get("options") or []
    known = list(map(str, held.values() if isinstance(held, dict) else held))
    left += [f"the option '{label}' stays: items may hold it" for label in known if label not in labels]
    new = [label for label in labels if label not in known]
    if not new:
        return {}
    found: dict[str, Json] = {"options": _with(held, new)}
    several = there.get("multilingualOptions")
    if isinstance(several, dict):
        # In other languages too, so that all of them have the same numbers.
        found["multilingualOptions"] = {code: _with(listed, new) for code, listed in several.items()}
        found["multilingualOptions"][language] = found["options"]
    return found


def _with(held: Json, new: list[str]) -> Json:
    if not isinstance(held, dict):
        return [*(held or []), *new]
    first = max((int(number) for number in held), default=-1) + 1  # a list with gaps
    return {**held, **{str(number): label for number, label in enumerate(new, start=first)}}


def _columns(there: Mapping[str, Json], said: Json, left: list[str]) -> dict[str, Json]:
    """The columns of a table: named anew and added, none removed."""
    held = [one for one in there.get("columns") or [] if isinstance(one, dict)]
    wanted = {str(one.get("identifier")): one for one in said if isinstance(one, dict)}
    names = [str(one.get("identifier")) for one in held]
    left += [f"the column '{name}' stays: items may hold it" for name in names if name not in wanted]
    kept = [{**one, **wanted.pop(str(one.get("identifier")), {})} for one in held]
    columns = [*kept, *wanted.values()]
    return {} if columns == held else {"columns": columns}
