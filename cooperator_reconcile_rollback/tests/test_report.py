"""The PDF of one rollback, drawn by the real wkhtmltopdf."""

from unittest.mock import patch

import pytz

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..report import reconciliation_rollback_report
from .builders import ALICE, BRUNO, CLARA, DAVID
from .common import STEPS, RollbackCase
from .documents import Documents

REPORT = "reconciliation_rollback_report"
STEPS_TEMPLATE = "cooperator_reconcile_rollback.report_rollback_steps"
SPACER = '<h3 position="before"><div style="height: %dpx" /></h3>'
# pixels: the page ends within the list, each time at another third of a row
HEIGHTS = (20, 60, 100, 140, 180)
TIME_ZONE = "Asia/Tokyo"
LABELS = (
    "Hold mail",
    "Record the numbers",
    "Remove the wrong match",
    "Remove the shares",
    "Remove the register lines",
    "Set back the operation sequence",
    "Set back cooperator numbers and membership",
    "Make the right match",
    "Verify",
    "Clear the queued mail",
    "Release mail",
)
NOTE = "Both had sent 75 euros on the same day."


class PrintCase(Documents, RollbackCase):
    """Bruno's payment on Alice's request, and somebody who reads the evidence."""

    context = {"force_report_rendering": True}

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.set_up_documents()
        cls.company.write(
            {
                "street": "Mill Street 12",
                "zip": "1050",
                "city": "Brussels",
                "vat": "BE0477472701",
            }
        )
        cls.switch_certificates_on()
        cls.alice = cls.subscribe(ALICE, 3, cls.share_y)
        cls.bruno = cls.subscribe(BRUNO, 3, cls.share_y)
        cls.payment = cls.pay(cls.alice, by=cls.bruno.partner_id, date=cls.days_ago(9))
        cls.request = cls.alice.capital_release_request
        (cls.user | cls.manager).tz = TIME_ZONE

    def print_rollback(self, rollback):
        """The pages as one text, and how many there are."""
        pages = self.print_pages(REPORT, rollback)
        return " ".join(pages), len(pages)

    @staticmethod
    def when(moment):
        """A moment as an American in Tokyo writes it."""
        there = pytz.utc.localize(moment).astimezone(pytz.timezone(TIME_ZONE))
        return there.strftime("%m/%d/%Y %H:%M:%S")

    @staticmethod
    def get_beginning(step, label):
        """A step as its row begins: where the times are wide, a long label goes on below."""
        return " ".join([str(step.place), *label.split()[:3]])

    def assertSteps(self, text, rollback):
        """The steps are there in the manual's order, each with its times and its job."""
        for step, label in zip(rollback.step_ids, LABELS):
            self.assertSays(
                text,
                "Steps and jobs",
                self.get_beginning(step, label),
                "Done",
                self.when(step.started_at),
                self.when(step.done_at),
                f"{step.job_uuid[:8]}, Done",
            )


