"""Who may fix what, and who sees it."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..ledger.finding import OPERATION_SEQUENCE_OFF
from .register_fix_case import RegisterFixCase
from .snapshots import NextNumbers

MODELS = (
    "cooperator.register.fix",
    "cooperator.register.fix.wizard",
    "cooperator.register.fix.option",
)


@tagged("post_install", "-at_install")
class TestFixRights(RegisterFixCase):
    """Managers apply, users look, others see nothing."""

    def setUp(self):
        super().setUp()
        self.set_next_numbers(self.company, NextNumbers(1020, 504))
        self.finding = self.assertFinds(OPERATION_SEQUENCE_OFF)

    def test_user_looks(self):
        wizard = self.open_fix(self.finding, self.user)
        self.assertIn("1007 instead of 1020", wizard.outcome)
        with self.assertRaisesRegex(AccessError, "Rollback user"):
            wizard.action_apply()
        self.assertEqual(self.next_numbers().operation, 1020)
        fix = self.fix(self.finding)
        self.assertEqual(fix.with_user(self.user).name, fix.name)

    def test_nobody_makes_one_by_hand(self):
        fix = self.fix(self.finding)
        values = fix.copy_data()[0]
        for user in (self.user, self.manager):
            with self.assertRaises(AccessError):
                self.env["cooperator.register.fix"].with_user(user).create(values)
        with self.assertRaises(UserError):
            self.env["cooperator.register.fix"].create(values)

    def test_others_see_nothing(self):
        fix = self.fix(self.finding)
        for group in ("account.group_account_manager", "base.group_portal"):
            other = self.make_user(group.split(".")[1], group)
            for model in MODELS:
                with self.assertRaises(AccessError):
                    self.env[model].with_user(other).search([])
            with self.assertRaises(AccessError):
                fix.with_user(other).read(["name"])

    def test_other_company(self):
        """A manager of another company neither sees nor applies anything here."""
        second = self.make_company("Second cooperative")
        stranger = self.make_user(
            "stranger", "cooperator.cooperator_group_manager", companies=second
        )
        with self.assertRaises(AccessError):
            self.finding.with_user(stranger).action_mend()
        wizard = self.open_fix(self.finding)
        with self.assertRaises(AccessError):
            wizard.with_user(stranger).action_apply()
        with self.assertRaises(AccessError):
            self.env[wizard._name].with_user(stranger).create(
                {
                    "check_id": self.finding.check_id.id,
                    "content": self.finding.content,
                }
            ).check_access_rule("read")
        fix = self.fix(self.finding)
        self.assertFalse(self.env[fix._name].with_user(stranger).search([]))

    def test_nothing_is_made_up(self):
        """A fix is of what was found: its words would name any record otherwise."""
        wizard = self.open_fix(self.finding, self.user)
        made_up = self.finding.content.replace("1020", "1021")
        self.assertNotEqual(made_up, self.finding.content)
        with self.assertRaisesRegex(ValidationError, "Register check"):
            wizard.content = made_up
