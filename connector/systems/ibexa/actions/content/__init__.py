"""Actions on one content item: what they look up, compare and write, a subject a file."""
