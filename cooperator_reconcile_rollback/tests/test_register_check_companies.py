"""The register check of several companies, and who may see it."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..ledger.finding import (
    OPERATION_SEQUENCE_OFF,
)
from .builders import EMMA
from .register_check_case import RegisterCheckCase
from .snapshots import NextNumbers


@tagged("post_install", "-at_install")
class TestCheckOfCompanies(RegisterCheckCase):
    """Companies never see each other's."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.second = cls.make_company("Second cooperative")
        cls.other = cls.make_user(
            "other", "cooperator.cooperator_group_manager", companies=cls.second
        )
        cls.set_next_numbers(cls.second, NextNumbers(51, 31))
        cls.emma = cls.join(EMMA, 2, cls.share_x, company=cls.second)

    def test_error_in_one(self):
        self.set_next_numbers(self.second, NextNumbers(60, 32))
        self.assertFinds()
        check = self.check_of(self.second, self.other)
        check.action_check()
        self.assertEqual(check.finding_ids.mapped("kind"), [OPERATION_SEQUENCE_OFF])

    def test_rights(self):
        self.set_next_numbers(self.second, NextNumbers(60, 32))
        check = self.check_of(self.second, self.other)
        check.action_check()
        model = self.env["cooperator.register.finding"]
        self.assertTrue(model.with_user(self.other).search([]))
        self.assertFalse(model.with_user(self.user).search([]))
        with self.assertRaises(AccessError):
            check.with_user(self.user).action_check()
        with self.assertRaises(AccessError):
            check.finding_ids.with_user(self.manager).action_accept()
        portal = self.make_user("portal", "base.group_portal")
        with self.assertRaises(AccessError):
            self.check_of(self.company, portal).action_check()
        with self.assertRaises(AccessError):
            self.env["cooperator.register.check"].with_user(portal).action_open_check()

    def test_screen(self):
        """The menu opens the current company's."""
        model = self.env["cooperator.register.check"]
        for user, company in ((self.user, self.company), (self.other, self.second)):
            action = model.with_user(user).action_open_check()
            self.assertEqual(model.browse(action["res_id"]).company_id, company)

    def test_lists(self):
        """Behind each number there is the list of what is counted."""
        self.set_next_numbers(self.second, NextNumbers(60, 32))
        check = self.check_of(self.second, self.other)
        check.action_check()
        self.assertEqual((check.error_count, check.warning_count), (0, 1))
        for action in (
            check.action_view_errors(),
            check.action_view_warnings(),
            check.action_view_notes(),
        ):
            listed = check.finding_ids.search(action["domain"])
            self.assertEqual(listed, check.finding_ids)
        self.assertIn("search_default_note", action["context"])

    def test_each_manager_is_told_of_his_own(self):
        self.set_next_numbers(self.second, NextNumbers(60, 32))
        known = self.env["mail.message"].search([])
        self.env["cooperator.register.check"]._cron_check()
        told = self.env["mail.message"].search([]) - known
        self.assertIn(self.other.partner_id, told.partner_ids)
        self.assertNotIn(self.manager.partner_id, told.partner_ids)