@tagged("post_install", "-at_install")
class TestDone(PrintCase):
    """What an auditor files of a plain case."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        case = cls()
        rollback = case.draft_rollback(cls.request, cls.bruno, user=cls.user, note=NOTE)
        rollback.action_plan()
        cls.rollback = rollback.with_user(cls.manager)
        cls.rollback.action_start()
        case.run_jobs(cls.rollback)
        cls.text, cls.pages = case.print_rollback(cls.rollback)

    def test_everything(self):
        rollback, text = self.rollback, self.text
        self.assertDone(rollback)
        self.assertLessEqual(self.pages, 2)
        self.assertSays(
            text,
            *(self.company.name, "Mill Street 12", "BE0477472701"),
            f"Reconciliation rollback {rollback.name}",
            "Done: every step was carried out and the result verified.",
        )
        self.assertSays(text, "Reason Matched with another person's request")
        self.assertSays(text, "Responsible", self.user.name)
        self.assertSays(text, "Planned", self.when(rollback.planned_at), self.user.name)
        self.assertSays(
            text,
            *("Started", self.when(rollback.started_at), self.manager.name),
            *("Done", self.when(rollback.done_at)),
        )
        self.assertSays(text, "Note", NOTE)
        self.assertNotIn("Revert", text)
        self.assertNotIn("Annex", text)
        self.assertSays(
            text,
            "Matches",
            *(self.payment.move_id.name, BRUNO.firstname, "75.00"),
            f"{self.request.name}, Alice Adam (operation 1002)",
            f"{self.bruno.capital_release_request.name}, Bruno Bell",
        )
        self.assertSays(
            text,
            "People before and after",
            *("Alice Adam member 502; 3 × Worker share", "no member; no shares"),
            *("Bruno Bell no member; no shares", "member 502; 3 × Worker share"),
        )
        self.assertSays(
            text,
            "Register of operations",
            *("1002 Subscription Alice Adam 3 × Worker share", "is removed"),
            *("1002 Subscription Bruno Bell 3 × Worker share", "is made"),
        )
        self.assertSays(
            text,
            "Numbers Number Before After",
            "Operation numbers 1002 1002",
            "Next operation number 1003 1003",
            "Cooperator numbers 502 (Alice Adam) 502 (Bruno Bell)",
            "Next cooperator number 503 503",
            "Operation numbers that this leaves unused – –",
        )
        self.assertSteps(text, rollback)
        self.assertSays(
            text,
            "Mail Handed over: 1, Cancelled: 1",
            *("Alice Adam", ALICE.email, "First certificate", "Waited before"),
            "Cancel Cancelled",
            *("Bruno Bell", BRUNO.email, "First certificate", "Made by the rollback"),
            "Send Handed over",
        )
        verify = self.env["reconciliation.rollback.step.verify"]
        for label in verify._get_check_labels().values():
            self.assertSays(text, "Verification", f"{label} Verified")
        self.assertSays(
            text,
            "Signatures",
            f"Prepared by: {self.user.name} Approved by:",
            *("Date: Date:", "Signature: Signature:"),
            f"Printed by {self.manager.name}",
            "time zone",
        )

    def test_hash(self):
        """The whole hash of the evidence, and the beginning of each step's."""
        rollback, text = self.rollback, self.text
        self.assertSays(text, "Steps and jobs", "Job Hash")
        for step in rollback.step_ids:
            self.assertSays(text, f"{step.job_uuid[:8]}, Done {step.hash[:12]}")
            self.assertNotIn(step.hash[:13], text)
        self.assertSays(text, "Hash of the evidence", rollback.evidence_hash)

    def test_rows_stay_whole(self):
        """Wherever a page ends in the list of steps, a job and its hash stay together."""
        rollback = self.rollback
        spacer = self.env["ir.ui.view"].create(
            {
                "name": "Space before the steps",
                "type": "qweb",
                "mode": "extension",
                "inherit_id": self.env.ref(STEPS_TEMPLATE).id,
                "arch": SPACER % 0,
            }
        )
        ends = set()
        for height in HEIGHTS:
            spacer.arch = SPACER % height
            pages = self.print_pages(REPORT, rollback)
            jobs = [f"{step.job_uuid[:8]}, Done" for step in rollback.step_ids]
            hashes = [step.hash[:12] for step in rollback.step_ids]
            for page in pages:
                ends.add(sum(job in page for job in jobs))
                self.assertEqual(
                    [job in page for job in jobs], [text in page for text in hashes]
                )
        self.assertTrue(ends - {0, len(STEPS)}, ends)

    def test_in_the_language_of_the_user(self):
        """Dates and amounts are written as the reader's language writes them."""
        self.env["res.lang"]._activate_lang("fr_FR")
        rollback = self.rollback
        text, _pages = self.print_rollback(rollback.with_context(lang="fr_FR"))
        self.assertSays(text, self.days_ago(9).strftime("%d/%m/%Y"))
        month, day, year = self.when(rollback.done_at)[:10].split("/")
        self.assertSays(text, f"{day}/{month}/{year}")
        self.assertIn("75,00", text)
        self.assertNotIn("75.00", text)

    def test_in_the_language_of_the_responsible(self):
        """Where nobody's language is known, as in a job."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.assertEqual(self.rollback.user_id, self.user)
        self.user.lang = "fr_FR"
        text, _pages = self.print_rollback(self.rollback.with_context(lang=None))
        self.assertIn("75,00", text)

    def test_several(self):
        """Printed together, each is a document of its own."""
        first = self.rollback
        dora = self.subscribe(DAVID, 3, self.share_y)
        second = self.roll_back(self.bruno.capital_release_request, dora)
        text, pages = self.print_rollback(first | second)
        self.assertLessEqual(pages, 4)
        self.assertSays(text, f"rollback {first.name}", f"rollback {second.name}")


@tagged("post_install", "-at_install", "slow")
class TestOtherCases(PrintCase):
    """What only some rollbacks have."""

    def test_not_for_shares(self):
        rollback = self.roll_back(self.request)
        text, pages = self.print_rollback(rollback)
        self.assertLessEqual(pages, 2)
        self.assertSays(text, "Reason Not a payment for shares")
        self.assertSays(text, "None: not a payment for shares")
        self.assertSays(text, "Operation numbers 1002 –")

    def test_payments_meanwhile(self):
        clara = self.subscribe(CLARA, 2, self.share_x)
        rollback = self.start_rollback(self.request, self.bruno)
        self.pay(clara)
        self.run_jobs(rollback)
        text, _pages = self.print_rollback(rollback)
        self.assertSays(
            text,
            "Payments meanwhile",
            *(clara.capital_release_request.name, "Clara Cole", self.env.user.name),
            "Waiting",
        )

    def test_reason_to_override(self):
        rollback = self.roll_back(
            self.request, self.bruno, override_reason="Shares were typed in twice."
        )
        text, _pages = self.print_rollback(rollback)
        self.assertSays(text, "Reason to override Shares were typed in twice.")


@tagged("post_install", "-at_install", "slow")
class TestOtherStates(PrintCase):
    """The page says what has become of the rollback, and what has not."""

    def test_reverted(self):
        rollback = self.roll_back(self.request, self.bruno)
        rollback.action_revert()
        self.run_jobs(rollback)
        self.assertEqual(rollback.state, "reverted")
        text, pages = self.print_rollback(rollback)
        self.assertLessEqual(pages, 2)
        self.assertSays(text, "Undone: what the steps had changed was put back")
        self.assertSays(
            text,
            "Revert started",
            self.when(rollback.revert_started_at),
            self.manager.name,
            *("Reverted", self.when(rollback.reverted_at)),
        )
        self.assertSays(text, "Person Before As planned")
        for step, label in zip(rollback.step_ids, LABELS):
            self.assertSays(
                text,
                "Started Done Undone Job",
                self.get_beginning(step, label),
                "Reverted",
                self.when(step.done_at),
                self.when(step.reverted_at),
                step.job_uuid[:8],
                step.revert_job_uuid[:8],
            )

    def test_failed(self):
        rollback = self.start_rollback(self.request, self.bruno)
        verify = type(self.env["reconciliation.rollback.step.verify"])
        with patch.object(verify, "_check_numbers", lambda *_: ["502 is there twice."]):
            self.run_jobs(rollback)
        self.assertEqual(rollback.state, "failed")
        text, pages = self.print_rollback(rollback)
        self.assertLessEqual(pages, 2)
        self.assertSays(
            text,
            "A step could not be done: mail is still held and the register locked.",
            "502 is there twice.",
            "State Failed",
            *("8 Make the right match Done", "9 Verify Failed"),
            *("10 Clear the queued mail Pending", "11 Release mail Pending"),
        )
        self.assertSays(text, "Mail Held: 2")
        self.assertNotIn("Verification", text)

    def test_planned_and_cancelled(self):
        rollback = self.draft_rollback(self.request, self.bruno)
        text, _pages = self.print_rollback(rollback)
        self.assertSays(text, "Draft: nothing has been planned or changed.")
        rollback.action_plan()
        text, _pages = self.print_rollback(rollback)
        self.assertSays(text, "Planned and not started: nothing has been changed.")
        self.assertSays(text, "Started –")
        rollback.action_cancel()
        text, _pages = self.print_rollback(rollback)
        self.assertSays(text, "Cancelled before the start: nothing has been changed.")


@tagged("post_install", "-at_install", "slow")
class TestCascade(PrintCase):
    """Many operations came later: the pages stay few, and say what they leave out."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.env["ir.config_parameter"].set_param(
            "cooperator_reconcile_rollback.batch_size", 3
        )
        cls.clara = cls.join(CLARA, 3, cls.share_y)
        for _number in range(11):
            cls.join(DAVID, 1, cls.share_x)
        cls.sell_back(cls.alice.partner_id, cls.share_y, 1)

    def test_taken_back_and_applied_again(self):
        """Beyond its limit the annex says how many more there are, and where."""
        rollback = self.roll_back(self.request, self.bruno, cascade="all")
        self.assertEqual(len(rollback.step_ids), len(STEPS) + 8)
        text, _pages = self.print_rollback(rollback)
        self.assertSays(text, "Warnings Operation 1015")
        self.assertSays(
            text,
            "Register of operations",
            "applied again in their order, as in the annex: 12.",
        )
        self.assertSays(
            text,
            # "Done" is on a line of its own where the times are wide
            *("2.1–2.4 Take later operations back 4 ×", "4 jobs"),
            *("8.1–8.4 Apply later operations again 4 ×", "4 jobs"),
            "9 Verify Done",
        )
        self.assertSays(
            text,
            f"Annex to {rollback.name}",
            *("1002 Subscription Alice Adam", "is removed"),
            *("1015 Sell Back Alice Adam", "is removed: it cannot stand"),
            *("1003 Subscription Clara Cole", "is taken back and applied again"),
            *("1014 Subscription David Dunn", "is taken back and applied again"),
        )
        self.assertNotIn("more operations", text)
        with patch.object(reconciliation_rollback_report, "ANNEX_ROWS", 10):
            text, _pages = self.print_rollback(rollback)
        self.assertSays(
            text, "Annex", f"5 more operations: in Odoo, {rollback.name}, tab Steps"
        )

    def test_numbers_that_move(self):
        rollback = self.roll_back(
            self.request, cascade="dependents", numbering="close_gap"
        )
        text, pages = self.print_rollback(rollback)
        self.assertLessEqual(pages, 2)
        self.assertSays(text, "Operation numbers that move 1003–1014 1002–1013")
        self.assertSays(text, "Cooperator numbers that move 503–504 502–503")
        self.assertSays(text, "8.1 Close the gaps Done")


