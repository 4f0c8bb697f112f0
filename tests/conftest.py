"""What tests on a running Odoo share."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any, Callable

import pytest
from playwright.sync_api import Browser

from demonstration.stage import stage
from prepare.checkout import PREPARED
from prepare.environment import Environment
from prepare.server import Server
from prepare.template_database import addons_database
from screen.chromium import running_chromium
from support.case import Case, Template
from support.jobs import Jobs
from support.shared_server import SharedServer
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


@pytest.fixture(scope="session")
def mail_server() -> Iterator[SmtpSink]:
    """An SMTP server that keeps what arrives."""
    sink = SmtpSink()
    sink.start()
    yield sink
    sink.stop()


@pytest.fixture
def smtp_sink(mail_server: SmtpSink) -> SmtpSink:
    """The SMTP server, to which nothing has come yet."""
    mail_server.arrived.clear()
    return mail_server


@pytest.fixture(scope="session")
def shared_server(
    environment: Environment, mail_server: SmtpSink
) -> Iterator[Callable[[Template], SharedServer]]:
    """A server that tests share, one for each set of add-ons: `shared_server(template)`."""
    mail = {"smtp_host": HOST, "smtp_port": mail_server.port}
    with ExitStack() as servers:

        @cache
        def running(template: Template) -> SharedServer:
            purpose, database = f"shared_{template.__name__}", template(environment)
            return servers.enter_context(
                SharedServer.running(environment, purpose, database, **mail)
            )

        yield running


@pytest.fixture
def begin_case(
    environment: Environment,
    shared_server: Callable[..., SharedServer],
    smtp_sink: SmtpSink,
) -> Iterator[Callable[..., Case]]:
    """The accountant's mistake, on a shared server: `begin_case(template)`."""
    with ExitStack() as ends:

        def begin(template: Template = addons_database) -> Case:
            database = Case.database(environment, template)
            case = Case.recall(shared_server(template).renew(database))
            ends.callback(case.end)
            return case

        yield begin


@pytest.fixture
def case(begin_case: Callable[..., Case]) -> Case:
    """The accountant's mistake, on a server that runs no jobs yet."""
    return begin_case()


@pytest.fixture
def jobs(
    environment: Environment, shared_server: Callable[[Template], SharedServer]
) -> Jobs:
    """Jobs on a shared server that runs none yet, in a database without company data."""
    shared = shared_server(addons_database)
    return Jobs.of(shared.renew(addons_database(environment)))


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
