"""Everything that somebody can do to a rollback, between any two of its steps."""

from __future__ import annotations

import pytest

from odoo.addons.cooperator_reconcile_rollback.tests.any_moment import (
    ACTS,
    AnyMomentCase,
)

NAMES = sorted(ACTS)


@pytest.mark.exhaustive
class TestEveryActAtEveryMoment(AnyMomentCase):
    """Each test is one rollback, at each of whose moments another act happens.

    The next test begins with the next act, so that all of them together try every act at
    every moment. Any few of them are an even sample.
    """


def make_test(first: int, begin: str):
    """A test that lets the acts happen in turn, from one of them on."""

    def test(case: AnyMomentCase) -> None:
        case.check_each_moment(
            getattr(case, begin)(),
            lambda moment: [NAMES[(first + moment) % len(NAMES)]],
        )

    return test


for _first, _name in enumerate(NAMES):
    for _way, _begin in (("forwards", "start"), ("back", "start_reverting")):
        setattr(
            TestEveryActAtEveryMoment,
            f"test_{_way}_from_{_name}",
            make_test(_first, _begin),
        )
