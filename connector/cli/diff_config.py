"""``connector diff-config``."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from connector.cli.options import examples, json_option
from connector.cli.output import counted, plain, print_json
from connector.cli.state import State
from connector.core.errors import ConfigError
from connector.core.jsonio import Json

CHANGES = 4
_LONGEST = 100
_READ = ("project.json", "clients", "incoming", "outgoing", "routes", "systems")
_NOT_OURS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")
"""Set while a hook runs, for the folder that the hook runs in; the project's folder decides here."""
EXAMPLES = examples(
    "connector diff-config HEAD", "connector diff-config v1.4.0 --json", "connector -C shop diff-config origin/main"
)


@click.command(epilog=EXAMPLES)
@click.argument("rev")
@json_option
@click.pass_obj
def command(state: State, rev: str) -> None:
    """Compare the project with what it was in the git revision REV: which routes differ, in what, and what follows.

    Exit code 0: no route differs. 4: some do. 2: there is no git, no such revision, or no repository.
    """
    from connector.app import schemas  # noqa: PLC0415 - heavy
    from connector.config.diff import compare  # noqa: PLC0415
    from connector.config.project import load  # noqa: PLC0415
    from connector.explain.consequences import Reader  # noqa: PLC0415

    repository = Repository(state.project)
    commit = repository.commit(rev)
    new = load(state.project)
    if not (state.project / "configs").is_dir():
        raise ConfigError(new.problems[0].message, hint=new.problems[0].hint)
    known = schemas()
    with tempfile.TemporaryDirectory(prefix="connector-") as folder:
        skipped = repository.unpack(commit, Path(folder))
        old = load(Path(folder))
        changes = compare(old, new, known)
        reader = Reader(old, new, known, state.env)
        rows = [
            {
                "route": one.route,
                "change": one.change,
                "parts": [part.as_json() for part in one.parts],
                "consequences": reader.consequences(one),
            }
            for one in changes
        ]
    if state.as_json:
        print_json({"revision": rev, "commit": commit, "skipped": skipped, "routes": rows})
    else:
        _tell(rows, rev, commit, skipped)
    raise click.exceptions.Exit(CHANGES if rows else 0)


class Repository:
    """The git repository that a project lies in, read by the ``git`` program; nothing in it is changed."""

    def __init__(self, project: Path) -> None:
        self._project = project

    def commit(self, rev: str) -> str:
        """The commit that a revision names.

        Raises:
            ConfigError: no git, no repository, or no such revision.
        """
        if rev.startswith("-") or not rev.strip() or "\0" in rev:
            raise ConfigError(f"'{plain(rev, 40)}' is no revision", hint="Name a commit, a branch or a tag: HEAD~1.")
        inside = self._git("rev-parse", "--is-inside-work-tree")
        if inside.returncode != 0 or inside.stdout.strip() != b"true":
            why = inside.stderr.decode("utf-8", "replace").strip().splitlines()
            message = why[0].removeprefix("fatal: ") if why else "a repository without a work tree"
            hint = "Run it in a project that is kept in git, or name one with -C."
            raise ConfigError(f"{self._project} is not in a git repository: {plain(message, 200)}", hint=hint)
        found = self._git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{rev}^{{commit}}")
        if found.returncode != 0:
            hint = "`git log` and `git tag` list what there is; a shallow clone has not all of it."
            raise ConfigError(f"there is no revision '{plain(rev, 80)}'", hint=hint)
        return found.stdout.decode("ascii").strip()

    def unpack(self, commit: str, folder: Path) -> list[str]:
        """Write the project's files of a commit into a folder, as a checkout would; returns links, which are left out.

        Raises:
            ConfigError: git cannot read them.
        """
        prefix = self._good("rev-parse", "--show-prefix").stdout.decode("utf-8", "surrogateescape").rstrip("\n")
        wanted = [prefix + name for name in (*(f"configs/{one}" for one in _READ), "transformers")]
        listed = self._good("ls-tree", "-r", "-z", "--full-tree", commit, "--", *wanted).stdout
        files, skipped = [], []
        for row in listed.split(b"\0"):
            head, _, name = row.partition(b"\t")
            path = os.fsdecode(name).removeprefix(prefix)
            if head.startswith(b"100"):
                files.append((head.split()[2].decode("ascii"), path))
            elif head:
                skipped.append(path)
        for blob, path in files:
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            # One by one: in a batch, git tells the size that a file has before its line ends are changed.
            target.write_bytes(self._good("cat-file", "--filters", f"--path={prefix}{path}", blob).stdout)
        return skipped

    def _good(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        done = self._git(*arguments)
        if done.returncode != 0:
            message = done.stderr.decode("utf-8", "replace").strip()
            raise ConfigError(f"git {arguments[0]} failed: {plain(message, 200)}")
        return done

    def _git(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        program = ["git", "-C", str(self._project), "--no-pager", "--literal-pathspecs", *arguments]
        inherited = {name: value for name, value in os.environ.items() if name not in _NOT_OURS}
        env = {**inherited, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
        try:
            return subprocess.run(program, stdin=subprocess.DEVNULL, env=env, capture_output=True, check=False)  # noqa: S603 - a list
        except FileNotFoundError:
            raise ConfigError("the program git is not there", hint="Install git, and see that it is in PATH.") from None


def _tell(rows: Sequence[Mapping[str, Json]], rev: str, commit: str, skipped: Sequence[str]) -> None:
    for path in skipped:
        click.echo(f"left out: {plain(path)} is no plain file in {plain(rev)}", err=True)
    for row in rows:
        click.secho(f"{plain(row['route'])}: {row['change']}", bold=True)
        for part in row["parts"]:
            click.echo(f"  {part['part']} {plain(part['name'])} ({plain(part['file'])})")
            if part.get("note"):
                click.echo(f"    {plain(part['note'])}")
            for key in part["keys"]:
                click.echo(f"    {plain(key['key'])}: {_side(key, 'from')} → {_side(key, 'to')}")
        for sentence in row["consequences"]:
            click.echo(f"  ⇒ {plain(sentence)}")
    where = f"{plain(rev)} ({commit[:10]})"
    click.echo(f"{counted(len(rows), 'route')} changed since {where}" if rows else f"no route changed since {where}")


def _side(key: Mapping[str, Json], side: str) -> str:
    if side not in key:
        return "(nothing)"
    value = "null" if key[side] is None else plain(key[side], _LONGEST)
    return f"{value} (default)" if key.get(f"{side}_default") else value
