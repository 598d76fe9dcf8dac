"""Joins the ways to write one outlet, and names the outlet of an address."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sorot.data.errors import SorotError
from sorot.data.toml_files import load_toml

# Names of machines before an outlet's domain.
_MACHINES = ("www.", "m.", "amp.", "mobile.", "wap.")
_HOST = re.compile(r"(?=.{4,253}$)(?:[a-z0-9-]+\.)+[a-z]{2,24}", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:[a-z]+:)?//", re.IGNORECASE)
MAX_NAME = 200
# Hosts that pass on the pages of others; the outlet is in the rest of the address, or unknown.
_PASSING = re.compile(
    r"(?:web\.)?archive\.org|archive\.(?:ph|is|today|md|li|vn|fo)|(?:.+\.)?cdn\.ampproject\.org|.+\.translate\.goog"
    r"|(?:www\.|news\.|translate\.)?google\.(?:com|co\.id)|webcache\.googleusercontent\.com|lm?\.facebook\.com|l\.instagram\.com"
    r"|(?:www\.)?(?:bit\.ly|t\.co|tinyurl\.com|goo\.gl|s\.id|ow\.ly|buff\.ly)"
)
_INNER = re.compile(
    r"(?:https?://|[=:/](?=(?:www|m|amp)\.)|/(?:[aci]/)?s/|/web/\d+[a-z_]*/)((?:[a-z0-9-]+\.)+[a-z]{2,24}[^\s&]*)", re.IGNORECASE
)
_SIGNS = (" - ", " – ", " — ", " | ")
# What a feed's title adds to the outlet's name.
_CHANNEL = re.compile(
    r"(?:\s*[-–—|:»]\s*(?:rss|feeds?|berita|news|kabar|latest|terkini|terbaru|all|semua)\b.{0,60}"
    r"|\s+rss(?: feeds?)?|\s+feeds?)\s*\Z",
    re.IGNORECASE,
)


def join_outlet(name: str) -> str:
    """The usual way to write an outlet of outlets.toml ('detikInet' and 'news.detik.com' are 'detik.com'); any other name
    stays exactly as it is."""
    if len(name) > MAX_NAME:
        return name
    names, hosts = _table()
    found = names.get(_plain(name))
    if found is None and _ADDRESS.match(name):
        return outlet_of_url(name) or name
    if found is None and _HOST.fullmatch(name.strip()):
        found = _of_host(name.strip().lower(), hosts)
    return found or name


def without_outlet(title: str, outlet: str) -> str:
    """The title without its outlet's name after a dash or a bar, as news searches write it: 'Judul - Kabar'."""
    rest, sign, name = max((title.rpartition(sign) for sign in _SIGNS), key=lambda parts: len(parts[0]))
    same = sign and (_plain(name) == _plain(outlet) or join_outlet(name.strip()) == outlet)
    return rest.strip() if same and len(rest.split()) >= 2 else title


def outlet_of_channel(name: str) -> str:
    """The outlet that a feed's title names: 'Kabar - Berita Terkini' and 'Kabar RSS Feed' are 'Kabar'."""
    return join_outlet(_CHANNEL.sub("", name).strip() or name)


def outlet_of_url(url: str) -> str | None:
    """The outlet of a web address: by outlets.toml, else the host without 'www.'; None if there is no host."""
    address = url.strip()
    try:
        host = urlsplit(address if _ADDRESS.match(address) else f"//{address}").hostname or ""
    except ValueError:
        return None
    host = host.rstrip(".").lower()
    if not _HOST.fullmatch(host):
        return None
    if _PASSING.fullmatch(host):
        inner = _address_within(address, host)
        return outlet_of_url(inner) if inner else None
    return _of_host(host, _table()[1]) or _without_machine(host)


def _address_within(address: str, host: str) -> str | None:
    """The address of the page that an archive, a cache, a translator or a redirect passes on; None if it does not tell."""
    if host.endswith(".translate.goog"):
        # A hyphen stands for a dot, two hyphens for a hyphen.
        shown = host.removesuffix(".translate.goog")
        return shown.replace("--", "\0").replace("-", ".").replace("\0", "-")
    rest = unquote(address.partition(host)[2])
    found = _INNER.search(rest)
    if found and len(rest) < len(address):
        return found[1]
    if host.endswith(".cdn.ampproject.org"):
        shown = host.removesuffix(".cdn.ampproject.org")
        return shown.replace("--", "\0").replace("-", ".").replace("\0", "-")
    return None


def _of_host(host: str, hosts: dict[str, str]) -> str | None:
    parts = host.split(".")
    return next((found for n in range(len(parts) - 1) if (found := hosts.get(".".join(parts[n:])))), None)


def _without_machine(host: str) -> str:
    for machine in _MACHINES:
        if host.startswith(machine) and host.count(".") > 1:
            return host.removeprefix(machine)
    return host


def _plain(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum())


@cache
def _table() -> tuple[dict[str, str], dict[str, str]]:
    """The outlet of each plain name and of each host."""
    entries = load_toml(Path(__file__).with_name("outlets.toml"), SorotError, kind="table of outlets")
    names = {
        _plain(way): outlet for outlet, entry in entries.items() for way in (outlet, *entry["hosts"], *entry.get("names", ()))
    }
    return names, {host: outlet for outlet, entry in entries.items() for host in entry["hosts"]}
