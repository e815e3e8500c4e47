"""Runs Caddy or nginx with the files of hosting/ on a free port of this machine, as an ordinary process that ends with its test."""

from __future__ import annotations

import os
import random
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

from tools.docs import ROOT

NAMES = ("caddy", "nginx")
# What nginx needs around a server; as root its workers would be somebody who may not read the folder.
MAIN = """daemon off;
{user}worker_processes 2;
pid nginx.pid;
events {{}}
http {{
    access_log off;
    sendfile on;
    {temporary}
    include server.conf;
}}
"""
KINDS = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@contextmanager
def serve(name: str, site: Path) -> Iterator[int]:
    """Serve a folder with one of NAMES; yields the port."""
    with run(lambda folder, port: caddy(folder, site, f"http://127.0.0.1:{port}") if name == "caddy" else _nginx(folder, site, port)) as port:
        yield port


@contextmanager
def run(start: Callable[[Path, int], tuple[list[str], dict[str, str]]]) -> Iterator[int]:
    """Run the command with the environment that `start` gives for a folder and a free port; yields the port. Fails when nothing answers there within ten seconds."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        command, environment = start(Path(folder), port)
        with (Path(folder) / "log").open("w+", encoding="utf-8") as log:
            process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=log, stderr=log)
            try:
                _wait(process, port, Path(log.name))
                yield port
            finally:
                process.terminate()
                process.wait(10)


def free_port() -> int:
    """A port that nobody listens on, out of a range that no other process of the same test run takes from. Raises OSError when all are taken."""
    first = 20_000 + 1_000 * int(re.sub(r"\D", "", os.environ.get("PYTEST_XDIST_WORKER", "")) or 0) % 40_000
    for port in random.sample(range(first, first + 1_000), 1_000):
        try:
            socket.create_server(("127.0.0.1", port)).close()
            return port
        except OSError:
            continue
    raise OSError(f"no port from {first} to {first + 999} is free")


def caddy(folder: Path, site: Path, address: str, config: Path = ROOT / "hosting/Caddyfile") -> tuple[list[str], dict[str, str]]:
    """The command and environment of a Caddy that keeps its own files in `folder`."""
    own = {"SITE_ADDRESS": address, "SITE": str(site), "CADDY_ADMIN": f"unix/{folder / 'admin'}", "HOME": str(folder),
           "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    return ["caddy", "run", "--config", str(config), "--adapter", "caddyfile"], own


def _nginx(folder: Path, site: Path, port: int) -> tuple[list[str], dict[str, str]]:
    text = (ROOT / "hosting/nginx.conf").read_text(encoding="utf-8")
    for placeholder, value in (("listen 127.0.0.1:8080;", f"listen 127.0.0.1:{port};"), ("root /srv/guia/site;", f'root "{site}";')):
        assert text.count(placeholder) == 1, placeholder
        text = text.replace(placeholder, value)
    (folder / "server.conf").write_text(text, encoding="utf-8")
    temporary = " ".join(f"{kind}_temp_path {kind};" for kind in KINDS)
    (folder / "main.conf").write_text(MAIN.format(user="user root;\n" if os.geteuid() == 0 else "", temporary=temporary), encoding="utf-8")
    return [find("nginx") or "nginx", "-e", "stderr", "-p", f"{folder}/", "-c", "main.conf"], {}


def find(name: str) -> str | None:
    """Path of a server; Debian puts nginx where only root looks."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            assert process.poll() is None, log.read_text(encoding="utf-8")
            time.sleep(0.1)
    raise AssertionError(log.read_text(encoding="utf-8"))


def ask(port: int, path: str, **headers: str) -> tuple[HTTPResponse, bytes]:
    """One answer, the path sent letter by letter as it is given; `accept_encoding` is the header Accept-Encoding."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.putrequest("GET", path, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body
