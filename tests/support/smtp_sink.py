"""An SMTP server that keeps what arrives, and for whom."""

from __future__ import annotations

import email
import email.policy
import logging
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from prepare.free_port import free_port

HOST = "127.0.0.1"


@dataclass
class SmtpSink:
    """The messages that arrived, each with the addresses it came for.

    `start` opens the server on `HOST` and `port`, `stop` closes it; `start` works again then.
    """

    port: int = field(default_factory=free_port)
    arrived: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
    controller: Controller = field(init=False, repr=False)

    def start(self) -> None:
        logging.getLogger("mail.log").setLevel(logging.WARNING)
        # one that was stopped does not start again
        self.controller = Controller(self, hostname=HOST, port=self.port)
        self.controller.start()

    def stop(self) -> None:
        self.controller.stop()

    async def handle_DATA(self, _server: Any, _peer: Any, envelope: Any) -> str:
        message = email.message_from_bytes(
            envelope.content, policy=email.policy.default
        )
        self.arrived.append((list(envelope.rcpt_tos), message))
        return "250 OK"

    @property
    def summary(self) -> list[tuple[str, str]]:
        """The address and the subject of each message, in the order of arrival."""
        return [
            (address, str(message["Subject"]))
            for addresses, message in self.arrived
            for address in addresses
        ]

    @property
    def addresses(self) -> list[str]:
        """Whom each message came for, in the order of arrival."""
        return [address for address, _subject in self.summary]

    def messages_to(self, address: str) -> list[EmailMessage]:
        return [message for addresses, message in self.arrived if address in addresses]
