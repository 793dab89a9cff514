"""Fixed texts that are the name of a column or member of the records: most likely its value was meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from connector.checks.mapping import Found, mapping_of, text_in
from connector.checks.samples import Samples
from connector.config.declaration import TransformerSource
from connector.config.project import Project
from connector.core.jsonio import Json
from connector.core.problem import Finding
from connector.transformers.leaves import Leaf, leaves_of
from connector.transformers.meant import needs_quotes

_WITH_VALUES = ("fields", "translations")
"""Only what editors read is looked at: elsewhere words such as `section` or `main_language` are names by themselves."""


def check_lookalikes(project: Project, samples: Samples) -> Iterator[Found]:
    """Of mappings of files: every record would get the same text. What is told is where a text stands alone."""
    for route in project.routes.values():
        mapping = mapping_of(project, route)
        names = samples.names.get(mapping.source.shown, set()) if mapping else set()
        if mapping is None or mapping.source.shown in project.unsound:
            continue
        for leaf in leaves_of(mapping.source.current, mapping.source.suffix):
            of_content = leaf.way[:1] == ("payload",) and leaf.way[1:2] and leaf.way[1] in _WITH_VALUES
            text = _at(mapping.skeleton.value, leaf.way) if leaf.fixed and leaf.kind == "string" and of_content else ""
            if text and text in names and not needs_quotes(text):  # of the others check_quoting tells
                incoming = project.incomings.get(text_in(route, "incoming"))
                column = "a column" if incoming is not None and _has_rows(incoming.data) else "a member of the record"
                message = f"every record gets the text '{text}', and there is {column} of that name"
                signs = "backticks" if _written(mapping.source, leaf)[:1] == "`" else "single quotes"
                hint = f"Without the {signs} it is what stands there: {text}."
                yield mapping.source, Finding(leaf.pointer, "CFG223", message, hint, "warning", leaf.offset)


def _written(source: TransformerSource, leaf: Leaf) -> str:
    """The expression as it is written."""
    if not leaf.pointer:
        return source.current[leaf.start :]
    value = source.data
    for part in leaf.pointer.split("/")[1:]:
        value = value[int(part)] if isinstance(value, list) else value[part.replace("~1", "/").replace("~0", "~")]
    return str(value)[leaf.start :]


def _has_rows(incoming: Mapping[str, Json]) -> bool:
    return incoming.get("format") == "csv" or str(incoming.get("path", "")).endswith(".csv")


def _at(value: Json, way: tuple[str, ...]) -> str:
    for key in way:
        if isinstance(value, list) and key.isdigit() and int(key) < len(value):
            value = value[int(key)]
        elif isinstance(value, dict):
            value = value.get(key)
        else:
            return ""
    return value if isinstance(value, str) else ""
