"""Transformers: what stands between a record and a message."""
