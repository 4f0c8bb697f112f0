"""Many corrections in one rollback: what that costs grows with them, and no faster."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from odoo.tests import tagged

from odoo.addons.cooperator_reconcile_rollback.tests.builders import ALICE, BRUNO
from odoo.addons.cooperator_reconcile_rollback.tests.common import (
    AFTER_FOUNDING,
    RollbackCase,
)
from odoo.addons.cooperator_reconcile_rollback.tests.series import flush, invalidate
from odoo.addons.cooperator_reconcile_rollback.tests.snapshots import NextNumbers
from odoo.addons.cooperator_reconcile_rollback.tests.undone import undone

from measuring.register_parts import TABLES, renewed
from measuring.row_copies import copy_rows, last_ids

FEW, MORE, MANY = 5, 25, 1000
# how many queries each further correction may take at most
QUERIES = {
    "draft": 10,
    "plan": 25,
    "start": 25,
    "record_numbers": 20,
    "remove_match": 20,
    "remove_shares": 5,
    "reset_membership": 5,
    "make_match": 130,
    "verify": 10,
}
MEMORY = 600  # megabytes that a thousand corrections may take


@tagged("post_install", "-at_install", "slow")
class TestManyCorrections(RollbackCase):
    """Bruno's payment was matched with Alice's request, and so were those of many others.

    The others are copies of the two, made by PostgreSQL.
    """

    @classmethod
    def set_up_books(cls) -> None:
        super().set_up_books()
        flush(cls.env)
        cls.before = last_ids(cls.env.cr, TABLES)
        cls.alice = cls.subscribe(ALICE, 3, cls.share_y)
        cls.bruno = cls.subscribe(BRUNO, 3, cls.share_y)
        cls.pay(cls.alice, by=cls.bruno.partner_id)
        flush(cls.env)

    def make_mistakes(self, how_many: int) -> dict:
        """Make the mistake so many times.

        :return: the right subscription by the wrong one
        """
        copy_rows(self.env.cr, self.before, how_many - 1, renewed(1, 1))
        invalidate(self.env)
        numbers = (number + how_many for number in AFTER_FOUNDING)
        self.set_next_numbers(self.company, NextNumbers(*numbers))
        subscriptions = self.env["subscription.request"].search(
            [("id", ">=", self.alice.id)], order="id"
        )
        paid = subscriptions.filtered(lambda one: one.state == "paid")
        self.assertEqual((len(subscriptions), len(paid)), (2 * how_many, how_many))
        return dict(zip(paid, subscriptions - paid))

    def correct(self, how_many: int) -> dict[str, int]:
        """Correct so many mistakes in one rollback.

        :return: the queries that it took, by what was done
        """
        right = self.make_mistakes(how_many)
        requests = self.env["account.move"].union(
            *(wrong.capital_release_request for wrong in right)
        )
        queries: dict[str, int] = {}
        with self.counted(queries, "draft"):
            rollback = self.env["reconciliation.rollback"].with_user(self.manager)
            rollback = rollback.create_from(
                rollback.env["account.move"].browse(requests.ids)
            )
        self.assertEqual(len(rollback.line_ids), how_many)
        for line in rollback.line_ids:
            line.right_move_id = self._right_move_of(line, right)
        rollback.reason = "wrong_person"
        with self.counted(queries, "plan"):
            rollback.action_plan()
        with self.counted(queries, "start"):
            rollback.action_start()
        self.assertEqual(len(rollback.step_ids), 11)
        self.assertEqual(len(self.jobs_of(rollback)), 11)
        for kind in rollback.step_ids.mapped("kind"):
            with self.counted(queries, kind):
                self.run_jobs(rollback, until=kind)
        self.assertDone(rollback)
        self.assertEqual(len(rollback._get_plan().inserted), how_many)
        return queries

    @contextmanager
    def counted(self, queries: dict[str, int], name: str) -> Iterator[None]:
        invalidate(self.env)
        before = self.env.cr.sql_log_count
        yield
        flush(self.env)
        queries[name] = self.env.cr.sql_log_count - before

    def test_queries_for_each_further_correction(self) -> None:
        with undone(self.env):
            few = self.correct(FEW)
        more = self.correct(MORE)
        each = {name: (more[name] - few[name]) / (MORE - FEW) for name in few}
        too_many = {
            name: number
            for name, number in each.items()
            if number > QUERIES.get(name, 0)
        }
        self.assertEqual(too_many, {})

    @pytest.mark.exhaustive
    def test_a_thousand(self) -> None:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        self.correct(MANY)
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        self.assertLess((after - before) / 1024, MEMORY)
