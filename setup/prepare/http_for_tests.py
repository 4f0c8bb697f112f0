"""A pytest plugin: an HTTP server in the test process, for Odoo's HttpCase, on 14.0.

pytest-odoo does this itself from 15.0 on; on 14.0 it starts the server for each test module
and some of those starts end at once.
"""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from .free_port import free_port

PATIENCE = 120


@pytest.fixture(scope="session", autouse=True)
def http_server(load_registry: None) -> Iterator[None]:
    """Serve Odoo on a free port, which Odoo's configuration then names."""
    from odoo import release
    from odoo.service import server, wsgi_server
    from odoo.tools import config

    if release.version_info >= (15,):
        yield
        return
    port = free_port()

    def already_started(preload: object = None, stop: bool = False) -> None:
        """What pytest-odoo calls for each module, after it has chosen another port."""
        config["http_port"] = port

    already_started()
    server.load_server_wide_modules()
    server.server = server.ThreadedServer(wsgi_server.application)
    server.server.http_spawn()
    server.start = already_started
    # The first request loads what all others need, and others must not come meanwhile.
    wait_for_answer(f"http://127.0.0.1:{port}/web/login")
    yield
    server.server.httpd.shutdown()


def wait_for_answer(url: str) -> None:
    """Ask until the server, which starts in a thread of its own, answers."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            urllib.request.urlopen(url, timeout=PATIENCE).close()
            return
        except urllib.error.URLError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
