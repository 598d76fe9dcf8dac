"""Where the page listens: found to be free before anything heavy is loaded, or one sentence that says why it is not."""

from __future__ import annotations

import errno
import os
import socket

from sorot.data.errors import SorotError

# Addresses that mean "all of this machine", and one of them that a browser can open.
OPENED_AS = {"0.0.0.0": "127.0.0.1", "::": "::1"}
LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")


class AddressError(SorotError):
    """The page cannot listen where it was told to; the message names the address and the cure."""


def free_port(host: str, port: int) -> int:
    """The port, or a free one for 0, once it is sure that the page can listen there; AddressError where it cannot."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (socket.gaierror, UnicodeError) as error:
        raise AddressError(f"there is no address {host!r}; choose another with --host (127.0.0.1 is this machine)") from error
    try:
        with socket.socket(family, kind, protocol) as probe:
            # As the server does it: a port that was given up a moment ago is free. Windows means something else by it.
            if os.name == "posix":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            return int(probe.getsockname()[1])
    except OSError as error:
        raise AddressError(_reason(error, host, port)) from error


def page_url(host: str, port: int) -> str:
    """The address to open in a browser."""
    return f"http://{bracketed(OPENED_AS.get(host, host))}:{port}"


def bracketed(host: str) -> str:
    """A host as it stands in a URL: IPv6 addresses between brackets."""
    return f"[{host}]" if ":" in host else host


def _reason(error: OSError, host: str, port: int) -> str:
    where = f"{bracketed(host)}:{port}"
    if error.errno == errno.EADDRINUSE:
        return f"{where} is in use; choose another with --port"
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"{where} is not open to this account; choose a port above 1023 with --port"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{host} is no address of this machine; choose another with --host (127.0.0.1 is this machine)"
    return f"{where} cannot be listened on ({error.strerror}); choose another with --host or --port"
