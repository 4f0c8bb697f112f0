"""The moments of a step at which something can happen to it."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field

from .held import Held
from .ordeal import Ordeal, Step

BEGIN = "begin"
END = "end"
AFTER = "after"
# what a row is set to so that whoever waits for it finds it changed
NO_CHANGE = "company_id = company_id"
MOMENTS = (BEGIN, END, AFTER)


@dataclass
class Halt:
    """A step that is stopped at a moment for as long as this lasts.

    - begin: its job has started and has done nothing yet;
    - end: all that the step does is done, and not committed;
    - after: the step is committed, and its job has not yet handed over to the next one.

        with Halt(ordeal, step, END) as halt:
            ordeal.start_server()
            halt.reach()

    Until `release` the step stays there; after `commit` PostgreSQL refuses what it did.
    """

    ordeal: Ordeal
    step: Step
    moment: str
    holds: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Halt:
        if self.moment == AFTER:
            self.last = self.hold("queue_job", self.ordeal.next_step(self.step).job)
        else:
            self.last = self.hold("reconciliation_rollback_step", self.step.record)
        return self

    def __exit__(self, *_exception: object) -> None:
        self.release()

    def hold(self, table: str, record: int) -> Held:
        return self.holds.enter_context(self.ordeal.hold(table, record, NO_CHANGE))

    def reach(self) -> None:
        """Wait until the step is at the moment."""
        self.process = self.wait()
        if self.moment == END:
            at_the_door = self.last
            self.last = self.hold("queue_job", self.step.job)
            at_the_door.release()
            self.process = self.wait()

    def wait(self) -> int:
        """Wait until a backend waits for the row that is held; its process number."""
        return self.ordeal.wait_for_backends(self.last)[0]

    def cut(self) -> None:
        """Cut the connection of the step's backend, once it has been reached."""
        self.last.end_backend(self.process)

    def commit(self) -> None:
        """Let the step go on, and find the row changed that it waits for."""
        self.last.commit()

    def release(self) -> None:
        self.holds.close()


def kill_at(ordeal: Ordeal, place: str, moment: str) -> None:
    """Let the server run from where it stopped until a moment of a step, and kill it."""
    with Halt(ordeal, ordeal.step(place), moment) as halt:
        ordeal.server.start()
        halt.reach()
        ordeal.server.kill()
    ordeal.let_time_pass()
