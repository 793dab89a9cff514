"""A kind in a package of somebody's own is found by its entry point, in a folder of packages and in a zip file."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
KIND = """
from connector.core.spec import Spec
class Kind:
    spec = Spec("carrier-pigeon", "Carrier pigeon", "Flies.")
"""
FILES = {
    "pigeon.py": KIND,
    "pigeon-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: pigeon\nVersion: 1.0\n",
    "pigeon-1.0.dist-info/entry_points.txt": "[connector.incoming]\ncarrier-pigeon = pigeon:Kind\n",
}
ASK = "from connector.incoming import INCOMING; print('carrier-pigeon' in str(INCOMING.json_schema()))"


def known(*more: Path) -> bool:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (ROOT, *more)))}
    return (
        "True"
        in subprocess.run([sys.executable, "-c", ASK], env=env, capture_output=True, check=True, text=True).stdout
    )


@pytest.mark.parametrize("zipped", [False, True])
def test_a_kind_of_another_package_is_known(tmp_path: Path, zipped: bool) -> None:
    place = tmp_path / ("packages.zip" if zipped else "packages")
    if zipped:
        with zipfile.ZipFile(place, "w") as archive:
            for name, text in FILES.items():
                archive.writestr(name, text)
    else:
        for name, text in FILES.items():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_text(text)
    assert known(place)


def test_without_it_there_is_none(tmp_path: Path) -> None:
    assert not known(tmp_path)
