"""When to retry a failed job: a number of attempts, with delays that grow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Optional

UNITS = ((3600, "h"), (60, "min"), (1, "s"))
# so many delays are written out, at most
WRITTEN_DELAYS = 8


@dataclass(frozen=True)
class RetrySchedule:
    """How often to attempt a job, and how long to wait between the attempts.

    `max_attempts` includes the first run: 1 means no retry. The first delay is
    `first_delay` seconds, at least 1; each further delay is the previous one multiplied by
    `factor`, and at most `longest_delay` seconds.

    >>> schedule = RetrySchedule(4, first_delay=60, factor=5, longest_delay=600)
    >>> [schedule.delay_after(failures) for failures in (1, 2, 3, 4)]
    [60, 300, 600, None]
    >>> str(schedule)
    '1 min, 5 min, 10 min'

    A schedule of a million attempts is written as shortly as one of nine:

    >>> str(RetrySchedule(1_000_000, first_delay=1, factor=2, longest_delay=3600))
    '1 s, 2 s, 4 s, 8 s, 16 s, 32 s, 1 min 4 s, …, 1 h'
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

    def __str__(self) -> str:
        """All delays, but where there are many only the first ones and the last."""
        number = self.max_attempts - 1
        if number <= WRITTEN_DELAYS:
            return ", ".join(self._texts(range(1, number + 1)))
        first = self._texts(range(1, WRITTEN_DELAYS))
        return ", ".join([*first, "…", *self._texts([number])])

    def _texts(self, failures: Iterable[int]) -> list[str]:
        return [duration_text(round(self._delay(number))) for number in failures]

    def _delay(self, failures: int) -> float:
        try:
            delay = self.first_delay * float(self.factor) ** (failures - 1)
        except OverflowError:
            return self.longest_delay
        # a form can hold a factor that is not a number
        return delay if delay <= self.longest_delay else self.longest_delay


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
