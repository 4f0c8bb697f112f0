"""What tests on a running Odoo share."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Callable

import pytest
from playwright.sync_api import Browser

from demonstration.stage import stage
from prepare.checkout import PREPARED
from prepare.environment import Environment
from prepare.server import Server
from screen.chromium import running_chromium
from support.case import Case
from support.smtp_sink import HOST, SmtpSink


@pytest.fixture(scope="session", autouse=True)
def end_in_order() -> Iterator[None]:
    """Let a request to terminate end the tests as Ctrl-C does, servers and all."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.fixture(scope="session")
def environment() -> Environment:
    """The prepared Odoo that the tests run on."""
    return Environment.prepared()


@pytest.fixture
def serve(environment: Environment) -> Iterator[Callable[..., Server]]:
    """Start a server on a new database: `serve(purpose, **options of Server)`.

    It is killed at the end: its database goes too, and an orderly end takes its time.
    """
    with ExitStack() as servers:

        def start(purpose: str, **options: Any) -> Server:
            log = environment.logs / f"server-{purpose}{worker_suffix()}.log"
            log.unlink(missing_ok=True)
            server = servers.enter_context(
                stage(environment, purpose, log=log, **options)
            )
            servers.callback(server.kill)
            return server

        yield start


def worker_suffix() -> str:
    """What tells the files of one worker of pytest-xdist from another's."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    return f"-{worker}" if worker else ""


@pytest.fixture
def smtp_sink() -> Iterator[SmtpSink]:
    """An SMTP server that keeps what arrives."""
    sink = SmtpSink()
    sink.start()
    yield sink
    sink.stop()


@pytest.fixture
def case(serve: Callable[..., Server], smtp_sink: SmtpSink) -> Case:
    """The accountant's mistake, on a server that runs no jobs yet."""
    server = serve("e2e", channels=None, smtp_host=HOST, smtp_port=smtp_sink.port)
    return Case.begin(server)


@pytest.fixture
def chromium() -> Iterator[Browser]:
    """A web browser."""
    with running_chromium() as browser:
        yield browser


@pytest.fixture
def screenshots(environment: Environment, request: pytest.FixtureRequest) -> Path:
    """An empty folder for a test's screenshots, which are kept to be looked at."""
    name = request.node.name.removeprefix("test_").replace("_", "-")
    folder = PREPARED / "screenshots" / environment.series.name / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
