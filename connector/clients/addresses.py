"""Which network addresses belong to the public internet, and which to this machine or a network behind it."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

_NAT64 = IPv6Network("64:ff9b::/96")


def is_inside(host: str) -> bool:
    """Whether a host, as it is written, can only be this machine or an address that is not public."""
    name = host.lower().rstrip(".")
    try:
        return not is_public(name)
    except ValueError:  # a name, of which a look-up tells more
        return name == "localhost" or name.endswith(".localhost")


def is_public(text: str) -> bool:
    """Whether an address belongs to the public internet; one that wraps an IPv4 address is judged by that too.

    Raises:
        ValueError: it is no address.
    """
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv4Address):
        return address.is_global and not address.is_multicast
    wrapped = _wrapped(address)
    if wrapped is not None:
        return all(one.is_global and not one.is_multicast for one in wrapped)
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_site_local)


def _wrapped(address: IPv6Address) -> tuple[IPv4Address, ...] | None:
    """The IPv4 addresses inside: mapped, 6to4, Teredo (server and client), or of a NAT64 gateway."""
    found = address.ipv4_mapped or address.sixtofour
    if found is not None:
        return (found,)
    if address in _NAT64:
        return (IPv4Address(int(address) & 0xFFFFFFFF),)
    return address.teredo
