"""The register remembers: each line that was ever in it stays legible."""

from io import BytesIO
from zipfile import ZipFile

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..ledger.finding import CHANGED_BY_HAND, ENTRIES_CHANGED, EVIDENCE_CHANGED
from ..services.register_memory import RegisterMemory
from .builders import CLARA
from .common import MistakeCase
from .register_fix_case import RegisterFixCase
from .remembered import ENTRY, Remembered
from .series import invalidate, render_html, render_pdf, render_xlsx
from .test_begun_by_hand import ByHand
from .test_later_operations import LaterOperationsCase
from .undone import undone

SEAL = "cooperator.register.seal"
DOCUMENT = "cooperator.register.document"
PDF = "cooperator_reconcile_rollback.register_entries_report"
XLSX = "cooperator_reconcile_rollback.register_entries_xlsx"


@tagged("post_install", "-at_install")
class TestEntries(ByHand, Remembered, MistakeCase):
    """Alice is operation 1002 by mistake, and Bruno takes her place."""

    def entry_of(self, number, event="entered"):
        """The entries of an operation, the first one first."""
        return self.entries_of().filtered(
            lambda entry: entry.operation_number == number and entry.event == event
        )

    def test_what_an_entry_says(self):
        partner = self.alice.partner_id
        partner.write({"street": "Rue Haute 1", "zip": "1000", "city": "Brussels"})
        founder, alice = self.assertRemembered()
        self.assertEqual((founder.operation_number, founder.member_count), (1001, 1))
        self.assertEqual(
            (alice.number, alice.operation_number, alice.name, alice.member_number),
            (founder.number + 1, 1002, partner.name, 502),
        )
        self.assertIn("Rue Haute 1, 1000 Brussels", alice.address)
        self.assertEqual((alice.quantity, alice.amount), (3, 75))
        self.assertEqual((alice.balance, alice.class_total), (3, 7))
        self.assertEqual(alice.member_count, 2)
        self.assertEqual(alice.payment, self.payment.move_id.name)
        self.assertEqual(alice.paid_on, self.payment.date)
        self.assertEqual(alice.ground, self.request.name)

    def test_rollback_and_revert(self):
        rollback = self.roll_back(self.request, self.bruno)
        self.assertRemembered()
        alice, bruno = self.entry_of(1002)
        self.assertTrue(alice.is_struck)
        self.assertFalse(bruno.is_struck)
        self.assertEqual(bruno.replaces_id, alice)
        self.assertEqual(alice.replaced_by_id, bruno)
        self.assertRegex(alice.remarks, f"Struck on .*, {rollback.name}\\. Replaced by")
        self.assertIn(f"Entered by {rollback.name} instead of entry", bruno.remarks)
        struck = self.entry_of(1002, "struck")
        self.assertEqual((struck.entry_id, struck.rollback_id), (alice, rollback))
        self.assertEqual(struck.entered_by, self.manager.name)
        self.assertEqual((struck.balance, bruno.balance), (0, 3))
        self.revert(rollback)
        entries = self.assertRemembered()
        self.assertEqual(
            entries.mapped("event"),
            ["entered", "entered", "struck", "entered", "struck", "reinstated"],
        )
        self.assertFalse(alice.is_struck)
        self.assertTrue(bruno.is_struck)
        self.assertRegex(alice.remarks, f"Reinstated on .*, revert of {rollback.name}")
        self.assertNothingByHand()

    def test_names_are_those_of_then(self):
        """Whoever is renamed later, or merged, is in the register as before."""
        name = self.alice.partner_id.name
        self.roll_back(self.request, self.bruno)
        self.alice.partner_id.write({"name": "Somebody Else"})
        alice, _bruno = self.entry_of(1002)
        self.assertEqual(alice.name, name)
        self.assertRemembered()

    def test_nothing_in_between(self):
        """Steps, a dry run and an attempt that was refused leave no entry."""
        entries = self.entries_of()
        rollback = self.draft_rollback(self.request, self.bruno)
        rollback.action_plan()
        rollback.action_dry_run()
        self.assertEqual(self.entries_of(), entries)
        rollback.action_start()
        self.run_jobs(rollback, until="verify")
        self.assertEqual(self.env[ENTRY].search_count([]), len(entries))

    def test_deleted_by_hand(self):
        """It stays legible, and who looks is told until a rollback has finished it."""
        self.act(3)
        self.act(4)
        self.act(5)
        self.assertRemembered()
        alice = self.entry_of(1002)
        self.assertTrue(alice.is_struck)
        self.assertIn("by hand", alice.remarks)
        kinds = [finding.kind for finding in self.company._check_register()]
        self.assertIn(CHANGED_BY_HAND, kinds)
        self.roll_back(self.request, self.bruno)
        self.assertRemembered()
        self.assertFalse(self.company._check_register())

    def test_nobody_writes_on_it(self):
        entry = self.entries_of()[:1]
        for model in (self.env[ENTRY], self.env[ENTRY].sudo()):
            with self.assertRaises(UserError):
                model.browse(entry.id).write({"name": "Somebody"})
            with self.assertRaises(UserError):
                model.browse(entry.id).unlink()
            with self.assertRaises(UserError), self.env.cr.savepoint():
                model.create(
                    {
                        "company_id": self.company.id,
                        "number": 99,
                        "event": "entered",
                        "hash": "none",
                    }
                )

    def open_document(self, kind, **values):
        user = self.user
        document = self.env[DOCUMENT].with_user(user)
        return document.create({"kind": kind, "company_id": self.company.id, **values})

    def test_documents(self):
        """The board sees all, a member less, and on an extract others are no names."""
        rollback = self.roll_back(self.request, self.bruno)
        alice, bruno = self.alice.partner_id, self.bruno.partner_id
        alice.street = bruno.street = "Rue Haute 1"
        whole = render_html(PDF, self.open_document("register"))
        for words in (alice.name, bruno.name, rollback.name, "o_rollback_struck"):
            self.assertIn(words, whole)
        for document in (self.open_document("register"),):
            self.assertTrue(
                render_pdf(PDF, document.with_context(force_report_rendering=1))
            )
        seen = render_html(PDF, self.open_document("inspection"))
        self.assertNotIn(alice.name, seen)
        self.assertIn("struck, entered in error", seen)
        self.assertIn(bruno.name, seen)
        self.assertIn("For your rights as a member only", seen)
        self.assertNotIn(self.payment.move_id.name, seen)
        own = render_html(PDF, self.open_document("extract", partner_id=bruno.id))
        self.assertIn(bruno.name, own)
        self.assertNotIn(alice.name, own)
        self.assertNotIn(self.flora.partner_id.name, own)

    def test_spreadsheet(self):
        self.roll_back(self.request, self.bruno)
        content = render_xlsx(XLSX, self.open_document("register"))
        with ZipFile(BytesIO(content)) as book:
            sheet = book.read("xl/worksheets/sheet1.xml").decode()
        for words in (self.alice.partner_id.name, self.bruno.partner_id.name, "struck"):
            self.assertIn(words, sheet)


