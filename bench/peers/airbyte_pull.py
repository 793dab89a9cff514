"""airbyte-cdk: a declarative source read to standard output. ``python airbyte_pull.py FOLDER``, which gets its files."""

import json
import os
import sys
from pathlib import Path

from airbyte_cdk.cli.source_declarative_manifest import run

folder = Path(sys.argv[1])
manifest = json.loads(Path(__file__).with_name("airbyte.json").read_text(encoding="utf-8"))
config = {"base_url": os.environ["SOURCE_BASE_URL"], "__injected_declarative_manifest": manifest}
stream = {"name": "products", "json_schema": {}, "supported_sync_modes": ["full_refresh"]}
chosen = {"stream": stream, "sync_mode": "full_refresh", "destination_sync_mode": "append"}
for name, value in {"config.json": config, "catalog.json": {"streams": [chosen]}}.items():
    (folder / name).write_text(json.dumps(value), encoding="utf-8")
sys.argv[1:] = ["read", "--config", f"{folder}/config.json", "--catalog", f"{folder}/catalog.json"]
run()
