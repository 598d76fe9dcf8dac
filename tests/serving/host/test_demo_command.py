"""`sorot demo`: the address it listens on, its messages, and how it stops."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

import pytest

from sorot.serving.host.listen_address import AddressError, free_port, page_url
from tests.serving.command import run

COMMAND = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from sorot.serving.cli import main; main()"


def test_a_port_in_use_is_one_sentence(
    tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert run(monkeypatch, "demo", "--port", port, "--bundle", tiny_bundle) == 2
    assert capfd.readouterr().err == f"sorot: 127.0.0.1:{port} is in use; choose another with --port\n"


@pytest.mark.parametrize("host", ["192.0.2.1", "no address"])
def test_a_foreign_host_is_one_sentence(host: str) -> None:
    with pytest.raises(AddressError, match="choose another with --host"):
        free_port(host, 0)


def test_a_port_that_needs_more_rights_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", refuse)
    with pytest.raises(AddressError, match=r"127\.0\.0\.1:80 needs more rights than this account has; choose a port above 1023"):
        free_port("127.0.0.1", 80)


@pytest.mark.parametrize("port", ["-1", "65536", "x"])
def test_an_invalid_port_is_refused(port: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "demo", "--port", port) == 2
    assert "--port" in capfd.readouterr().err


def test_the_url_can_be_opened_in_a_browser() -> None:
    assert page_url("127.0.0.1", 80) == "http://127.0.0.1:80"
    assert page_url("0.0.0.0", 81) == "http://127.0.0.1:81"
    assert page_url("::1", 82) == page_url("::", 82) == "http://[::1]:82"
    assert free_port("127.0.0.1", 0) > 0


def test_a_wrong_bundle_is_reported_before_gradio_is_imported() -> None:
    code = """
import sys
sys.argv = ["sorot", "demo", "--port", "0", "--bundle", "nowhere"]
try:
    from sorot.serving.cli import main
    main()
except SystemExit as stop:
    print(stop.code, "gradio" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "2 False\n"
    assert done.stderr.startswith("sorot: nowhere: no such bundle folder")


def test_the_url_is_printed_once_the_page_answers_and_ctrl_c_stops_it_quietly(tiny_bundle: Path, tmp_path: Path) -> None:
    # A proxy that does not answer: the command must not use it to check the page.
    environment = {k: v for k, v in os.environ.items() if k.lower() not in ("no_proxy", "http_proxy")}
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND, "demo", "--port", "0", "--bundle", str(tiny_bundle)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**environment, "http_proxy": "http://127.0.0.1:9", "PYTHONPATH": str(Path.cwd())},
        cwd=tmp_path,
    )
    try:
        assert process.stderr is not None
        said = process.stderr.readline()
        assert said.startswith("The page is at http://127.0.0.1:") and said.endswith(" (Ctrl-C stops it)\n")
        url = said.removeprefix("The page is at ").split()[0]
        assert build_opener(ProxyHandler({})).open(url, timeout=60).status == 200
        process.send_signal(signal.SIGINT)
        out, error = process.communicate(timeout=60)
    finally:
        process.kill()
    assert (process.returncode, out, error) == (0, "", "stopped\n")
