"""The register check finds each kind of error, and nothing where nothing is wrong."""

from odoo.tests import tagged

from ..ledger.finding import (
    CHANGED_BY_HAND,
    COOPERATOR_GAP,
    COOPERATOR_SEQUENCE_OFF,
    DONE_WITHOUT_OPERATION,
    DOUBLE_COOPERATOR_NUMBER,
    DOUBLE_OPERATION_NUMBER,
    MAIL_LEFT_HELD,
    MEMBER_WITHOUT_NUMBER,
    NO_REQUEST_FITS,
    OPERATION_GAP,
    OPERATION_NOT_DONE,
    OPERATION_NOT_PAID,
    OPERATION_SEQUENCE_OFF,
    OPERATION_WITHOUT_GROUND,
    OTHER_PAYER,
    OTHER_REQUEST_NAMED,
    PAID_WITHOUT_OPERATION,
    REGISTERED_TWICE,
    SEVERAL_REQUESTS_FIT,
    SHARES_UNLIKE_REGISTER,
)
from ..tools import flags
from .builders import BRUNO, CLARA, DAVID, Person
from .register_check_case import RegisterCheckCase
from .series import flush, invalidate
from .snapshots import NextNumbers


@tagged("post_install", "-at_install")
class TestCleanRegister(RegisterCheckCase):
    """Nothing is wrong, and nothing is found."""

    def test_every_kind_of_operation(self):
        self.assertFinds()

    def test_empty_register(self):
        second = self.make_company("Second cooperative")
        self.user.company_ids |= second
        self.assertFalse(self.find(second))

    def test_after_a_rollback(self):
        """The payment names the wrong request still: a person has decided."""
        clara = self.subscribe(CLARA, 2, self.share_y)
        david = self.subscribe(DAVID, 2, self.share_y)
        payment = self.book_payment(david.partner_id, 50)
        payment.move_id.ref = clara.capital_release_request.name
        self.match(payment, clara)
        self.roll_back(clara.capital_release_request, david)
        self.assertFinds()

    def test_gap_that_a_rollback_has_left(self):
        clara = self.join(CLARA, 2, self.share_y)
        self.join(DAVID, 2, self.share_y)
        self.roll_back(clara.capital_release_request, numbering="keep_gap")
        self.assertNoOperation(1007)
        self.assertFinds()

    def test_paid_while_a_rollback_was_running(self):
        """What waits for the rollback's end is no error."""
        clara = self.join(CLARA, 2, self.share_y)
        david = self.subscribe(DAVID, 2, self.share_y)
        rollback = self.start_rollback(clara.capital_release_request)
        self.pay(david)
        self.run_jobs(rollback)
        self.assertFinds()
        self.run_other_jobs()
        self.assertFinds()

    def test_payment_over_two_requests(self):
        """A payment that names one of the two requests that it pays."""
        clara = self.subscribe(CLARA, 2, self.share_y)
        again = self.subscribe(CLARA, 2, self.share_x, partner=clara.partner_id)
        payment = self.book_payment(clara.partner_id, 150)
        payment.move_id.ref = again.capital_release_request.name
        self.match(payment, clara, again)
        self.assertFinds()

    def test_two_share_types(self):
        self.allow_several_register_lines_per_operation()
        clara = self.subscribe_two_types(CLARA, (1, self.share_x), (2, self.share_y))
        self.pay(clara)
        self.assertFinds()

    def test_bought_again(self):
        """Who has left and comes back keeps the number."""
        bruno = self.bruno.partner_id
        self.sell_back(bruno, self.share_y, 3)
        self.assertFinds()
        self.pay(self.subscribe(BRUNO, 1, self.share_x, partner=bruno))
        self.assertFinds()


