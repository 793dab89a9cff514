"""Figures of what is promised under faults: ``python -m bench.faults NAME [--full]``; see docs/reliability.md."""
