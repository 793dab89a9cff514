"""Ways of authentication: one kind a class, registered here."""

from connector.clients.auth.base import Auth
from connector.clients.auth.fixed import ApiKey, Basic, Bearer, NoAuth
from connector.clients.auth.jwt import Jwt
from connector.core.registry import Registry

__all__ = ["AUTHS", "Auth"]

AUTHS: Registry[Auth] = Registry("auth", NoAuth, Bearer, Basic, ApiKey, Jwt)
