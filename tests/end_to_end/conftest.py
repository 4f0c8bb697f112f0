"""The cooperative of the demonstration, with the mistake and a rollback under way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Callable

import pytest

from prepare.server import Server
from support.case import Case
from support.smtp_sink import HOST, SmtpSink


@pytest.fixture
def case(serve: Callable[..., Server], smtp_sink: SmtpSink) -> Iterator[Case]:
    """The accountant's mistake, on a server that runs no jobs yet."""
    server = serve("e2e", channels=None, smtp_host=HOST, smtp_port=smtp_sink.port)
    yield Case.begin(server)
