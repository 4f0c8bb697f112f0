"""A real Odoo server for one database, with its job runner, for end-to-end tests and the demo."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Optional

from .configuration import CHANNELS
from .console import Failure
from .environment import Environment
from .free_port import free_port

STOPPING_SECONDS = 20


class Server:
    """An Odoo server process for a database.

    It serves `url` with threads, one process in all. It runs jobs in the given channels, or
    none where `channels` is None, and scheduled actions in `cron_threads` threads. Mail goes
    to `smtp_host` and `smtp_port`. Links and reports use `url` too.

        with Server(environment, "demo") as server:
            urllib.request.urlopen(server.url)

    `stop` ends it as a person would, `kill` as a power cut would; `start` works again after
    both, on the same port.
    """

    def __init__(
        self,
        environment: Environment,
        database: str,
        *,
        port: Optional[int] = None,
        channels: Optional[str] = CHANNELS,
        cron_threads: int = 0,
        smtp_host: Optional[str] = None,
        smtp_port: Optional[int] = None,
        log: Optional[Path] = None,
    ) -> None:
        self.environment = environment
        self.database = database
        self.port = port or free_port()
        self.channels = channels
        self.cron_threads = cron_threads
        self.smtp_host = smtp_host
        self.smtp_port = smtp_port
        self.log = log or environment.logs / f"server-{database}-{self.port}.log"
        self.process: Optional[subprocess.Popen] = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def command(self) -> list[str]:
        command = [
            *self.environment.odoo_command,
            f"--database={self.database}",
            f"--db-filter=^{re.escape(self.database)}$",
            f"--http-port={self.port}",
            "--workers=0",
            f"--max-cron-threads={self.cron_threads}",
        ]
        if self.smtp_host:
            command.append(f"--smtp={self.smtp_host}")
        if self.smtp_port:
            command.append(f"--smtp-port={self.smtp_port}")
        return command

    @property
    def variables(self) -> dict[str, str]:
        return {
            **self.environment.variables,
            "ODOO_QUEUE_JOB_CHANNELS": self.channels or "root:0",
            "ODOO_QUEUE_JOB_HOST": "127.0.0.1",
            "ODOO_QUEUE_JOB_PORT": str(self.port),
        }

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self, timeout: float = 120) -> None:
        """Start the process and wait until it answers."""
        self.tell_address()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                env=self.variables,
                cwd=self.environment.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            self._wait_until_it_answers(timeout)
        except BaseException:
            self.kill()
            raise

    def tell_address(self) -> None:
        """Have links and reports in the database lead here."""
        for key in ("web.base.url", "report.url"):
            self.environment.databases.set_parameter(self.database, key, self.url)

    def stop(self) -> None:
        """End the process in order; killed where it takes too long."""
        if not self.is_running:
            return
        self.process.terminate()
        try:
            self.process.wait(STOPPING_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End the process, and what it started, at once and without a last word."""
        if self.is_running:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def _wait_until_it_answers(self, timeout: float) -> None:
        deadline = time.monotonic() + timeout
        while not self._answers():
            if not self.is_running:
                raise Failure(f"the Odoo server ended at once: see {self.log}")
            if time.monotonic() > deadline:
                raise Failure(f"the Odoo server does not answer: see {self.log}")
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/web/login", timeout=30):
                return True
        except urllib.error.HTTPError as error:
            raise Failure(
                f"the Odoo server answers {error.code}: see {self.log}"
            ) from None
        except OSError:
            return False
