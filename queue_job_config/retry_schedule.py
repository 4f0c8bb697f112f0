"""When a failed job is tried again: a number of attempts, with delays that grow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

UNITS = ((3600, "h"), (60, "min"), (1, "s"))


@dataclass(frozen=True)
class RetrySchedule:
    """How often a job is attempted, and how long it waits in between.

    `max_attempts` counts the first run too: with 1 a job is never tried again. The first
    wait is `first_delay` seconds, at least 1; each further one is `factor` times the one
    before, and none is longer than `longest_delay` seconds.

    >>> schedule = RetrySchedule(4, first_delay=60, factor=5, longest_delay=600)
    >>> [schedule.delay_after(failures) for failures in (1, 2, 3, 4)]
    [60, 300, 600, None]
    >>> schedule.delays
    (60, 300, 600)
    """

    max_attempts: int
    first_delay: float
    factor: float
    longest_delay: float

    def delay_after(self, failures: int) -> Optional[int]:
        """Whole seconds to wait after so many failed attempts, at least one of them.

        None where the job is given up.
        """
        if failures >= self.max_attempts:
            return None
        return round(self._delay(failures))

    @property
    def delays(self) -> tuple[int, ...]:
        """All waits, from the first failure to the last attempt."""
        return tuple(
            round(self._delay(failures)) for failures in range(1, self.max_attempts)
        )

    def _delay(self, failures: int) -> float:
        try:
            delay = self.first_delay * float(self.factor) ** (failures - 1)
        except OverflowError:
            return self.longest_delay
        return min(delay, self.longest_delay)


def duration_text(seconds: int) -> str:
    """Seconds as people write them, in units that every language knows.

    >>> [duration_text(seconds) for seconds in (0, 45, 60, 90, 3600, 93780)]
    ['0 s', '45 s', '1 min', '1 min 30 s', '1 h', '26 h 3 min']
    """
    parts = []
    for size, unit in UNITS:
        number, seconds = divmod(seconds, size)
        if number:
            parts.append(f"{number} {unit}")
    return " ".join(parts) or "0 s"
