"""Waits between attempts, whatever a policy says."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.queue_job_config.retry_schedule import RetrySchedule, duration_text

thorough = settings(max_examples=200, deadline=None, derandomize=True)


@st.composite
def schedules(draw):
    first_delay = draw(st.integers(1, 10**6))
    return RetrySchedule(
        draw(st.integers(1, 2000)),
        first_delay,
        draw(st.floats(1, 10**6)),
        first_delay + draw(st.integers(0, 10**7)),
    )


@thorough
@given(schedules())
def test_waits_grow_within_the_limits(schedule):
    delays = schedule.delays
    assert len(delays) == schedule.max_attempts - 1
    assert list(delays) == sorted(delays)
    assert all(
        schedule.first_delay <= delay <= schedule.longest_delay for delay in delays
    )


@thorough
@given(schedules(), st.integers(1, 10**6))
def test_a_job_is_given_up_after_the_last_attempt(schedule, failures):
    delay = schedule.delay_after(failures)
    if failures < schedule.max_attempts:
        assert delay == schedule.delays[failures - 1]
    else:
        assert delay is None


@thorough
@given(schedules())
def test_each_wait_is_the_one_before_times_the_factor(schedule):
    delays = schedule.delays
    for before, after in zip(delays, delays[1:]):
        if after < schedule.longest_delay:
            rounding = 1 + schedule.factor
            assert abs(after - before * schedule.factor) <= rounding


@thorough
@given(st.integers(0, 10**8))
def test_durations_say_all_their_seconds(seconds):
    units = {"h": 3600, "min": 60, "s": 1}
    words = duration_text(seconds).split()
    pairs = list(zip(words[::2], words[1::2]))
    assert sum(int(number) * units[unit] for number, unit in pairs) == seconds