@tagged("post_install", "-at_install")
class TestAccess(PrintCase):
    """Who may read a rollback prints it, others do not."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.rollback = cls().roll_back(cls.request, cls.bruno)

    def test_button(self):
        """The form's button and the Print menu lead to the same document."""
        rollback = self.rollback
        action = rollback.action_print()
        self.assertEqual(action["type"], "ir.actions.report")
        self.assertEqual(
            action["report_name"], "cooperator_reconcile_rollback.report_rollback"
        )
        self.assertEqual(action["context"]["active_ids"], rollback.ids)
        report = self.env.ref(f"cooperator_reconcile_rollback.{REPORT}")
        self.assertEqual(report.binding_model_id.model, "reconciliation.rollback")
        self.assertEqual(report.binding_type, "report")

    def test_cooperator_user_prints(self):
        text, _pages = self.print_rollback(self.rollback.with_user(self.user))
        self.assertSays(text, f"Printed by {self.user.name}")

    def test_others_do_not(self):
        rollback = self.rollback
        second = self.make_company("Second cooperative")
        group = "cooperator.cooperator_group_manager"
        strangers = [
            self.make_user("employee", "base.group_user"),
            self.make_user("stranger", group, companies=second),
        ]
        for user in strangers:
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.print_rollback(rollback.with_user(user))
