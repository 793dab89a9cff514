"""singer-sdk: a target that keeps each record as a line of JSON in BENCH_FILE, in batches of the SDK's own size."""

import json
import os
import sys

from singer_sdk import BatchSink, Target
from singer_sdk import typing as th


class Lines(BatchSink):
    kept = 0

    def process_batch(self, context):
        with open(os.environ["BENCH_FILE"], "a", encoding="utf-8") as out:
            for record in context["records"]:
                out.write(json.dumps(record, default=str) + "\n")
                Lines.kept += 1


class BenchTarget(Target):
    name = "target-bench"
    config_jsonschema = th.PropertiesList().to_dict()
    default_sink_class = Lines


if __name__ == "__main__":
    BenchTarget.cli(standalone_mode=False)
    print(Lines.kept, "kept", file=sys.stderr)
