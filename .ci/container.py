"""Executes the steps of the Dockerfile in a clean Debian root, one by one, and checks the container they make, without Docker.

Needs root, Linux and the Debian package debootstrap; packages come through apt and pip as this machine is set up for them.
Checked at the end: the service runs as the image's user with a read-only root and only /tmp writable, its health check passes, it
answers an article, refuses callers without a token, and stops on SIGTERM with exit code 0.
Run with: python .ci/container.py [--base FOLDER]    (--base keeps the Debian root for the next time)
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

SUITE = "bookworm"
PACKAGES = "python3-venv,ca-certificates"
TOKEN = "only-for-this-check-0123456789"
PORT = 8000
START_SECONDS = 180
# What the network of this machine needs, its package mirrors and certificates, is lent to the steps and is not in the image.
LENT = ("/etc/resolv.conf", "/etc/hosts", "/etc/ssl/certs", "/etc/pip.conf", "/opt/wheels", "/usr/local/share/ca-certificates")


@dataclass
class Stage:
    """One FROM of the Dockerfile and what its steps have set."""

    root: Path
    folder: str = "/"
    user: int = 0
    environment: dict[str, str] = field(default_factory=dict)
    health: list[str] = field(default_factory=list)
    entry: list[str] = field(default_factory=list)


def main() -> None:
    """Build, check, and say so."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, help="folder of the Debian root; made if it is missing")
    options = parser.parse_args()
    if os.geteuid() != 0 or not shutil.which("debootstrap"):
        raise SystemExit("container: needs root and debootstrap (apt install debootstrap)")
    with tempfile.TemporaryDirectory(prefix="sorot-image-") as place:
        base = options.base or Path(place) / "base"
        if not (base / "usr/bin/python3").exists():
            print(f"debootstrap {SUITE}", flush=True)
            subprocess.run(
                ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", SUITE, base], check=True, stdout=sys.stderr
            )
        image = build(Path("Dockerfile"), base, Path(place))
        check(image)
    print("container: every step of the Dockerfile ran, and the service in it passed its checks")


def build(dockerfile: Path, base: Path, place: Path) -> Stage:
    """The last stage of a Dockerfile of the instructions that ours has. Exits at one it does not know."""
    stages: dict[str, Stage] = {}
    stage = Stage(base)
    for name, rest in instructions(dockerfile):
        print(f"{name} {rest[:110]}", flush=True)
        if name == "FROM":
            root = place / f"stage{len(stages)}"
            subprocess.run(["cp", "-a", base, root], check=True)
            # As the official images of Python name it.
            (root / "usr/local/bin/python").symlink_to("/usr/bin/python3")
            stage = stages[rest.rpartition(" AS ")[2] if " AS " in rest else rest] = Stage(root)
            stage.environment["PATH"] = "/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"
        elif name == "WORKDIR":
            stage.folder = rest
            inside(stage, rest).mkdir(parents=True, exist_ok=True)
        elif name == "COPY":
            origin, _, rest = rest.rpartition("--from=")[2].partition(" ") if rest.startswith("--from=") else ("", "", rest)
            copy(stages[origin].root if origin else Path.cwd(), stage, rest.split())
        elif name == "ENV":
            pairs = dict(pair.partition("=")[::2] for pair in shlex.split(rest))
            stage.environment |= {key: value.replace("$PATH", stage.environment["PATH"]) for key, value in pairs.items()}
        elif name == "RUN":
            run(stage, ["sh", "-c", rest], lend=True)
        elif name == "USER":
            stage.user = int(rest)
        elif name == "HEALTHCHECK":
            stage.health = json.loads(rest.partition(" CMD ")[2])
        elif name == "ENTRYPOINT":
            stage.entry = json.loads(rest)
        elif name not in ("EXPOSE", "STOPSIGNAL"):
            raise SystemExit(f"container: cannot execute {name}")
    return stage


def instructions(dockerfile: Path) -> Iterator[tuple[str, str]]:
    """Name and arguments of each instruction; ours are one line each."""
    for line in dockerfile.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            name, _, rest = line.partition(" ")
            yield name, rest.strip()


