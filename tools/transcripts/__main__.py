"""``python -m tools.transcripts FOLDER``: the share of recorded answers that the sandbox gives too, and what differs."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tools.transcripts.likeness import HEADERS, RULES
from tools.transcripts.recording import left_out, read
from tools.transcripts.replay import Outcome, Replay


def main(arguments: list[str] | None = None) -> int:
    """Returns 0 when the share reaches ``--least``, else 1; 2 for a folder without transcripts."""
    given = _parser().parse_args(arguments)
    try:
        transcripts = read(given.folder)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    if not transcripts:
        print(f"{given.folder}: no transcript in it", file=sys.stderr)
        return 2
    outcomes = list(Replay(strict=given.strict).run(transcripts))
    skipped = left_out(given.folder)
    share = 100 * sum(not each.differences for each in outcomes) / len(outcomes)
    if given.json:
        print(json.dumps(_report(outcomes, share, skipped), indent=2, ensure_ascii=False))
    elif given.show:
        _show([each for each in outcomes if each.transcript.name == given.show])
    else:
        _print(outcomes, share, skipped)
    return 0 if share >= given.least else 1


def _print(outcomes: list[Outcome], share: float, skipped: list[str]) -> None:
    for each in outcomes:
        if each.differences:
            print(f"{each.transcript.name}: {each.transcript.method} {each.transcript.path}")
            for difference in each.differences[:6]:
                print(f"    {difference[:400]}")
            if len(each.differences) > 6:
                print(f"    and {len(each.differences) - 6} more")
    print("\nCompared: status, body (with the order of keys), " + ", ".join(HEADERS) + ".\nSet aside:")
    for name, rule in RULES.items():
        print(f"  {name}: {rule}")
    print(f"\nNot replayed, since not one request: {', '.join(skipped) or 'none'}")
    matching = sum(not each.differences for each in outcomes)
    print(f"\n{matching} of {len(outcomes)} match: {share:.1f} %")


def _show(outcomes: list[Outcome]) -> None:
    for each in outcomes:
        print(each.transcript.method, each.transcript.path, each.transcript.headers)
        print(each.transcript.body.decode())
        print("\n--- recorded", each.transcript.answer.status, each.transcript.answer.headers)
        print(_text(each.transcript.answer.body))
        print("\n--- ours", each.ours.status, each.ours.headers)
        print(_text(each.ours.body))
        print("\n--- differences", *each.differences, sep="\n")


def _text(body: object) -> str:
    return body if isinstance(body, str) else json.dumps(body, indent=1, ensure_ascii=False)


def _report(outcomes: list[Outcome], share: float, skipped: list[str]) -> dict[str, object]:
    mismatches = {each.transcript.name: each.differences for each in outcomes if each.differences}
    return {
        "transcripts": len(outcomes),
        "matching": len(outcomes) - len(mismatches),
        "share": round(share, 1),
        "compared": ["status", "body", *HEADERS],
        "set_aside": RULES,
        "not_replayed": skipped,
        "mismatches": mismatches,
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.transcripts", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--strict", action="store_true", help="how long a search took counts as a difference too")
    parser.add_argument("--show", metavar="NAME", help="one transcript with both answers")
    parser.add_argument(
        "--least", type=float, default=95.0, metavar="PERCENT", help="the share asked for (default: 95)"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
