"""Checks the address to listen on before anything heavy is loaded, and says in one sentence what is wrong with it."""

from __future__ import annotations

import errno
import os
import socket

from sorot.data.errors import SorotError

# Addresses that mean "every interface", each with one that a browser can open.
BROWSER_HOSTS = {"0.0.0.0": "127.0.0.1", "::": "::1"}
LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")


class AddressError(SorotError):
    """The service cannot listen on the address; the message names it and the cure."""


def free_port(host: str, port: int) -> int:
    """The port, or a free one for 0. Raises AddressError if nothing can listen there."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (socket.gaierror, UnicodeError) as error:
        raise AddressError(f"there is no address {host!r}; choose another with --host (127.0.0.1 is this machine)") from error
    try:
        with socket.socket(family, kind, protocol) as probe:
            # As the server does: a port closed a moment ago counts as free. On Windows the option means something else.
            if os.name == "posix":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            return int(probe.getsockname()[1])
    except OSError as error:
        raise AddressError(_reason(error, host, port)) from error


def page_url(host: str, port: int) -> str:
    """The URL to open in a browser."""
    return f"http://{bracketed(BROWSER_HOSTS.get(host, host))}:{port}"


def bracketed(host: str) -> str:
    """The host as written in a URL: IPv6 addresses in brackets."""
    return f"[{host}]" if ":" in host else host


def _reason(error: OSError, host: str, port: int) -> str:
    where = f"{bracketed(host)}:{port}"
    if error.errno == errno.EADDRINUSE:
        return f"{where} is in use; choose another with --port"
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"{where} needs more rights than this account has; choose a port above 1023 with --port"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{host} is not an address of this machine; choose another with --host (127.0.0.1 is this machine)"
    return f"{where} cannot be listened on ({error.strerror}); choose another with --host or --port"