@tagged("post_install", "-at_install")
class TestPlantedErrors(RegisterCheckCase):
    """One error at a time: the check finds just that one."""

    def test_double_operation_number(self):
        self.allow_double_numbers()
        self.renumber(1006, 1005, following=1006)
        finding = self.assertFinds(DOUBLE_OPERATION_NUMBER)
        self.assertRegex(finding.description, "1005 .* Alice Adam, Bruno Bell")
        self.assertEqual(finding.severity, "error")
        action = finding.action_open()
        self.assertEqual(action["res_model"], "subscription.register")
        self.assertEqual(
            self.env["subscription.register"].search(action["domain"]),
            self.line_of(1005),
        )

    def test_operation_gap(self):
        self.renumber(1006, 1009, following=1010)
        finding = self.assertFinds(OPERATION_GAP)
        self.assertIn("1006 to 1008", finding.description)
        action = finding.action_open()
        self.assertEqual(
            self.env["subscription.register"].search(action["domain"]),
            self.line_of(1005) | self.line_of(1009),
        )

    def test_gap_beside_one_that_is_known(self):
        clara = self.join(CLARA, 2, self.share_y)
        self.join(DAVID, 2, self.share_y)
        self.roll_back(clara.capital_release_request, numbering="keep_gap")
        self.execute(
            "UPDATE subscription_register SET register_number_operation = 1009"
            " WHERE id = %s",
            self.line_of(1008).id,
        )
        self.set_next_numbers(self.company, NextNumbers(1010, 506))
        finding, changed = self.assertFinds(OPERATION_GAP, CHANGED_BY_HAND)
        self.assertIn("Operation number 1008 is unused", finding.description)
        self.assertIn("Operation 1009 of David Dunn was changed", changed.description)

    def test_double_cooperator_number(self):
        self.allow_double_numbers()
        self.renumber_bruno(502, following=503)
        finding = self.assertFinds(DOUBLE_COOPERATOR_NUMBER)
        self.assertRegex(finding.description, "502 .* Alice Adam, Bruno Bell")
        self.assertEqual(finding.action_open()["res_model"], "res.partner")

    def test_member_without_number(self):
        self.renumber_bruno(None, following=503)
        finding = self.assertFinds(MEMBER_WITHOUT_NUMBER)
        self.assertIn("Bruno Bell", finding.description)
        self.assertEqual(finding.action_open()["res_id"], self.bruno.partner_id.id)

    def test_cooperator_gap(self):
        self.renumber_bruno(504, following=505)
        finding = self.assertFinds(COOPERATOR_GAP)
        self.assertIn("Cooperator number 503 is unused", finding.description)
        self.assertEqual(finding.severity, "note")
        neighbours = self.env["res.partner"].search(finding.action_open()["domain"])
        self.assertEqual(neighbours, (self.alice | self.bruno).partner_id)

    def test_shares_unlike_the_register(self):
        self.execute(
            "UPDATE share_line SET share_number = 9 WHERE partner_id = %s",
            self.flora.partner_id.id,
        )
        finding = self.assertFinds(SHARES_UNLIKE_REGISTER)
        self.assertRegex(
            finding.description,
            "Flora Founder has 5 shares more than the register: 9 instead of 4",
        )
        self.assertEqual(finding.severity, "warning")
        self.assertEqual(finding.partner_id, self.flora.partner_id)

    def test_shares_missing(self):
        self.execute(
            "UPDATE share_line SET share_number = 3 WHERE partner_id = %s",
            self.flora.partner_id.id,
        )
        finding = self.assertFinds(SHARES_UNLIKE_REGISTER)
        self.assertRegex(
            finding.description,
            "Flora Founder is not what the register gives: .*3 × .*, .*4 × .* by the reg",
        )
        self.assertEqual(finding.severity, "error")

    def test_number_without_operation(self):
        """Somebody is a member and nothing in the register says why."""
        clara = self.subscribe(CLARA, 2, self.share_y)
        self.membership_of(clara.partner_id).write(
            {"member": True, "cooperator_register_number": 504}
        )
        self.set_next_numbers(self.company, NextNumbers(1007, 505))
        finding = self.assertFinds(SHARES_UNLIKE_REGISTER)
        self.assertIn(
            'Clara Cole is not what the register gives: "member 504; no shares"',
            finding.description,
        )

    def test_operation_without_ground(self):
        """A sale of more shares than there are."""
        line = self.line_of(1004).copy(
            {"register_number_operation": 1007, "name": "1007", "quantity": 100}
        )
        line.operation_request_id = self.sale.copy({"state": "done"})
        self.set_next_numbers(self.company, NextNumbers(1008, 504))
        finding = self.assertFinds(OPERATION_WITHOUT_GROUND)
        self.assertIn("Operation 1007 (Sell Back) of Alice Adam", finding.description)
        self.assertEqual(finding.action_open()["res_id"], line.id)

    def test_registered_twice(self):
        """What cooperator makes of a match that was removed and made again."""
        clara = self.subscribe(CLARA, 2, self.share_y)
        payment = self.pay(clara)
        self.matches_of(clara.capital_release_request).unlink()
        self.match(payment, clara)
        finding = self.assertFinds(REGISTERED_TWICE)
        self.assertIn("1007, 1008", finding.description)
        self.assertEqual(finding.request_id, clara.capital_release_request)

    def test_paid_without_operation(self):
        clara = self.subscribe(CLARA, 2, self.share_y)
        payment = self.book_payment(clara.partner_id, 50)
        items = self.item_of(payment.move_id) + self.item_of(
            clara.capital_release_request
        )
        items.with_context(**flags.RESTORE.set()).reconcile()
        self.assertPaid(clara)
        finding = self.assertFinds(PAID_WITHOUT_OPERATION)
        self.assertIn("of Clara Cole is paid", finding.description)
        action = finding.action_open()
        self.assertEqual(action["res_model"], "account.move")
        self.assertEqual(action["res_id"], clara.capital_release_request.id)

    def test_operation_not_paid(self):
        """Removing a match undoes nothing of what cooperator has made."""
        self.matches_of(self.bruno.capital_release_request).unlink()
        finding = self.assertFinds(OPERATION_NOT_PAID)
        self.assertIn("Operation 1003 of Bruno Bell", finding.description)
        self.assertEqual(
            finding.action_open()["res_id"], self.bruno.capital_release_request.id
        )

    def test_executed_request_without_an_operation(self):
        request = self.sale.copy({"state": "done", "quantity": 2})
        finding = self.assertFinds(DONE_WITHOUT_OPERATION)
        self.assertIn("Alice Adam (Sell Back", finding.description)
        self.assertEqual(finding.action_open()["res_id"], request.id)

    def test_operation_whose_request_is_cancelled(self):
        self.sale.cancel_operation()
        finding = self.assertFinds(OPERATION_NOT_DONE)
        self.assertRegex(finding.description, "Operation 1004 .* Cancelled")

    def test_payment_of_somebody_else(self):
        clara = self.subscribe(CLARA, 2, self.share_y)
        self.pay(clara, by=self.bruno.partner_id)
        finding = self.assertFinds(OTHER_PAYER)
        self.assertRegex(
            finding.description,
            "%s of Clara Cole is paid with .* of Bruno Bell"
            % clara.capital_release_request.name,
        )
        self.assertEqual(finding.severity, "warning")

    def test_payment_of_somebody_else_who_names_another_request(self):
        """One wrong match is one finding."""
        clara = self.subscribe(CLARA, 2, self.share_y)
        david = self.subscribe(DAVID, 2, self.share_y)
        payment = self.book_payment(david.partner_id, 50)
        payment.move_id.ref = "shares %s" % david.capital_release_request.name
        self.match(payment, clara)
        finding = self.assertFinds(OTHER_PAYER)
        self.assertRegex(
            finding.description,
            r"names %s \(David Dunn\)" % david.capital_release_request.name,
        )

    def test_payment_that_names_another_request(self):
        clara = self.subscribe(CLARA, 2, self.share_y)
        again = self.subscribe(CLARA, 2, self.share_y, partner=clara.partner_id)
        payment = self.book_payment(clara.partner_id, 50)
        payment.move_id.ref = again.capital_release_request.name.lower()
        self.match(payment, clara)
        finding = self.assertFinds(OTHER_REQUEST_NAMED)
        self.assertIn(again.capital_release_request.name, finding.description)

    def test_statement_line_that_names_another_request(self):
        clara = self.subscribe(CLARA, 2, self.share_y)
        again = self.subscribe(CLARA, 2, self.share_y, partner=clara.partner_id)
        line = self.pay_from_statement(clara)
        self.execute(
            "UPDATE account_bank_statement_line SET payment_ref = %s WHERE id = %s",
            "For %s" % again.capital_release_request.name,
            line.id,
        )
        self.assertFinds(OTHER_REQUEST_NAMED)

    def test_sequence_behind(self):
        self.set_next_numbers(self.company, NextNumbers(1004, 504))
        finding = self.assertFinds(OPERATION_SEQUENCE_OFF)
        self.assertIn("number 1004 instead of 1007", finding.description)
        self.assertEqual(finding.severity, "error")
        self.assertEqual(finding.action_open()["res_model"], "ir.sequence")

    def test_sequence_ahead(self):
        self.set_next_numbers(self.company, NextNumbers(1007, 509))
        finding = self.assertFinds(COOPERATOR_SEQUENCE_OFF)
        self.assertIn("number 509 instead of 504", finding.description)
        self.assertEqual(finding.severity, "warning")

    def test_mail_that_an_ended_rollback_holds(self):
        clara = self.join(CLARA, 2, self.share_y)
        rollback = self.roll_back(clara.capital_release_request)
        self.execute(
            "UPDATE reconciliation_rollback SET mail_held = TRUE WHERE id = %s",
            rollback.id,
        )
        finding = self.assertFinds(MAIL_LEFT_HELD)
        self.assertIn(rollback.name, finding.description)
        self.assertEqual(finding.action_open()["res_id"], rollback.id)

    def test_held_mail_of_an_ended_rollback(self):
        clara = self.join(CLARA, 2, self.share_y)
        rollback = self.roll_back(clara.capital_release_request)
        mail = self.env["mail.mail"].create({"subject": "Certificate"})
        mail.write(
            {"state": "rollback_held", "reconciliation_rollback_id": rollback.id}
        )
        self.assertFinds(MAIL_LEFT_HELD)

    def test_several_requests_fit(self):
        clara = self.subscribe(CLARA, 2, self.share_y)
        again = self.subscribe(CLARA, 2, self.share_y, partner=clara.partner_id)
        self.pay(clara)
        self.pay(again)
        self.execute(
            "UPDATE subscription_register SET capital_release_request_id = NULL"
            " WHERE partner_id = %s",
            clara.partner_id.id,
        )
        findings = self.assertFinds(SEVERAL_REQUESTS_FIT, SEVERAL_REQUESTS_FIT)
        self.assertEqual(set(findings.mapped("severity")), {"note"})
        self.assertRegex(findings[0].description, "Operation 1007 .* several requests")

    def test_no_request_fits(self):
        self.execute(
            "UPDATE subscription_register SET operation_request_id = NULL"
            " WHERE id = %s",
            self.line_of(1004).id,
        )
        # it would be found
        self.assertFinds()
        self.sale.unlink()
        finding = self.assertFinds(NO_REQUEST_FITS)
        self.assertRegex(finding.description, "Operation 1004 .* no request fits it")

    def test_several_errors(self):
        """The worst is what one sees first."""
        self.set_next_numbers(self.company, NextNumbers(1007, 509))
        self.sale.cancel_operation()
        self.assertEqual(
            self.find().mapped("kind"), [OPERATION_NOT_DONE, COOPERATOR_SEQUENCE_OFF]
        )


@tagged("post_install", "-at_install")
class TestNumberOfQueries(RegisterCheckCase):
    """The check of a large register takes as many queries as that of a small one."""

    def grow(self, names):
        for name in names:
            self.join(Person(name, "Member"), 2, self.share_y)

    def count(self, action):
        """How many queries an action takes on what the ORM has forgotten."""
        invalidate(self.env)
        before = self.env.cr.sql_log_count
        action()
        flush(self.env)
        return self.env.cr.sql_log_count - before

    def test_check_and_links(self):
        check = self.check_of().sudo()
        check._check()
        actions = (check._check, self.company._link_register)
        self.grow(f"m{number}" for number in range(4))
        few = [self.count(action) for action in actions]
        self.grow(f"n{number}" for number in range(4))
        many = [self.count(action) for action in actions]
        self.assertEqual(many, few)
