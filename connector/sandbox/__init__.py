"""Servers to try the connector against, offline: they play the systems at both ends and keep a book of every request.

Nothing here is imported by the connector itself, and nothing of the connector is imported here: a judge may not share
code with the accused.
"""
