"""Outgoings: publishers. One kind a file, registered here."""

from connector.core.registry import Registry
from connector.outgoing.ibexa import IbexaOutgoing

__all__ = ["OUTGOING"]

OUTGOING: Registry[IbexaOutgoing] = Registry("outgoing", IbexaOutgoing)
