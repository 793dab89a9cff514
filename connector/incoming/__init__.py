"""Incomings: subscribers. One kind a file, registered here."""

from connector.core.registry import Registry
from connector.incoming.file import FileIncoming
from connector.incoming.http import HttpIncoming
from connector.incoming.ibexa import IbexaIncoming

__all__ = ["INCOMING"]

INCOMING: Registry[HttpIncoming | FileIncoming | IbexaIncoming] = Registry(
    "incoming", HttpIncoming, FileIncoming, IbexaIncoming
)
