"""dlt: the REST source into a DuckDB file. Run by dlt's own environment: ``python dlt_pull.py FOLDER``."""

import os
import sys

import dlt
from dlt.sources.rest_api import rest_api_source

source = rest_api_source(
    {
        "client": {
            "base_url": os.environ["SOURCE_BASE_URL"],
            "paginator": {"type": "json_link", "next_url_path": "next"},
        },
        "resource_defaults": {"primary_key": "sku", "write_disposition": "append"},
        "resources": [
            {
                "name": "products",
                "endpoint": {"path": "products", "params": {"limit": 100}, "data_selector": "items"},
            }
        ],
    }
)
pipeline = dlt.pipeline(
    "bench", pipelines_dir=sys.argv[1], destination=dlt.destinations.duckdb(f"{sys.argv[1]}/records.duckdb")
)
pipeline.run(source)
print(pipeline.last_trace.last_normalize_info.row_counts["products"], "kept")
