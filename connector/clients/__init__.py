"""Clients: how a system is reached. One kind a file, registered here."""

from connector.clients.http import HttpClient
from connector.clients.ibexa import IbexaClient
from connector.core.registry import Registry

__all__ = ["CLIENTS", "HttpClient", "IbexaClient"]

CLIENTS: Registry[HttpClient] = Registry("client", HttpClient, IbexaClient)
