"""Free TCP ports."""

from __future__ import annotations

import random
import socket

# Below those that Linux gives to connections, which could take one before it is used.
PORTS = range(20000, 32000)


def free_port() -> int:
    """A TCP port of this machine that nobody listens on."""
    for port in random.sample(PORTS, 100):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError("no TCP port is free")