@tagged("post_install", "-at_install")
class TestEntriesOfLaterOperations(Remembered, LaterOperationsCase):
    """Each way of numbering and of dealing with later operations."""

    def test_forth_and_back(self):
        for options in (
            {"numbering": "close_gap"},
            {"numbering": "append"},
            {"cascade": "all"},
            {"cascade": "all", "numbering": "close_gap"},
        ):
            with self.subTest(**options), undone(self.env):
                rollback = self.roll_back(self.alice.capital_release_request, **options)
                before = len(self.assertRemembered())
                self.assertFalse(self.company._check_register())
                self.revert(rollback)
                self.assertGreater(len(self.assertRemembered()), before)
                self.assertNothingByHand()


@tagged("post_install", "-at_install")
class TestSeals(Remembered, RegisterFixCase):
    """What is sealed each night shows what somebody changes past Odoo."""

    def seal(self):
        self.env["res.company"]._cron_seal_registers()
        return self.env[SEAL].search([("company_id", "=", self.company.id)])

    def test_each_night(self):
        seal = self.seal()
        entries = self.entries_of()
        self.assertEqual((seal.first_entry, seal.last_entry), (1, len(entries)))
        self.assertEqual((seal.valid_count, seal.struck_count), (len(entries), 0))
        self.assertEqual(seal.entry_hash, entries[-1].hash)
        link = self.env["cooperator.evidence.link"].search([], limit=1)
        self.assertEqual((link.event, link.record), ("seal", seal))
        self.assertEqual(self.seal(), seal)
        self.join(CLARA, 1, self.share_y)
        new = self.seal() - seal
        self.assertEqual((new.first_entry, new.last_entry), (len(entries) + 1,) * 2)
        self.assertFinds()

    def test_tampering(self):
        """An entry that is changed, taken away or cut off; and a seal."""
        self.seal()
        last = self.entries_of()[-1]
        table = last._table
        for query, parameters, kind in (
            (f"UPDATE {table} SET name = 'X' WHERE id = %s", last.id, ENTRIES_CHANGED),
            (f"DELETE FROM {table} WHERE id = %s", last.id, ENTRIES_CHANGED),
            (
                "UPDATE cooperator_register_seal SET valid_count = 1"
                " WHERE company_id = %s",
                self.company.id,
                EVIDENCE_CHANGED,
            ),
        ):
            with self.subTest(query=query), self.env.cr.savepoint():
                self.execute(query, parameters)
                changed = [one.kind for one in self.company._check_register()]
                self.assertIn(kind, changed)
                # undo it
                self.env.cr.execute("SELECT 1")
            invalidate(self.env)

    def test_written_on_past_odoo(self):
        """What the line was stays legible; somebody has to say why."""
        self.seal()
        self.execute(
            "UPDATE subscription_register SET quantity = 9 WHERE id = %s",
            self.line_of(1002).id,
        )
        found = self.find()
        finding = found.filtered(lambda one: one.kind == CHANGED_BY_HAND)
        self.assertEqual(len(finding), 1)
        entry = self.entries_of().filtered(lambda one: one.event == "changed")
        self.assertEqual((entry.quantity, entry.entry_id.quantity), (9, 4))
        self.execute(
            "UPDATE subscription_register SET quantity = 4 WHERE id = %s",
            self.line_of(1002).id,
        )
        for number in range(2):
            finding = self.find().filtered(lambda one: one.kind == CHANGED_BY_HAND)[:1]
            self.fix(finding, reason="The price list was wrong %s" % number)
        self.assertFinds()
        self.assertRemembered()

    def test_large(self):
        """The first time takes a fixed number of queries."""
        memory = RegisterMemory(self.company)
        self.assertEqual(memory.find_changed(), ())
