from __future__ import annotations

from pathlib import Path

import pytest

from connector.config.envfile import read_env_file
from connector.core.errors import ConfigError


def read(tmp_path: Path, text: str) -> dict[str, str]:
    path = tmp_path / ".env"
    path.write_bytes(text.encode())
    return read_env_file(path)


def test_names_values_comments_and_simple_quotes(tmp_path: Path) -> None:
    text = '# head\n\nA=1\nexport B=two\nC=\'three # $x \\n "q"\'\nD="fo ur"\nE=\n  F=a=b  \nG="it\'s"\nURL=https://x/#top\n'
    assert read(tmp_path, text) == {
        "A": "1",
        "B": "two",
        "C": 'three # $x \\n "q"',
        "D": "fo ur",
        "E": "",
        "F": "a=b",
        "G": "it's",
        "URL": "https://x/#top",
    }


def test_windows_line_ends_and_a_byte_order_mark(tmp_path: Path) -> None:
    assert read(tmp_path, "\ufeffA=1\r\nB=2\r\n") == {"A": "1", "B": "2"}


@pytest.mark.parametrize(
    "line",
    [
        "A = s3cr3t",
        "A: s3cr3t",
        "s3cr3t",
        "1A=s3cr3t",
        "A=s3cr3t # comment",
        "A=two s3cr3t",
        "A=s3cr3t$B",
        'A="s3cr3t$B"',
        'A="s3cr3t\\n"',
        "A=s3cr3t\\",
        "A=`s3cr3t`",
        "A='s3cr3t",
        'A="s3cr3t',
        "A='s3'cr3t'",
        "A=#s3cr3t",
    ],
)
def test_what_others_would_read_differently_is_refused_with_its_line_and_without_its_value(
    tmp_path: Path, line: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, f"# one\nOK=1\n{line}\n")
    assert ".env:3:" in caught.value.message
    assert caught.value.hint
    assert "s3cr3t" not in caught.value.message + caught.value.hint


def test_a_name_that_occurs_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"\.env:2: A is there twice"):
        read(tmp_path, "A=1\nA=2\n")


def test_a_file_that_is_missing_or_not_text(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        read_env_file(tmp_path / "none")
    (tmp_path / "binary").write_bytes(b"A=\xff")
    with pytest.raises(ConfigError, match="cannot be read"):
        read_env_file(tmp_path / "binary")


@pytest.mark.parametrize("line", ["A = s3cr3t", "A =s3cr3t", "A: s3cr3t"])
def test_blanks_around_the_sign_are_told_as_such(tmp_path: Path, line: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, line)
    assert "without blanks" in caught.value.hint
    assert "s3cr3t" not in str(caught.value)


def test_a_misspelt_file_names_the_one_beside_it(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("A=1")
    with pytest.raises(ConfigError) as caught:
        read_env_file(tmp_path / ".envv")
    assert caught.value.hint == "Did you mean '.env'?"
    assert "No such file" in caught.value.message
