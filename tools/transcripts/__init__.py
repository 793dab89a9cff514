"""Recorded requests and answers of a real Ibexa, replayed against the sandbox: ``python -m tools.transcripts FOLDER``."""
