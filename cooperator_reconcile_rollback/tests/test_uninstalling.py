"""Uninstalling the add-on: no work and no evidence goes unasked, nothing is left behind."""

from odoo.tests import tagged

from ..hooks import uninstall_hook
from ..services.uninstalling import CONFIRMED, MODULE
from .builders import EMMA
from .common import MistakeCase
from .series import invalidate


@tagged("post_install", "-at_install", "slow")
class TestUninstalling(MistakeCase):
    def uninstall(self, name=MODULE):
        """Press the button; what it begins is taken back."""
        module = self.env["ir.module.module"].search([("name", "=", name)])
        module.button_uninstall()
        self.assertEqual(module.state, "to remove")
        module.write({"state": "installed"})

    def confirm(self, number):
        self.env["ir.config_parameter"].set_param(CONFIRMED, number)

    def test_nothing_would_be_lost(self):
        """Drafts and plans are no evidence."""
        self.draft_rollback(self.request, self.bruno).action_plan()
        module = self.env["ir.module.module"].search([("name", "=", MODULE)])
        module._check_nothing_lost()

    def test_under_way(self):
        """Neither in the middle nor after a failure, whatever was confirmed."""
        self.confirm(1)
        rollback = self.start_rollback(self.request, self.bruno)
        for name in (MODULE, "cooperator", "queue_job_config"):
            self.assertRefused(f"{rollback.name}.*Let it end", self.uninstall, name)
        self.bruno.capital_release_request.button_draft()
        self.run_jobs(rollback)
        self.assertEqual(rollback.state, "failed")
        self.assertRefused(f"{rollback.name}.*press Revert", self.uninstall)

    def test_paid_and_not_registered(self):
        rollback = self.start_rollback(self.request, self.bruno)
        emma = self.subscribe(EMMA, 1, self.share_y)
        self.pay(emma)
        self.run_jobs(rollback)
        self.confirm(1)
        self.assertRefused(
            f"{emma.capital_release_request.name}.*not registered yet",
            self.uninstall,
        )
        self.run_other_jobs()
        self.env["ir.module.module"].search(
            [("name", "=", MODULE)]
        )._check_nothing_lost()

    def test_evidence(self):
        """It says how much goes; a number that is not true any more does not count."""
        self.confirm(0)
        rollback = self.roll_back(self.request, self.bruno)
        self.run_other_jobs()
        self.assertRefused(f"1 rollbacks.*{CONFIRMED} to 1", self.uninstall)
        self.confirm(1)
        self.uninstall()
        self.revert(rollback)
        self.roll_back(self.request, self.bruno)
        self.assertRefused("2 rollbacks", self.uninstall)

    def test_nothing_is_left_behind(self):
        """Ordinary mail leaves, what was to be cancelled is, and no job stays."""
        self.switch_certificates_on()
        mail = self.make_mail(self.alice.partner_id)
        rollback = self.draft_rollback(self.request, self.bruno)
        rollback.action_plan()
        self.tell_otherwise(rollback)
        rollback.action_start()
        self.run_jobs(rollback, until="make_match")
        self.assertEqual(mail.state, "rollback_held")
        uninstall_hook(self.env.cr, self.registry)
        invalidate(self.env)
        self.assertEqual(mail.state, "outgoing")
        held = self.env["mail.mail"].search([("state", "=", "rollback_held")])
        self.assertFalse(held)
        self.assertFalse(
            self.env["queue.job"].search(
                [("model_name", "=like", "reconciliation.rollback%")]
            )
        )


@tagged("post_install", "-at_install")
class TestPaymentsMeanwhile(MistakeCase):
    def test_jobs_taken_away(self):
        """A payment whose job somebody deleted or cancelled is registered all the same."""
        rollback = self.start_rollback(self.request, self.bruno)
        emma = self.subscribe(EMMA, 1, self.share_y)
        self.pay(emma)
        cron = self.env.ref("cooperator_reconcile_rollback.ir_cron_find_lost_jobs")
        cron.method_direct_trigger()
        self.assertFalse(self.jobs_of_payments())
        self.run_jobs(rollback)
        cron.method_direct_trigger()
        self.env["queue.job"].search(
            [("method_name", "=", "_register_postponed"), ("state", "=", "pending")]
        ).unlink()
        self.assertEqual(len(self.jobs_of_payments()), 1)
        self.jobs_of_payments().button_cancelled()
        cron.method_direct_trigger()
        cron.method_direct_trigger()
        waiting = self.jobs_of_payments().filtered(lambda job: job.state == "pending")
        self.assertEqual(len(waiting), 1)
        self.run_other_jobs()
        self.assertMember(emma.partner_id, 503, [(self.share_y, 1)])
        self.assertEqual(rollback.postponed_ids.state, "done")

    def jobs_of_payments(self):
        invalidate(self.env)
        return self.env["queue.job"].search(
            [("model_name", "=", "reconciliation.rollback.postponed")]
        )
