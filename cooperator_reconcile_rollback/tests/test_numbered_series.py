"""Rollbacks are numbered at their start, without a gap, in each company."""

import re

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..services.numbered_series import RollbackSeries, get_number
from .builders import CLARA, DAVID
from .common import MistakeCase
from .undone import undone


@tagged("post_install", "-at_install")
class TestNumberedSeries(MistakeCase):
    def test_number_at_the_start(self):
        """What never starts, is refused or is undone takes none."""
        draft = self.draft_rollback(self.request, self.bruno)
        self.assertEqual(draft.name, f"Draft {draft.id}")
        draft.action_plan()
        draft.action_dry_run()
        self.assertEqual(draft.name, f"Draft {draft.id}")
        with undone(self.env):
            draft.action_start()
            given = draft.name
            self.assertRegex(given, r"^RR/\d{4}/\d{4}$")
        draft.action_start()
        self.assertEqual(draft.name, given)
        self.run_jobs(draft)
        second = self.roll_back(
            self.join(CLARA, 1, self.share_y).capital_release_request
        )
        self.assertEqual(get_number(second.name), get_number(given) + 1)
        self.assertRegex(
            RollbackSeries(self.company).word(),
            f"{re.escape(given)} to {re.escape(second.name)}, 2, none missing",
        )

    def test_companies_count_for_themselves(self):
        mine = self.roll_back(self.request, self.bruno)
        other = self.make_company("Second cooperative")
        self.env.user.company_ids += other
        self.manager.company_ids += other
        share = self.make_share("share_o", "Other share", 10)
        david = self.join(DAVID, 1, share, company=other)
        theirs = self.roll_back(david.capital_release_request)
        self.assertEqual(get_number(theirs.name), get_number(mine.name))

    def test_missing(self):
        """Of a rollback that somebody has taken away past Odoo, and of earlier drafts."""
        first = self.roll_back(self.request, self.bruno)
        for person in (CLARA, DAVID):
            self.roll_back(self.join(person, 1, self.share_y).capital_release_request)
        number = get_number(first.name) + 1
        self.env.cr.execute(
            "UPDATE reconciliation_rollback SET name = 'X', started_at = NULL "
            "WHERE name LIKE %s",
            ("RR/%%/%04d" % number,),
        )
        self.assertIn(f"missing: {number}", RollbackSeries(self.company).word())

    def test_numbered_by_an_earlier_release(self):
        """What was planned before the update keeps its number."""
        draft = self.draft_rollback(self.request, self.bruno)
        draft._by_action().name = "RR/2020/0007"
        draft.action_plan()
        draft.action_start()
        self.assertEqual(draft.name, "RR/2020/0007")

    def test_what_was_planned_is_not_deleted(self):
        draft = self.draft_rollback(self.request, self.bruno)
        draft.action_plan()
        draft.action_draft()
        with self.assertRaisesRegex(UserError, "press Cancel"):
            draft.unlink()
        draft.action_cancel()
        self.draft_rollback(self.request, self.bruno).unlink()
