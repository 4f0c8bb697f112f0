"""Fixes are evidence, in one chain with the rollbacks."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..ledger.finding import OPERATION_SEQUENCE_OFF
from .builders import CLARA
from .register_fix_case import RegisterFixCase
from .snapshots import NextNumbers


@tagged("post_install", "-at_install", "slow")
class TestFixEvidence(RegisterFixCase):
    def fix_sequence(self, following):
        numbers = self.next_numbers()
        self.set_next_numbers(self.company, NextNumbers(following, numbers.cooperator))
        return self.fix(self.assertFinds(OPERATION_SEQUENCE_OFF))

    def roll_clara_back(self):
        """A rollback after which the register is as before."""
        clara = self.join(CLARA, 1, self.share_y)
        return self.roll_back(clara.capital_release_request)

    def assertProven(self, *entries):
        for entry in entries:
            self.assertEqual(entry._find_tampering(), [])
            action = entry.with_user(self.user).action_prove()
            self.assertEqual(action["params"]["type"], "success")

    def assertFound(self, sentence, *entries):
        for entry in entries:
            (found,) = entry._find_tampering()
            self.assertRegex(found, sentence)
            action = entry.with_user(self.user).action_prove()
            self.assertEqual(action["params"]["type"], "danger")
            self.assertIn(found, action["params"]["message"])

    def test_one_chain(self):
        """A fix follows a rollback, and a rollback a fix."""
        before = self.roll_clara_back()
        first, second = self.fix_sequence(1020), self.fix_sequence(1030)
        after = self.roll_clara_back()
        third = self.fix_sequence(1040)
        self.assertEqual(first.previous_hash, before._get_last_hash())
        self.assertEqual(second.previous_hash, first.hash)
        self.assertEqual(after.previous_hash, second.hash)
        self.assertEqual(third.previous_hash, after._get_last_hash())
        self.assertProven(before, first, second, after, third)

    def test_revert_of_the_rollback_before(self):
        """A revert goes on with the rollback's own chain."""
        rollback = self.roll_clara_back()
        fix = self.fix_sequence(1020)
        rollback.action_revert()
        self.run_jobs(rollback)
        self.assertEqual(rollback.state, "reverted")
        self.assertProven(rollback, fix)

    def numbers_of(self, entry):
        """The numbers of an entry's links, the first one first."""
        links = self.env["cooperator.evidence.link"].search([], order="number")
        return [link.number for link in links if link.record == entry]

    def test_names(self):
        """Each company counts its own fixes, without gaps."""
        first, second = self.fix_sequence(1020), self.fix_sequence(1030)
        self.assertRegex(first.name, r"^FIX/\d{4}/\d{4}$")
        self.assertEqual(int(second.name[-4:]), int(first.name[-4:]) + 1)

    def test_nobody_alters_it(self):
        fix = self.fix_sequence(1020)
        for user in (self.manager, self.env.user):
            record = fix.with_user(user).sudo()
            for name in ("reason", "choice", "after", "hash", "previous_hash"):
                with self.assertRaisesRegex(UserError, fix.name):
                    record.write({name: "Nothing happened"})
            with self.assertRaisesRegex(UserError, fix.name):
                record.unlink()
            with self.assertRaisesRegex(UserError, "is evidence"):
                with self.env.cr.savepoint():
                    record.copy({"name": "FIX/0"})
        self.assertProven(fix)

    def test_changed(self):
        first, second = self.fix_sequence(1020), self.fix_sequence(1030)
        rollback = self.roll_clara_back()
        for name, value in (
            ("choice", "Nothing"),
            ("reason", "None"),
            ("after", "{}"),
            ("fixed_at", "2001-02-03"),
            ("user_id", self.user.id),
        ):
            with self.subTest(name=name):
                self.env.cr.execute("SAVEPOINT untouched")
                self.execute(
                    f"UPDATE cooperator_register_fix SET {name} = %s WHERE id = %s",
                    value,
                    first.id,
                )
                self.assertFound(f"{first.name} is not what was kept", first)
                self.env.cr.execute("ROLLBACK TO SAVEPOINT untouched")
        self.execute("SELECT 1")
        self.assertProven(first, second, rollback)

    def test_taken_away(self):
        first, second = self.fix_sequence(1020), self.fix_sequence(1030)
        rollback = self.roll_clara_back()
        (number,) = self.numbers_of(second)
        self.execute("DELETE FROM cooperator_register_fix WHERE id = %s", second.id)
        found = "\n".join(rollback._find_tampering())
        self.assertIn(f"before {rollback.name} is missing", found)
        self.assertProven(first)
        self.execute("DELETE FROM cooperator_evidence_link WHERE number = %s", number)
        found = "\n".join(rollback._find_tampering())
        self.assertIn(f"Link {number} of the chain of evidence is missing", found)
        self.assertProven(first)

    def test_put_in(self):
        """A copy of a fix, whatever its time and its hash."""
        first = self.fix_sequence(1020)
        rollback = self.roll_clara_back()
        last = self.fix_sequence(1030)
        for previous, moment in (
            (first.previous_hash, first.fixed_at),
            (first.hash, first.fixed_at),
            ("0" * 64, "2001-02-03"),
        ):
            with self.subTest(previous=previous):
                self.env.cr.execute("SAVEPOINT untouched")
                self.execute(
                    "INSERT INTO cooperator_register_fix (name, company_id, kind, finding,"
                    " content, choice, user_id, fixed_at, previous_hash, hash)"
                    " SELECT 'FIX/forged', company_id, kind, finding, content, choice,"
                    " user_id, %s, %s, %s FROM cooperator_register_fix WHERE id = %s",
                    moment,
                    previous or None,
                    "1" * 64,
                    first.id,
                )
                forged = first.search([("name", "=", "FIX/forged")])
                found = "\n".join(forged._find_tampering())
                self.assertIn("FIX/forged is not what was kept of it", found)
                self.assertIn("FIX/forged has no link", found)
                self.env.cr.execute("ROLLBACK TO SAVEPOINT untouched")
        self.execute("SELECT 1")
        self.assertProven(first, rollback, last)
