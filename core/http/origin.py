"""Where a request comes from: for rules that compare, never to be stored as it is."""

import re
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

from flask import request

DEVICE = "Device-Id"
"""A random id that the mini-program makes once and keeps on the phone; nothing of the hardware."""

_USABLE_DEVICE = re.compile(r"[A-Za-z0-9_-]{8,64}")


def network() -> str | None:
    """The /24 (IPv4) or /48 (IPv6) of the client, or None where it is not known.

    The peer is our own proxy where its address is not a public one; then what the proxy says last
    counts (docs/operations/nginx.conf replaces what a client claims)."""
    environ = request.environ
    peer = network_of(environ.get("REMOTE_ADDR", ""))
    if peer is not None:
        return peer
    return network_of(environ.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip())


def network_of(address: str) -> str | None:
    """The network of a public address; None of all others, and of what is no address."""
    prefix, dot, last = address.rpartition(".")
    if dot and last.isdigit() and ":" not in prefix:  # looked up by network: there are fewer
        return _network_of(f"{prefix}.1")
    return _network_of(address)


@lru_cache(maxsize=8192)
def _network_of(address: str) -> str | None:
    try:
        found = ip_address(address)
    except ValueError:
        return None
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or found
    if not found.is_global:
        return None
    if isinstance(found, IPv6Address):
        return found.exploded[:14]
    return found.exploded.rpartition(".")[0]


def device() -> str | None:
    """The id that the mini-program gave its installation, or None; a strange one is none."""
    given = request.headers.get(DEVICE)
    return given if given is not None and _USABLE_DEVICE.fullmatch(given) else None
