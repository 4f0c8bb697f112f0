"""When to retry a failed job: a number of attempts, with delays that grow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

UNITS = ((3600, "h"), (60, "min"), (1, "s"))


@dataclass(frozen=True)
class RetrySchedule:
    """How often to attempt a job, and how long to wait between the attempts.

    `max_attempts` includes the first run: 1 means no retry. The first delay is
    `first_delay` seconds, at least 1; each further delay is the previous one multiplied by
    `factor`, and at most `longest_delay` seconds.

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
        """Give the whole seconds to wait after `failures` failed attempts, at least one.

        None means: give the job up.
        """
        if failures >= self.max_attempts:
            return None
        return round(self._delay(failures))

    @property
    def delays(self) -> tuple[int, ...]:
        """All delays, from the first failure to the last attempt."""
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
    """Write seconds as people do, in units that every language knows.

    >>> [duration_text(seconds) for seconds in (0, 45, 60, 90, 3600, 93780)]
    ['0 s', '45 s', '1 min', '1 min 30 s', '1 h', '26 h 3 min']
    """
    parts = []
    for size, unit in UNITS:
        number, seconds = divmod(seconds, size)
        if number:
            parts.append(f"{number} {unit}")
    return " ".join(parts) or "0 s"
