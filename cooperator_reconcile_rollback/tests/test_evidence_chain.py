"""The chain of evidence of a company: what was taken away, put in, or sealed anew."""

import json
from contextlib import contextmanager
from datetime import timedelta
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from unittest.mock import patch

from odoo.tests import tagged

from ..ledger.finding import (
    EVIDENCE_BOOKS_CHANGED,
    EVIDENCE_CHAIN_BROKEN,
    EVIDENCE_CHANGED,
    OPERATION_SEQUENCE_OFF,
)
from ..services import evidence
from ..services.company_chain import CompanyChain
from ..services.evidence_contents import VERSION
from .builders import CLARA, DAVID
from .register_fix_case import RegisterFixCase
from .series import flush, invalidate
from .snapshots import NextNumbers

MIGRATION = Path(__file__).parents[1] / "migrations" / "1.3" / "post-chain.py"


class EvidenceChainCase(RegisterFixCase):
    """Clara's payment was none for shares; a sequence was set right after that."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.switch_certificates_on()

    def setUp(self):
        super().setUp()
        self.rollback = self.roll_back_of(CLARA)
        numbers = self.next_numbers()
        self.set_next_numbers(self.company, NextNumbers(1030, numbers.cooperator))
        self.fixed = self.fix(self.find().filtered("fix_label"))
        self.assertEqual(self.fixed.kind, OPERATION_SEQUENCE_OFF)

    def roll_back_of(self, person):
        """A rollback after which the register is as before."""
        request = self.join(person, 1, self.share_y).capital_release_request
        return self.roll_back(request)

    def events(self):
        """What the links stand for, as the check of their company reads them."""
        links = CompanyChain(self.company).load_links()
        self.assertEqual([link.number for link in links], [*range(1, len(links) + 1)])
        return [(link.event, link.record.split(",")[0]) for link in links]

    @contextmanager
    def tampering(self, *statements):
        """Do it behind Odoo's back, and let it not have been in the end.

        :param statements: a query and its values each
        """
        flush(self.env)
        self.env.cr.execute("SAVEPOINT untouched")
        for query, *values in statements:
            self.env.cr.execute(query, values)
            self.assertTrue(self.env.cr.rowcount, query)
        invalidate(self.env)
        yield
        flush(self.env)
        self.env.cr.execute("ROLLBACK TO SAVEPOINT untouched")
        invalidate(self.env)

    def update(self, record, name, value):
        return (
            f"UPDATE {record._table} SET {name} = %s WHERE id IN %s",
            value,
            record._ids,
        )

    def assertAllProven(self):
        self.assertEqual(CompanyChain(self.company).find_findings(), ())

    def assertFoundBy(self, *kinds):
        """The register check has these findings of the evidence, in words.

        :return: the words
        """
        findings = self.find().filtered(lambda one: one.kind.startswith("evidence"))
        words = "\n".join(findings.mapped("description"))
        self.assertEqual(sorted(findings.mapped("kind")), sorted(kinds), words)
        for finding in findings:
            self.assertEqual(finding.action_mend()["type"], "ir.actions.act_window")
        return words


@tagged("post_install", "-at_install")
class TestChain(EvidenceChainCase):
    def test_each_event_has_a_link(self):
        """Also the revert, by whom, and what is done after the end."""
        rollback = "reconciliation.rollback"
        expected = [("start", rollback), ("end", rollback)]
        expected.append(("fix", "cooperator.register.fix"))
        self.assertEqual(self.events(), expected)
        self.assertAllProven()
        self.rollback.action_revert()
        self.assertEqual(self.events(), [*expected, ("revert", rollback)])
        self.assertEqual(self.rollback._find_tampering(), [])
        with self.tampering(self.update(self.rollback, "revert_user_id", self.user.id)):
            self.assertIn("is not what its link 4", self.rollback._find_tampering()[0])
        self.run_jobs(self.rollback, until="release_mail")
        self.assertEqual(self.rollback.state, "reverting")
        self.assertEqual(self.rollback._find_tampering(), [])
        self.run_jobs(self.rollback)
        self.assertEqual(self.rollback.state, "reverted")
        self.assertEqual(
            self.events()[3:], [("revert", rollback), ("reverted", rollback)]
        )
        self.assertAllProven()

    def test_what_never_starts_has_none(self):
        request = self.join(DAVID, 1, self.share_y).capital_release_request
        rollback = self.draft_rollback(request)
        rollback.action_plan()
        rollback.action_dry_run()
        rollback.action_cancel()
        self.assertEqual(len(self.events()), 3)
        self.assertAllProven()

    def test_clock_set_back(self):
        """What began last is before, whatever the clock says."""
        second = self.roll_back_of(DAVID)
        self.assertEqual(second.previous_hash, self.fixed.hash)
        moment = second.started_at
        with patch("odoo.fields.Datetime.now", lambda: moment - timedelta(hours=1)):
            third = self.roll_back_of(CLARA)
        self.assertLess(third.started_at, second.started_at)
        self.assertEqual(third.previous_hash, second._get_last_hash())
        self.assertAllProven()

    def test_tampering(self):
        """Each is in the register check as what it is."""
        rollback, fix = self.rollback, self.fixed
        request = self.alice.capital_release_request
        link = self.env["cooperator.evidence.link"]
        first, end, last = link.search([], order="number")
        delete = "DELETE FROM %s WHERE id IN %%s"
        for statements, kind, words in (
            (
                [(delete % link._table, last._ids), (delete % fix._table, fix._ids)],
                EVIDENCE_CHAIN_BROKEN,
                "The last link of the chain of evidence, 3, is missing",
            ),
            (
                [(delete % fix._table, fix._ids)],
                EVIDENCE_CHAIN_BROKEN,
                f"Link 3 .* is gone: cooperator.register.fix,{fix.id}",
            ),
            (
                [(delete % link._table, end._ids)],
                EVIDENCE_CHAIN_BROKEN,
                "Link 2 of the chain of evidence is missing",
            ),
            (
                [self.update(rollback, "start_hash", None)],
                EVIDENCE_CHAIN_BROKEN,
                f"{rollback.name} is not what its link 2",
            ),
            (
                [self.update(rollback, "state", "cancelled")],
                EVIDENCE_CHAIN_BROKEN,
                f"{rollback.name} is not what its link 2",
            ),
            (
                [self.update(last, "record_hash", "0" * 64)],
                EVIDENCE_CHAIN_BROKEN,
                f"Link 3 of the chain of evidence, of {fix.name}, is not what was kept",
            ),
            (
                [("UPDATE cooperator_register_lock SET evidence_count = 2",)],
                EVIDENCE_CHAIN_BROKEN,
                "link of the chain of evidence, 3, is not the one that was kept",
            ),
            (
                [self.update(fix, "choice", "Nothing")],
                EVIDENCE_CHANGED,
                f"{fix.name} is not what was kept of it",
            ),
            *(
                ([self.update(record, name, value)], EVIDENCE_CHANGED, rollback.name)
                for record, name, value in (
                    (rollback, "warnings", "None"),
                    (rollback, "dry_run_at", "2001-02-03"),
                    (rollback.step_ids[3], "error", "Nobody knows"),
                    (rollback.mail_ids[:1], "is_own", True),
                    (rollback.mail_ids[:1], "request_id", request.id),
                    (rollback, "evidence_kept", json.dumps({"changing": {}})),
                    (rollback, "evidence_kept", "{"),
                    (rollback, "evidence_books", None),
                )
            ),
        ):
            with self.subTest(statements=statements), self.tampering(*statements):
                found = self.find().mapped("description")
                self.assertRegex("\n".join(found), words)
                kinds = [one.kind for one in CompanyChain(self.company).find_findings()]
                self.assertIn(kind, kinds)
        self.assertAllProven()

    def test_number_of_queries(self):
        """Rollbacks are read together: of its own each would take a dozen."""
        before = self.count_queries()
        self.roll_back_of(DAVID)
        self.roll_back_of(CLARA)
        self.assertLess(self.count_queries(), before + 10)

    def count_queries(self):
        invalidate(self.env)
        before = self.env.cr.sql_log_count
        self.assertAllProven()
        return self.env.cr.sql_log_count - before

    def test_made_users(self):
        """Who the wrong operation made users of is evidence; a user may be deleted."""
        user = self.make_user("wrong", "base.group_portal")
        self.execute(
            "INSERT INTO reconciliation_rollback_res_users_rel VALUES (%s, %s)",
            self.rollback.id,
            user.id,
        )
        self.assertFoundBy(EVIDENCE_CHANGED)
        self.execute(
            "DELETE FROM reconciliation_rollback_res_users_rel WHERE res_users_id = %s",
            user.id,
        )
        request = self.join(DAVID, 1, self.share_y).capital_release_request
        second = self.draft_rollback(request)
        second.action_plan()
        second._by_action().made_user_ids = user
        second.action_start()
        self.run_jobs(second)
        self.assertAllProven()
        user.unlink()
        invalidate(self.env)
        self.assertAllProven()

    def test_not_sealed_anew(self):
        """What releases left mail does not cover up what somebody has changed."""
        rollback = self.rollback
        sealed = rollback.evidence_hash
        with self.tampering(
            self.update(rollback.mail_ids[:1], "choice", "send"),
            self.update(rollback, "mail_held", True),
        ):
            self.env["reconciliation.rollback"]._cron_release_left_mail()
            self.assertFalse(rollback.mail_held)
            self.assertEqual(rollback.evidence_hash, sealed)
            self.assertFoundBy(EVIDENCE_CHANGED)
        mail = rollback.mail_ids[:1]
        mail._by_action().write({"subject": "Handed over late"})
        self.assertNotEqual(rollback.evidence_hash, sealed)
        self.assertEqual(self.events()[-1], ("amended", rollback._name))
        self.assertAllProven()

    def test_payment_meanwhile(self):
        """It is registered after the end, and part of the evidence then."""
        clara = self.subscribe(CLARA, 2, self.share_y)
        request = self.join(DAVID, 1, self.share_y).capital_release_request
        rollback = self.start_rollback(request)
        self.pay(clara)
        self.run_jobs(rollback)
        self.assertEqual(rollback.postponed_ids.state, "waiting")
        self.assertAllProven()
        self.run_other_jobs()
        self.assertEqual(rollback.postponed_ids.state, "done")
        self.assertEqual(self.events()[-1], ("amended", rollback._name))
        self.assertAllProven()
        with self.tampering(
            self.update(rollback.postponed_ids, "user_id", self.user.id)
        ):
            self.assertFoundBy(EVIDENCE_CHANGED)


@tagged("post_install", "-at_install")
class TestBooksBehind(EvidenceChainCase):
    def test_changed(self):
        """People may change the books; whoever proves the evidence is told."""
        rollback = self.rollback
        payment = rollback.line_ids.payment_move_id
        self.assertTrue(payment)
        with self.tampering(
            self.update(payment, "date", "2001-02-03"),
            self.update(payment, "name", "BNK/0"),
        ):
            self.assertEqual(rollback._find_tampering(), [])
            words = self.assertFoundBy(EVIDENCE_BOOKS_CHANGED)
            self.assertIn(f"behind {rollback.name} is not what it was", words)
            params = rollback.with_user(self.user).action_prove()["params"]
            self.assertEqual(params["type"], "warning")
            self.assertIn("Nothing was changed", params["message"])
            self.assertIn("is BNK/0 now", params["message"])
            self.assertIn("2001", params["message"])
        self.assertFoundBy()

    def test_rolled_back_later(self):
        """What a later rollback has changed is told by that one."""
        rollback = self.rollback
        payment = rollback.line_ids.payment_line_id
        clara = rollback.line_ids.wrong_move_id.subscription_request
        self.match(payment, clara)
        self.assertFoundBy(EVIDENCE_BOOKS_CHANGED)
        self.roll_back(clara.capital_release_request)
        self.assertFoundBy()


@tagged("post_install", "-at_install", "slow")
class TestEarlierSeals(EvidenceChainCase):
    """What earlier releases have sealed proves as before, and gets links."""

    def setUp(self):
        # before version 1 there was none
        with patch.object(evidence, "VERSION", 0):
            super().setUp()
            self.second = self.roll_back_of(DAVID)
        self.forget_links()

    def forget_links(self):
        """Let the database be as an earlier release has left it."""
        self.execute("DELETE FROM cooperator_evidence_link")
        self.execute(
            "UPDATE cooperator_register_lock SET evidence_count = NULL,"
            " evidence_hash = NULL"
        )

    def migrate(self):
        spec = spec_from_file_location("post_chain", MIGRATION)
        migration = module_from_spec(spec)
        spec.loader.exec_module(migration)
        migration.migrate(self.env.cr, "1.2")
        invalidate(self.env)
        self.assertAllProven()
        return [event for event, _record in self.events()]

    def test_links(self):
        rollback = self.rollback
        self.assertFalse(rollback.evidence_version)
        self.assertFalse(rollback.evidence_kept)
        sealed = rollback.start_hash, rollback.evidence_hash
        self.assertFoundBy(*[EVIDENCE_CHAIN_BROKEN] * 3)
        events = ["start", "end", "fix", "start", "end"]
        self.assertEqual(self.migrate(), events)
        self.assertEqual(sealed, (rollback.start_hash, rollback.evidence_hash))
        # once is enough
        self.assertEqual(self.migrate(), events)
        with self.tampering(self.update(rollback.mail_ids, "state", "held")):
            self.assertFoundBy(EVIDENCE_CHANGED)
        third = self.roll_back_of(CLARA)
        self.assertEqual(third.evidence_version, VERSION)
        self.assertEqual(third.previous_hash, self.second._get_last_hash())
        self.assertAllProven()

    def test_reverts(self):
        """One begun and one ended on the earlier release."""
        self.second.action_revert()
        self.forget_links()
        events = ["start", "end", "fix", "start", "end", "revert"]
        self.assertEqual(self.migrate(), events)
        self.run_jobs(self.second)
        self.assertEqual(self.second.state, "reverted")
        self.assertAllProven()
        self.forget_links()
        self.assertEqual(self.migrate(), [*events[:4], "reverted"])
