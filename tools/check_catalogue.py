"""The one form of the operations' files: ``--write`` brings them into it; without it, says which are not.

Not a check of what they say: that is tests/unit/systems/test_catalogue.py.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from connector.systems.operation import Operation

FOLDER = Path(__file__).parent.parent / "connector/systems/ibexa/operations"
ORDER = ["reads" if name == "searches" else name for name in Operation.__struct_fields__]


def canonical(rows: list[dict[str, Any]]) -> str:
    """One row a block, one member a line, keys in the order above, query parameters and meanings one a line."""
    return "[\n" + ",\n".join(_row(row) for row in rows) + "\n]\n"


def _row(row: dict[str, Any]) -> str:
    members = [f"    {_flat(name)}: {_value(name, row[name])}" for name in sorted(row, key=ORDER.index)]
    return "  {\n" + ",\n".join(members) + "\n  }"


def _value(name: str, value: Any) -> str:
    if name not in ("params", "query", "says"):
        return _flat(value)
    lines = [f"      {_flat(key)}: {_flat(one)}" for key, one in value.items()]
    return "{\n" + ",\n".join(lines) + "\n    }"


def _flat(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def main(*, write: bool) -> int:
    """Returns 1 when a file is not in the form."""
    wrong = 0
    for file in sorted(FOLDER.glob("*.json")):
        text = file.read_text(encoding="utf-8")
        wanted = canonical(json.loads(text))
        if text != wanted:
            wrong += 1
            print(("written: " if write else "not in canonical form: ") + file.name)
            if write:
                file.write_text(wanted, encoding="utf-8")
    return 0 if write else int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(write="--write" in sys.argv[1:]))
