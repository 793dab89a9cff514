"""``python -m bench [--count 2000] [--rounds 3] [--memory]``: our route and the script in turn, as ratios."""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path

from bench.work import Measured, ibexa, make_project, measure

ROOT = Path(__file__).resolve().parents[1]
REQUESTS_PER_ITEM = 3


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--count", type=int, default=2000, help="products")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=8)
    parser.add_argument("--latency-ms", type=float, default=10.0)
    parser.add_argument(
        "--memory", action="store_true", help="peak memory at 2,000, 10,000 and 100,000 records instead"
    )
    options = parser.parse_args()
    if options.memory:
        memory(options.workers)
    else:
        compare(options.count, options.rounds, options.workers, options.latency_ms)


def compare(count: int, rounds: int, workers: int, latency_ms: float) -> None:
    limit = workers / (REQUESTS_PER_ITEM * latency_ms / 1000) if latency_ms else float("inf")
    print(f"{count} new products, {REQUESTS_PER_ITEM} requests each, {workers} at once, {latency_ms:g} ms latency")
    print(f"the latency alone allows {limit:.0f} a second\n")
    print("round    script/s     route/s    ratio   script CPU s   route CPU s   route peak MB")
    ratios = []
    for number in range(1, rounds + 1):
        by_hand = one_run(count, workers, latency_ms, by_hand=True)
        ours = one_run(count, workers, latency_ms, by_hand=False)
        ratios.append(by_hand.wall / ours.wall)
        print(
            f"{number:5} {count / by_hand.wall:11.0f} {count / ours.wall:11.0f} {ratios[-1]:8.2f}"
            f" {by_hand.cpu:14.1f} {ours.cpu:13.1f} {ours.peak_mb:15.0f}"
        )
    print(f"\nmedian ratio {statistics.median(ratios):.2f} (goal: at least 0.9); whole processes, start included")


def memory(workers: int) -> None:
    print("records   peak MB   records/s   (no latency; a second run reads them all again, unchanged)")
    for count in (2_000, 10_000, 100_000):
        with tempfile.TemporaryDirectory() as folder, ibexa(0) as url:
            first = route(Path(folder), url, count, workers)
            again = route(Path(folder), url, count, workers)
            print(
                f"{count:7} {first.peak_mb:9.0f} {count / first.wall:11.0f}   again {again.peak_mb:4.0f} MB {count / again.wall:7.0f}/s"
            )


def one_run(count: int, workers: int, latency_ms: float, *, by_hand: bool) -> Measured:
    with tempfile.TemporaryDirectory() as folder, ibexa(latency_ms) as url:
        root = Path(folder)
        if not by_hand:
            return route(root, url, count, workers)
        make_project(root, count, workers)
        env = {"IBEXA_BASE_URL": url, "IBEXA_PASSWORD": "publish", "PYTHONPATH": str(ROOT)}
        found = measure([sys.executable, "-m", "bench.script", str(workers)], env, root)
        assert found.output.startswith(f"{count} sent"), found.output
        return found


def route(root: Path, url: str, count: int, workers: int) -> Measured:
    fresh = not (root / "configs").exists()
    if fresh:
        make_project(root, count, workers)
    env = {"IBEXA_BASE_URL": url, "IBEXA_PASSWORD": "publish", "PYTHONPATH": str(ROOT)}
    env["CONNECTOR_DATABASE_URL"] = f"sqlite:///{root}/run.db"
    found = measure([sys.executable, "-m", "connector", "-q", "run", "products", "--json"], env, root)
    [report] = json.loads(found.output)
    counted = report["counts"]["created" if fresh else "unchanged"]
    assert counted == count, report
    return found


if __name__ == "__main__":
    main()
