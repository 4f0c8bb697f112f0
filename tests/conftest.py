"""What tests on a running Odoo share."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, Callable

import pytest

from demonstration.stage import stage
from prepare.environment import Environment
from prepare.server import Server
from support.smtp_sink import SmtpSink


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
    """Start a server on a new database: `serve(purpose, **options of Server)`."""
    with ExitStack() as servers:

        def start(purpose: str, **options: Any) -> Server:
            log = environment.logs / f"server-{purpose}.log"
            log.unlink(missing_ok=True)
            return servers.enter_context(
                stage(environment, purpose, log=log, **options)
            )

        yield start


@pytest.fixture
def smtp_sink() -> Iterator[SmtpSink]:
    """An SMTP server that keeps what arrives."""
    sink = SmtpSink()
    sink.start()
    yield sink
    sink.stop()
