"""A register that was closed: corrections of it only append."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .builders import CLARA
from .common import MistakeCase
from .remembered import Remembered

CLOSING = "cooperator.register.closing"


@tagged("post_install", "-at_install")
class TestClosing(Remembered, MistakeCase):
    """Alice became a member by mistake in a month that was closed since."""

    paid_days_ago = 40

    def close(self):
        closing = (
            self.env[CLOSING]
            .with_user(self.manager)
            .create({"company_id": self.company.id, "date_to": self.days_ago(30)})
        )
        closing.action_close()
        return closing

    def test_closing(self):
        closing = self.close()
        self.assertEqual((closing.state, closing.last_operation), ("closed", 1002))
        self.assertEqual(closing.seal_id.last_entry, len(self.entries_of()))
        self.assertEqual(closing.user_id, self.manager)
        closing.write({"signed_by": "The board", "filing_number": "2026/7"})
        for act in (
            lambda: closing.write({"date_to": self.days_ago(31)}),
            closing.unlink,
            closing.action_close,
        ):
            with self.assertRaises(UserError):
                act()

    def test_only_by_the_button(self):
        model = self.env[CLOSING].with_user(self.manager)
        values = {"company_id": self.company.id, "date_to": self.days_ago(30)}
        with self.assertRaises(UserError):
            model.create({**values, "state": "closed"})
        closing = model.with_context(default_state="closed").create(values)
        self.assertEqual(closing.state, "draft")
        with self.assertRaises(UserError):
            closing.write({"state": "closed"})
        closing.date_to = self.days_ago(0)
        with self.assertRaises(UserError):
            closing.action_close()

    def test_corrections_append(self):
        closing = self.close()
        rollback = self.draft_rollback(self.request, self.bruno)
        self.assertEqual(
            (rollback.numbering, rollback.member_numbering), ("append", "append")
        )
        for values in ({"numbering": "reuse"}, {"member_numbering": "reuse"}):
            rollback.write({"numbering": "append", "member_numbering": "append"})
            rollback.write(values)
            self.assertRefused("1002.*closed to", rollback.action_plan)
        rollback.write({"numbering": "append", "member_numbering": "append"})
        rollback.action_plan()
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertOperation(1003, self.bruno.partner_id, [(self.share_y, 3)])
        self.assertRemembered()
        self.assertTrue(closing.exists())

    def test_later_operations_are_free(self):
        self.close()
        clara = self.join(CLARA, 1, self.share_x)
        rollback = self.roll_back(clara.capital_release_request)
        self.assertEqual(rollback.numbering, "reuse")
        self.assertEqual(self.next_numbers(), (1003, 503))
