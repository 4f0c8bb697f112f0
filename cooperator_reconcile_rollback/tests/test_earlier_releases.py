"""Read, compare, draw, prove and revert what earlier releases stored.

``samples`` has a folder for each release, with the values that its rollbacks stored when
they were really carried out. Their records are not in this database: here a sample gives
the shape, and a rollback made here the values.
"""

import json
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import patch

from odoo.tests import tagged

from ..services import accounting_changes
from .builders import CLARA
from .series import invalidate, render_html
from .test_revert import RevertCase

SAMPLES = Path(__file__).parent / "samples"
ADDON = __name__.rsplit(".tests.", 1)[0]
#: Modules that store texts of steps.
WRITERS = ("services.step_run", "steps.take_back")


def get_shape(value, sample):
    """Return ``value`` with only those keys that ``sample`` has."""
    if isinstance(value, dict) and isinstance(sample, dict):
        return {name: get_shape(value[name], sample[name]) for name in sample}
    if isinstance(value, list) and sample:
        return [get_shape(one, sample[0]) for one in value]
    return value


def dump_without_version(kind, value, indent=None):
    """Store a value as releases without versions did."""
    return json.dumps(value, default=str, indent=indent)


@tagged("post_install", "-at_install", "slow")
class TestEarlierReleases(RevertCase):
    """Alice's request was paid with Bruno's payment; Clara joined and sold a share."""

    @classmethod
    def make_mistake(cls):
        super().make_mistake()
        clara = cls.join(CLARA, 3, cls.share_y)
        cls.sell_back(clara.partner_id, cls.share_y, 1)

    def test_12affd5(self):
        rollback = self.check_release("12affd5")
        self.assertIsNone(rollback._get_plan().unused_operations)

    def test_2709ae7(self):
        self.check_release("2709ae7")

    def test_f901aa3(self):
        self.check_release("f901aa3")

    def test_daaf08f(self):
        self.check_release("daaf08f")

    def test_accounting(self):
        """What changes in the books is read, and stays the same when it is stored again."""
        for path in sorted(SAMPLES.glob("*/*.json")):
            sample = json.loads(path.read_text())
            if "accounting" in sample:
                with self.subTest(path=path.name):
                    text = json.dumps(sample["accounting"])
                    changes = accounting_changes.from_json(text)
                    self.assertTrue(changes)
                    again = json.loads(accounting_changes.to_json(changes))
                    self.assertEqual(again, sample["accounting"])

    def check_release(self, release):
        """Update in the middle of a rollback: plan and first steps are of ``release``."""
        invalidate(self.env)
        before = self.books()
        sample = json.loads((SAMPLES / release / "cascade_all.json").read_text())
        rollback = self.draft_rollback(
            self.alice.capital_release_request, self.bruno, cascade="all"
        )
        rollback.action_plan()
        self.write_plan(rollback, sample["plan"])
        with self.writing_without_version():
            rollback.action_start()
            self.run_jobs(rollback, until="take_back")
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertReadable(rollback)
        self.revert(rollback)
        self.assertReadable(rollback)
        invalidate(self.env)
        self.assertBooksRestored(before)
        return rollback

    def write_plan(self, rollback, sample):
        """Let the plan be as the release of ``sample`` stored it."""
        plan = rollback._get_plan()
        values = get_shape(json.loads(rollback.plan), sample)
        rollback._by_action().plan = json.dumps(values)
        self.assertEqual(rollback._get_plan().removed, plan.removed)

    def writing_without_version(self):
        """Let steps store texts without a version."""
        stack = ExitStack()
        for name in WRITERS:
            stack.enter_context(
                patch("%s.%s.dump" % (ADDON, name), dump_without_version)
            )
        return stack

    def assertReadable(self, rollback):
        """Form and report are drawn, and the evidence is proved."""
        invalidate(self.env)
        self.assertIn("Bruno", rollback.plan_html)
        report = "cooperator_reconcile_rollback.reconciliation_rollback_report"
        self.assertIn(rollback.name, render_html(report, rollback))
        self.assertEqual(rollback._find_tampering(), [])
