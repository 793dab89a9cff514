"""dlt, singer-sdk and airbyte-cdk on the same listing, each in an environment of its own outside the tree.

No dependency of the product, nor of its development: ``python -m bench --peers`` (``make bench``) makes the environments
once, in a cache folder. The programs beside this file are run by them, and import nothing of ours.
"""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
INSTALL_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Peer:
    """A framework.

    Attributes:
        name: the package whose version is told.
        needs: what to install.
        keeps: where a pulled record ends up.
        command: the program, given its Python and the folder for its files; it must end with 0.
    """

    name: str
    needs: tuple[str, ...]
    keeps: str
    command: Callable[[str, Path], list[str]]


def _dlt(python: str, folder: Path) -> list[str]:
    return [python, str(HERE / "dlt_pull.py"), str(folder)]


def _singer(python: str, folder: Path) -> list[str]:
    pipe = 'BENCH_FILE="$3" "$0" "$1" 2>tap.log | BENCH_FILE="$3" "$0" "$2" 2>target.log >/dev/null && tail -n 1 target.log'
    tap, sink = str(HERE / "singer_tap.py"), str(HERE / "singer_target.py")
    return ["sh", "-c", pipe, python, tap, sink, str(folder / "records.jsonl")]


def _airbyte(python: str, folder: Path) -> list[str]:
    pipe = '"$0" "$1" "$2" >records.jsonl 2>airbyte.log && echo $(grep -c \'"RECORD"\' records.jsonl) kept'
    return ["sh", "-c", pipe, python, str(HERE / "airbyte_pull.py"), str(folder)]


PEERS = (
    Peer("dlt", ("dlt[duckdb]>=1.31,<2",), "rows of a DuckDB file", _dlt),
    Peer("singer-sdk", ("singer-sdk>=0.54,<0.60",), "lines of JSON, by a tap and a target", _singer),
    Peer("airbyte-cdk", ("airbyte-cdk>=7.39,<8",), "lines of JSON on standard output, to a file", _airbyte),
)
QUIET = {"RUNTIME__DLTHUB_TELEMETRY": "false", "DO_NOT_TRACK": "1"}
"""No peer sends anything anywhere but to the target."""


@dataclass(frozen=True, slots=True)
class Installed:
    """A peer that can be run, or why it can't: then ``python`` is empty and ``why`` says."""

    peer: Peer
    python: str
    version: str
    why: str = ""


def install(peer: Peer) -> Installed:
    """Its environment, made now if it is not there."""
    folder = cache() / f"{peer.name}-py{sys.version_info.major}.{sys.version_info.minor}"
    python = folder / "bin" / "python"
    ready = folder / ".ready"
    if not ready.exists():
        print(f"installing {' '.join(peer.needs)} (once) into an environment of its own …", file=sys.stderr)
        try:
            venv.create(folder, with_pip=True, clear=True)
            pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *peer.needs]
            subprocess.run(pip, check=True, capture_output=True, text=True, timeout=INSTALL_SECONDS)
        except (OSError, subprocess.SubprocessError) as error:
            return Installed(peer, "", "", _why(error))
        ready.touch()
    asked = f"import importlib.metadata; print(importlib.metadata.version({peer.name!r}))"
    found = subprocess.run([str(python), "-c", asked], capture_output=True, text=True, check=True)
    return Installed(peer, str(python), found.stdout.strip())


def cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "connector-bench"


def _why(error: Exception) -> str:
    """The last words of pip that are no warning, and no address."""
    if isinstance(error, subprocess.TimeoutExpired):
        return f"not installed within {INSTALL_SECONDS} s"
    if isinstance(error, OSError):
        return f"could not be installed: {error.strerror}"
    said = error.stderr.splitlines() if isinstance(error, subprocess.CalledProcessError) else []
    errors = [line for line in said if line.startswith("ERROR:") and "://" not in line] or ["pip failed"]
    return f"could not be installed: {errors[-1].removeprefix('ERROR:').strip()}"
