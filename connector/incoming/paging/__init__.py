"""Ways of paging. One kind a file, registered here; the guard wraps any of them."""

from connector.core.registry import Registry
from connector.incoming.paging.base import Page, PageRequest, Paginator
from connector.incoming.paging.guard import Guard
from connector.incoming.paging.keyset import Keyset
from connector.incoming.paging.next_link import NextLink
from connector.incoming.paging.offset import Offset
from connector.incoming.paging.page import PageNumber
from connector.incoming.paging.single import Single
from connector.incoming.paging.token import Token

__all__ = ["PAGINATORS", "Guard", "Page", "PageRequest", "Paginator"]

PAGINATORS: Registry[Paginator] = Registry("pagination", Single, NextLink, Offset, PageNumber, Keyset, Token)
