"""The register of corrections of a period, as PDF and spreadsheet."""

from datetime import date, datetime, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ..report import corrections_register_report
from ..services.change_report import load_register_rows
from .builders import ALICE, BRUNO, CLARA, DAVID
from .common import RollbackCase
from .documents import Documents
from .series import flush, invalidate

PDF = "corrections_register_report"
XLSX = "corrections_register_xlsx"
HEADINGS = [
    "Rollback",
    "State",
    "Started",
    "Done",
    "Reverted",
    "Reason",
    "Wrong person",
    "Right person",
    "Amount",
    "Operation before",
    "Operation after",
    "Cooperator number before",
    "Cooperator number after",
]


@tagged("post_install", "-at_install", "slow")
class TestRegister(Documents, RollbackCase):
    """One correction done, one reverted, one cancelled; and one of another company."""

    context = {"force_report_rendering": True}

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.set_up_documents()
        cls.switch_certificates_on()
        cls.alice = cls.subscribe(ALICE, 3, cls.share_y)
        cls.bruno = cls.subscribe(BRUNO, 3, cls.share_y)
        cls.payment = cls.pay(cls.alice, by=cls.bruno.partner_id, date=cls.days_ago(9))
        cls.clara = cls.subscribe(CLARA, 2, cls.share_x)

    def setUp(self):
        super().setUp()
        self.done = self.roll_back(self.alice.capital_release_request, self.bruno)
        self.pay(self.clara)
        request = self.clara.capital_release_request
        self.reverted = self.roll_back(request)
        self.reverted.action_revert()
        self.run_jobs(self.reverted)
        self.assertEqual(self.reverted.state, "reverted")
        self.cancelled = self.draft_rollback(request)
        self.cancelled.action_plan()
        self.cancelled.action_cancel()

    def register(self, user=None, **values):
        """The wizard, filled in by somebody; today by default."""
        today = fields.Date.today()
        return (
            self.env["reconciliation.rollback.register"]
            .with_user(user or self.user)
            .create({"date_from": today, "date_to": today, **values})
        )

    def names(self, register):
        return [row.name for row in register._load_register().rows]

    def move(self, rollback, **moments):
        """Let what happened have happened at another time, behind Odoo's back."""
        flush(self.env)
        for name, moment in moments.items():
            self.env.cr.execute(
                f"UPDATE reconciliation_rollback SET {name} = %s WHERE id = %s",
                (moment, rollback.id),
            )
        invalidate(self.env)

    def rows_of(self, sheet):
        """The cells of a sheet as dictionaries by heading."""
        headings, *rows = sheet.iter_rows()
        names = [cell.value for cell in headings]
        return [dict(zip(names, row)) for row in rows]

    def test_states(self):
        done, reverted = self.done.name, self.reverted.name
        for state, names in {
            "ended": [done, reverted, self.cancelled.name],
            "done": [done],
            "reverted": [reverted],
            "open": [],
            "all": [done, reverted, self.cancelled.name],
        }.items():
            with self.subTest(state):
                register = self.register(state=state)
                self.assertEqual(self.names(register), names)
                self.assertEqual(register.rollback_count, len(names))
        self.assertEqual(self.register().state, "ended")

    def test_period(self):
        """What was started, done or reverted in it, on the clock of the user."""
        self.user.tz = "Europe/Brussels"
        # half past eleven in the evening of 31 March in Brussels
        evening = datetime(2026, 3, 31, 21, 30)
        self.move(self.done, started_at=evening, done_at=evening)
        self.move(
            self.reverted,
            started_at=evening,
            done_at=evening + timedelta(hours=1),
            reverted_at=datetime(2026, 5, 2, 10, 0),
        )
        self.move(self.cancelled, create_date=datetime(2026, 2, 1, 10, 0))
        march = {"date_from": date(2026, 3, 1), "date_to": date(2026, 3, 31)}
        april = {"date_from": date(2026, 4, 1), "date_to": date(2026, 4, 30)}
        may = {"date_from": date(2026, 5, 1), "date_to": date(2026, 5, 31)}
        february = {"date_from": date(2026, 2, 1), "date_to": date(2026, 2, 28)}
        done, reverted = self.done.name, self.reverted.name
        for period, names in (
            (february, [self.cancelled.name]),
            (march, [done, reverted]),
            (april, [reverted]),
            (may, [reverted]),
        ):
            with self.subTest(period):
                self.assertEqual(self.names(self.register(**period)), names)
        movements = [
            [
                (t.corrected, t.reverted, t.other)
                for t in register._load_register().totals
            ]
            for register in (self.register(**p) for p in (march, april, may))
        ]
        self.assertEqual(movements, [[(1, 0, 0), (0, 0, 1)], [(1, 0, 0)], [(0, 1, 0)]])

    def test_wrong_period(self):
        with self.assertRaisesRegex(ValidationError, "begins on"):
            self.register(date_from=self.days_ago(-1))

    def test_rows(self):
        row, reverted, cancelled = self.register()._load_register().rows
        self.assertEqual(
            (row.wrong_people, row.right_people), ("Alice Adam", "Bruno Bell")
        )
        self.assertEqual(row.amount, 75.0)
        self.assertEqual(
            (row.operations_before, row.operations_after), ((1002,), (1002,))
        )
        self.assertEqual((row.numbers_before, row.numbers_after), ((502,), (502,)))
        self.assertEqual((row.steps, row.steps_done), (11, 11))
        mails = {count.state: count.number for count in row.changes.mail_counts}
        self.assertEqual(mails, {"sent": 1, "cancelled": 1})
        self.assertEqual(
            (reverted.operations_before, reverted.operations_after), ((1003,), ())
        )
        self.assertTrue(reverted.reverted_at)
        self.assertEqual(cancelled.changes.operations.rows, ())
        self.assertEqual(cancelled.changes.people.rows, ())

    def test_pdf(self):
        pages = self.print_pages(PDF, self.register(user=self.manager))
        self.assertEqual(len(pages), 1)
        self.assertSays(
            pages[0],
            *("Register of corrections", "Period", "Rollbacks 3; Ended"),
            *(self.done.name, "Done", "Matched with another person's request"),
            *("Alice Adam Bruno Bell", "75.00 1002 → 1002 502 → 502 –"),
            *(self.manager.name, "none", "The bank told who paid"),
            *(
                self.reverted.name,
                "Reverted",
                "Not a payment for shares",
                "Clara Cole –",
            ),
            *("100.00 1003 → – 503 → –", self.cancelled.name, "Cancelled"),
            "Totals by reason",
            *("Matched with another person's request 1 1", "75.00 0", "0.00 0"),
            *("Not a payment for shares 2 1", "100.00 1", "100.00 1"),
            *("Total 3 2", "175.00 1", "100.00 1"),
            f"Signatures Prepared by: {self.manager.name} Approved by:",
            f"{self.done.name} to {self.reverted.name}, 2, none missing",
        )

    def test_pdf_of_nothing(self):
        """That nothing was corrected is worth a signature, too."""
        register = self.register(date_from=date(2020, 1, 1), date_to=date(2020, 12, 31))
        (page,) = self.print_pages(PDF, register)
        self.assertSays(page, "No correction in this period.", "Signatures")

    def test_pdf_beyond_its_limit(self):
        with patch.object(corrections_register_report, "ROWS", 1):
            text = " ".join(self.print_pages(PDF, self.register()))
        self.assertSays(text, "2 more: in the spreadsheet of this register")
        self.assertSays(text, "Total 3 2")

    def test_spreadsheet(self):
        workbook = self.export(XLSX, self.register())
        self.assertEqual(
            workbook.sheetnames,
            ["Rollbacks", "Matches", "Operations", "People", "Mails", "Totals"],
        )
        sheet = workbook["Rollbacks"]
        self.assertEqual([cell.value for cell in sheet[1]][: len(HEADINGS)], HEADINGS)
        self.assertEqual(sheet.freeze_panes, "B2")
        self.assertEqual(sheet.auto_filter.ref, "A1:X4")
        self.assertGreater(sheet.column_dimensions["F"].width, 30)
        row, reverted, cancelled = self.rows_of(sheet)
        self.assertEqual(row["Rollback"].value, self.done.name)
        self.assertEqual(row["State"].value, "Done")
        self.assertEqual(row["Done"].value, self.done.done_at)
        self.assertTrue(row["Done"].is_date)
        self.assertEqual(row["Amount"].value, 75)
        self.assertIn("0.00", row["Amount"].number_format)
        for name, number in (
            ("Operation before", 1002),
            ("Operation after", 1002),
            ("Cooperator number before", 502),
            ("Cooperator number after", 502),
        ):
            self.assertEqual((row[name].data_type, row[name].value), ("n", number))
        self.assertEqual(row["In error since"].value.date(), self.days_ago(9))
        self.assertEqual(row["Started by"].value, self.manager.name)
        self.assertEqual(row["What happened"].value, "The bank told who paid")
        self.assertEqual(row["Past years changed"].value, "none")
        self.assertEqual(reverted["Reverted"].value, self.reverted.reverted_at)
        self.assertIsNone(reverted["Operation after"].value)
        self.assertEqual(cancelled["State"].value, "Cancelled")
        self.assertIsNone(cancelled["Done"].value)

    def test_spreadsheet_of_each_subject(self):
        workbook = self.export(XLSX, self.register(state="done"))
        (match,) = self.rows_of(workbook["Matches"])
        self.assertEqual(match["Payment"].value, self.payment.move_id.name)
        self.assertEqual(match["Payment date"].value.date(), self.days_ago(9))
        self.assertEqual(match["Right person"].value, "Bruno Bell")
        removed, made = self.rows_of(workbook["Operations"])
        self.assertEqual(
            [(r["Operation"].value, r["What happens"].value) for r in (removed, made)],
            [(1002, "Removed"), (1002, "Made")],
        )
        self.assertEqual(removed["Date"].value.date(), self.days_ago(9))
        self.assertEqual(removed["Amount"].value, 75)
        people = {row["Person"].value: row for row in self.rows_of(workbook["People"])}
        self.assertEqual(people["Alice Adam"]["Cooperator number before"].value, 502)
        self.assertEqual(people["Alice Adam"]["Shares after"].value, 0)
        self.assertEqual(people["Bruno Bell"]["Cooperator number after"].value, 502)
        self.assertEqual(
            [
                (r["About"].value, r["State"].value)
                for r in self.rows_of(workbook["Mails"])
            ],
            [("Alice Adam", "Cancelled"), ("Bruno Bell", "Handed over")],
        )
        cells = [[cell.value for cell in row] for row in workbook["Totals"].iter_rows()]
        self.assertIn(["Cooperative", self.company.name], [row[:2] for row in cells])
        self.assertEqual(cells[-1], ["Total", 1, 1, 75, 0, 0, 0])

    def test_names_are_no_formulas(self):
        """A name that begins like a formula stays text."""
        self.alice.partner_id.name = "=1+1"
        sheet = self.export(XLSX, self.register(state="done"))["Rollbacks"]
        cell = self.rows_of(sheet)[0]["Wrong person"]
        self.assertEqual((cell.data_type, cell.value), ("s", "'=1+1"))

    def test_several_numbers_in_one_cell(self):
        """A rollback with several operations has its numbers as text."""
        david = self.subscribe(DAVID, 1, self.share_x)
        self.pay(david)
        requests = (self.clara | david).capital_release_request
        rollback = self.roll_back(requests)
        sheet = self.export(XLSX, self.register(state="done"))["Rollbacks"]
        row = self.rows_of(sheet)[-1]
        self.assertEqual(row["Rollback"].value, rollback.name)
        self.assertEqual(row["Operation before"].value, "1003–1004")

    def test_companies(self):
        """Each company has its own register, for those who may see it."""
        second = self.make_company("Second cooperative")
        both = self.make_user(
            "both",
            "cooperator.cooperator_group_manager",
            companies=self.company | second,
        )
        dora = self.subscribe(DAVID, 2, self.share_y, company=second)
        self.pay(dora)
        other = self.roll_back(dora.capital_release_request, user=both)
        people = [row.wrong_people for row in self.register()._load_register().rows]
        self.assertNotIn(other.wrong_people, people)
        register = self.register(user=both, company_id=second.id)
        self.assertEqual(self.names(register), [other.name])
        (page,) = self.print_pages(PDF, register)
        self.assertSays(page, "Second cooperative", other.name)
        # the user of the first company alone sees nothing of the second one
        stolen = self.register()
        stolen.sudo().company_id = second
        self.assertEqual(self.names(stolen), [])

    def test_rights(self):
        employee = self.make_user("employee", "base.group_user")
        with self.assertRaises(AccessError):
            self.register(user=employee)

    def test_buttons(self):
        register = self.register()
        for action, kind in (
            (register.action_print_pdf(), "qweb-pdf"),
            (register.action_export_xlsx(), "xlsx"),
        ):
            self.assertEqual(action["type"], "ir.actions.report")
            self.assertEqual(action["report_type"], kind)
            self.assertEqual(action["context"]["active_ids"], register.ids)

    def test_queries_do_not_grow(self):
        """Three rollbacks take no more queries than one."""
        rollbacks = self.done | self.reverted
        other = self.roll_back(self.clara.capital_release_request)
        counts = []
        for loaded in (rollbacks[:1], rollbacks | other):
            invalidate(self.env)
            before = self.env.cr.sql_log_count
            load_register_rows(loaded)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)
