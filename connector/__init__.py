"""Connector: declared routes that carry records into Ibexa DXP, each one accounted for in a SQL run log."""

__all__ = ["__version__"]

__version__ = "0.1.0"
