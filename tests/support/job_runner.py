"""A job runner that a test starts when it wants jobs to be run."""

from __future__ import annotations

from threading import Thread
from typing import Any, Optional

from prepare.configuration import CHANNELS

LONGEST_END = 30


class JobRunner:
    """queue_job's own runner, in this process: it asks the server at a port to run the jobs.

    A server that starts one itself lets it sleep for five seconds first.
    """

    def __init__(self, port: int, database: str, channels: str = CHANNELS) -> None:
        self.port = port
        self.database = database
        self.channels = channels
        self.runner: Any = None
        self.thread: Optional[Thread] = None

    def start(self) -> None:
        # Odoo is there once pytest has begun, and its add-ons with it
        from odoo.addons.queue_job.jobrunner.runner import QueueJobRunner

        self.runner = QueueJobRunner(
            host="127.0.0.1",
            port=self.port,
            channel_config_string=self.channels,
        )
        self.runner.get_db_names = lambda: [self.database]
        self.thread = Thread(target=self.runner.run, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        """Ask for no more jobs; nothing happens where it does not run."""
        if self.thread:
            self.runner.stop()
            self.thread.join(LONGEST_END)
            self.thread = None
