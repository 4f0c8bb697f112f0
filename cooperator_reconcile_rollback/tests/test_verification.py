"""Whatever is wrong before the last steps is found and named."""

from odoo.tests import tagged

from .builders import CLARA, DAVID
from .common import MistakeCase
from .series import flush, invalidate


class VerificationCase(MistakeCase):
    """Someone has changed the books by hand, just before they are verified."""

    @classmethod
    def set_up_books(cls):
        cls.company.send_certificate_email = True
        super().set_up_books()
        cls.clara = cls.join(CLARA, 2, cls.share_x)

    def setUp(self):
        super().setUp()
        self.rollback = self.start_rollback(
            self.alice.capital_release_request, self.bruno
        )
        self.run_jobs(self.rollback, until="make_match")

    def update(self, table, values, **where):
        """Change rows as nobody should."""
        flush(self.env)
        self.env.cr.execute(
            "UPDATE {} SET {} WHERE {}".format(
                table,
                ", ".join(f"{name} = %s" for name in values),
                " AND ".join(f"{name} = %s" for name in where),
            ),
            [*values.values(), *where.values()],
        )
        self.assertTrue(self.env.cr.rowcount)
        invalidate(self.env)

    def assertFound(self, *sentences):
        """The step fails and says so; mail stays held and the register locked."""
        self.run_jobs(self.rollback)
        step = self.rollback.step_ids.filtered(lambda step: step.kind == "verify")
        self.assertEqual(step.state, "failed")
        for sentence in sentences:
            self.assertRegex(step.error, sentence)
            self.assertRegex(self.rollback.activity_ids.note, sentence)
        self.assertEqual(self.rollback.state, "failed")
        self.assertTrue(self.rollback.mail_held)
        self.assertEqual(self.company._get_locking_rollback(), self.rollback)


@tagged("post_install", "-at_install", "slow")
class TestVerification(VerificationCase):
    def test_nothing(self):
        self.run_jobs(self.rollback)
        self.assertDone(self.rollback)

    def test_number_of_operation(self):
        self.update(
            "subscription_register",
            {"register_number_operation": 1009},
            partner_id=self.bruno.partner_id.id,
        )
        self.assertFound(f"1002 of {self.bruno.partner_id.name}", "1002 is unused")

    def test_wrong_operation_is_back(self):
        removed = self.rollback._get_plan().removed_lines[0]
        self.update(
            "subscription_register",
            {"id": removed},
            partner_id=self.clara.partner_id.id,
        )
        self.assertFound("wrong operation 1003")

    def test_operation_that_was_not_planned(self):
        """Clara's operation has a number that nobody is to have."""
        self.update(
            "subscription_register",
            {"register_number_operation": 1004},
            partner_id=self.clara.partner_id.id,
        )
        self.assertFound(
            f"Operation 1004 of {self.clara.partner_id.name}.*was not planned",
            "highest number of the sequence register.operation in use is 1004 instead of "
            "1003",
        )

    def test_cooperator_number_given_by_hand(self):
        """The sequence would give the number once more."""
        david = self.subscribe(DAVID, 1, self.share_x).partner_id
        membership = self.company._get_memberships(david)[david.id]
        membership.cooperator_register_number = 504
        self.assertFound(
            "highest number of the sequence cooperator.number in use is 504 instead of 503"
        )

    def test_shares(self):
        self.update(
            "share_line", {"share_number": 2}, partner_id=self.bruno.partner_id.id
        )
        self.assertFound(f"{self.bruno.partner_id.name} has 2 shares as number 502")

    def test_no_member(self):
        self.update(
            "cooperative_membership",
            {"member": False},
            partner_id=self.bruno.partner_id.id,
        )
        self.assertFound(self.bruno.partner_id.name)

    def test_number_of_cooperator(self):
        self.update(
            "cooperative_membership",
            {"cooperator_register_number": 509},
            partner_id=self.bruno.partner_id.id,
        )
        self.assertFound(
            f"{self.bruno.partner_id.name} has 3 shares as number 509",
            "Cooperator number 502 is unused",
        )

    def test_sequences(self):
        for code, name in (("register.operation", 1008), ("cooperator.number", 508)):
            self.company._set_next_number(code, name)
        self.assertFound("register.operation goes on with 1008 instead of 1004")
        self.assertRegex(self.rollback.error, "cooperator.number goes on with 508")

    def test_right_match_is_gone(self):
        self.matches_of(self.bruno.capital_release_request).unlink()
        self.assertFound(
            f"{self.payment.name} is not matched with "
            f".*{self.bruno.capital_release_request.name}"
        )

    def test_certificate_left_too_early(self):
        held = self.rollback.mail_ids.filtered(
            lambda row: row.partner_id == self.bruno.partner_id
        )
        held.mail_id.sudo().state = "sent"
        self.assertFound(f"certificate for {self.bruno.partner_id.name}")


@tagged("post_install", "-at_install")
class TestVerificationOfDoubles(VerificationCase):
    """Numbers that are given twice; 16.0 forbids them itself, older data has them."""

    def setUp(self):
        super().setUp()
        self.allow_several_register_lines_per_operation()
        self.env.cr.execute(
            "ALTER TABLE cooperative_membership DROP CONSTRAINT IF EXISTS"
            " cooperative_membership_company_id_cooperator_register_numbe_key"
        )

    def test_double_operation(self):
        self.update(
            "subscription_register",
            {"register_number_operation": 1002},
            partner_id=self.clara.partner_id.id,
        )
        self.assertFound("1002 is in the register twice")

    def test_double_cooperator(self):
        self.update(
            "cooperative_membership",
            {"cooperator_register_number": 502},
            partner_id=self.clara.partner_id.id,
        )
        self.assertFound("Cooperator number 502 is given twice")
