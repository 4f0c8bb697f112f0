"""What tests of jobs share: jobs on a shared server, and a runner for when it is wanted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Callable

import pytest

from prepare.environment import Environment
from prepare.server import Server
from prepare.template_database import addons_database
from support.job_runner import JobRunner
from support.jobs import Jobs
from support.shared_server import SharedServer

CHANNELS = "root:2"


@pytest.fixture
def server(
    environment: Environment, shared_server: Callable[..., SharedServer]
) -> Server:
    """A server that runs no jobs, on a new database with the add-ons."""
    return shared_server(addons_database).renew(addons_database(environment))


@pytest.fixture
def jobs(server: Server) -> Jobs:
    return Jobs.of(server)


@pytest.fixture
def job_runner(server: Server) -> Iterator[JobRunner]:
    """A runner of two jobs at once, which has not been started."""
    runner = JobRunner(server, CHANNELS)
    yield runner
    runner.stop()
