"""Rules of the plain modules, tried on examples that Hypothesis invents."""

import builtins
import string
import traceback
from contextlib import suppress
from itertools import count, takewhile

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo import exceptions
from odoo.tests import BaseCase

from ..retry.exception_names import is_a, is_one_of, names_in
from ..retry.pattern import parse_pattern
from ..retry.schedule import RetrySchedule, duration_text
from ..retry.traceback_text import Raised, read_traceback

thorough = settings(max_examples=200, deadline=None, derandomize=True)

CLASSES = [
    found
    for module in (builtins, exceptions)
    for found in vars(module).values()
    if isinstance(found, type) and issubclass(found, BaseException)
]


def stored_name(exception_class):
    """The name that queue_job stores with a failed job: Python's own have no module."""
    if exception_class.__module__ == "builtins":
        return exception_class.__name__
    return "%s.%s" % (exception_class.__module__, exception_class.__name__)


classes = st.sampled_from(CLASSES)
words = st.text(string.ascii_letters + "_", min_size=1, max_size=8)
dotted_names = st.lists(words, min_size=1, max_size=3).map(".".join)
any_names = st.one_of(classes.map(stored_name), dotted_names)
waits = st.integers(0, 10**6)
pairs = st.tuples(waits, waits).map(sorted).map(tuple)
patterns = st.dictionaries(st.integers(0, 100), st.one_of(waits, pairs))


@st.composite
def schedules(draw):
    first_delay = draw(st.integers(1, 10**6))
    return RetrySchedule(
        draw(st.integers(1, 2000)),
        first_delay,
        draw(st.floats(1, 10**6)),
        first_delay + draw(st.integers(0, 10**7)),
    )


def delays_of(schedule):
    """All delays of a schedule, until it says that the job is given up."""
    return list(takewhile(bool, map(schedule.delay_after, count(1))))


class TestExceptionNameProperties(BaseCase):
    @thorough
    @given(classes, classes)
    def test_known_classes_as_python_has_them(self, raised, named):
        found = is_a(stored_name(raised), stored_name(named))
        self.assertEqual(found, issubclass(raised, named))

    @thorough
    @given(any_names)
    def test_every_exception_is_itself(self, name):
        self.assertTrue(is_a(name, name))

    @thorough
    @given(any_names, st.lists(any_names, max_size=4))
    def test_one_of_several(self, raised, names):
        self.assertEqual(
            is_one_of(raised, names), any(is_a(raised, name) for name in names)
        )

    @thorough
    @given(
        st.lists(dotted_names, max_size=4), st.sampled_from(["\n", "\r\n", " \n\n "])
    )
    def test_names_of_a_text(self, names, separator):
        self.assertEqual(names_in(separator.join(names)), names)


class TestScheduleProperties(BaseCase):
    @thorough
    @given(schedules())
    def test_delays_grow_within_the_limits(self, schedule):
        delays = delays_of(schedule)
        self.assertEqual(len(delays), schedule.max_attempts - 1)
        self.assertEqual(delays, sorted(delays))
        for delay in delays:
            self.assertLessEqual(schedule.first_delay, delay)
            self.assertLessEqual(delay, schedule.longest_delay)

    @thorough
    @given(schedules())
    def test_all_delays_are_written_where_they_are_few(self, schedule):
        texts = [duration_text(delay) for delay in delays_of(schedule)]
        written = str(schedule).split(", ")
        if len(texts) <= 8:
            self.assertEqual(written, texts or [""])
        else:
            self.assertEqual(written, [*texts[:7], "…", texts[-1]])

    @thorough
    @given(schedules())
    def test_each_delay_is_the_one_before_times_the_factor(self, schedule):
        delays = delays_of(schedule)
        for before, after in zip(delays, delays[1:]):
            if after < schedule.longest_delay:
                rounding = 1 + schedule.factor
                self.assertLessEqual(abs(after - before * schedule.factor), rounding)

    @thorough
    @given(st.integers(0, 10**8))
    def test_durations_say_all_their_seconds(self, seconds):
        units = {"h": 3600, "min": 60, "s": 1}
        parts = duration_text(seconds).split()
        pairs = zip(parts[::2], parts[1::2])
        self.assertEqual(sum(int(n) * units[unit] for n, unit in pairs), seconds)


class TestPatternProperties(BaseCase):
    @thorough
    @given(patterns)
    def test_what_is_written_is_read(self, pattern):
        self.assertEqual(parse_pattern(str(pattern)), pattern)

    @thorough
    @given(st.text(max_size=30))
    def test_any_text_is_a_pattern_or_refused(self, text):
        with suppress(ValueError):
            parse_pattern(text)


class Odd(Exception):
    """Of a module of its own, as most exceptions are."""


class TestTracebackText(BaseCase):
    @thorough
    @given(
        st.sampled_from([Odd, ValueError, exceptions.UserError]),
        st.text(st.one_of(st.characters(blacklist_categories=["C"]), st.just("\n"))),
        st.booleans(),
    )
    def test_reads_what_python_writes(self, exception_class, message, has_cause):
        """The last exception is found, whatever its message and what led to it."""
        try:
            try:
                raise KeyError("earlier")
            except KeyError as error:
                raise exception_class(message) from (error if has_cause else None)
        except exception_class:
            text = traceback.format_exc()
        name = stored_name(exception_class)
        self.assertEqual(read_traceback(text), Raised(name, message))