def inside(stage: Stage, path: str) -> Path:
    """A path of a stage, on this machine."""
    return stage.root / str(Path(stage.folder) / path).lstrip("/")


def copy(origin: Path, stage: Stage, names: list[str]) -> None:
    """Files of a folder, or of another stage, into a stage; links stay links."""
    *sources, target = names
    for source in sources:
        given = origin / source.lstrip("/")
        into = inside(stage, target) / given.name if target.endswith("/") else inside(stage, target)
        into.parent.mkdir(parents=True, exist_ok=True)
        if given.is_dir():
            shutil.copytree(given, into, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(given, into)


def command(stage: Stage, arguments: list[str], *, lend: bool) -> list[str]:
    """A command line that runs arguments in the stage, in a mount namespace that ends with it."""
    root = shlex.quote(str(stage.root))
    steps = [f"mount --bind {root} {root}", f"mount -t proc proc {root}/proc", f"mount --rbind /dev {root}/dev"]
    if lend:
        for path in filter(os.path.exists, LENT):
            made = stage.root / path.lstrip("/")
            if Path(path).is_dir():
                made.mkdir(parents=True, exist_ok=True)
            elif not made.exists():
                made.touch()
            steps.append(f"mount --bind {path} {root}{path}")
        changed = "chroot"
    else:
        steps += [f"mount -o remount,bind,ro {root}", f"mount -t tmpfs tmpfs {root}/tmp"]
        changed = f"chroot --userspec={stage.user}:{stage.user}"
    kept = {
        key: value for key, value in os.environ.items() if lend and key.lower().startswith(("pip_", "ssl_", "http", "no_proxy"))
    }
    environment = [f"{key}={value}" for key, value in (kept | stage.environment).items()]
    script = shlex.join(["env", "-i", *environment, "sh", "-c", f"cd {stage.folder} && exec {shlex.join(arguments)}"])
    return [
        "unshare",
        "--mount",
        "--propagation",
        "private",
        "sh",
        "-c",
        f"{' && '.join(steps)} && exec {changed} {root} {script}",
    ]


def run(stage: Stage, arguments: list[str], *, lend: bool) -> None:
    """Run to the end; exits if it fails."""
    if (code := subprocess.run(command(stage, arguments, lend=lend), stdout=sys.stderr).returncode) != 0:
        raise SystemExit(f"container: {shlex.join(arguments)[:80]} ended with {code}")


def check(stage: Stage) -> None:
    """Start the entry point as a container would, with tokens, and call it."""
    stage.environment["SOROT_TOKENS"] = TOKEN
    if stage.user == 0:
        raise SystemExit("container: the image runs as root")
    run(
        stage,
        ["sh", "-c", 'test "$(id -u)" != 0 && touch /tmp/a && ! touch /opt/sorot/a 2>/dev/null && ! touch /a 2>/dev/null'],
        lend=False,
    )
    process = subprocess.Popen(command(stage, [*stage.entry, "--port", str(PORT)], lend=False))
    try:
        until = time.monotonic() + START_SECONDS
        while status("/readyz", TOKEN) != 200:
            if process.poll() is not None or time.monotonic() > until:
                raise SystemExit("container: the service did not start")
            time.sleep(0.5)
        run(stage, stage.health, lend=False)
        article = {"text": "Polisi menangkap terduga teroris di Jakarta.", "options": {"body": True}}
        page = {"html": f"<html><body><article><p>{article['text']} {article['text']}</p></article></body></html>"}
        found = {"no token": status("/v1/model", ""), "page": status("/", TOKEN)}
        found |= {"text": status("/v1/analyze", TOKEN, article), "html": status("/v1/analyze", TOKEN, page)}
        print(json.dumps(found))
        if found != {"no token": 401, "page": 200, "text": 200, "html": 200}:
            raise SystemExit("container: the service did not answer as it should")
        process.terminate()
        if code := process.wait(30):
            raise SystemExit(f"container: the service ended with {code}")
    finally:
        process.kill()
        process.wait()


def status(path: str, token: str, body: object = None) -> int:
    """The status of an answer; 0 if none came."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}{path}", data, headers)
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


if __name__ == "__main__":
    main()
