"""Uninstalling the add-on: what would be lost with it, and what must not stay behind."""

from odoo import _
from odoo.exceptions import UserError

from ..models.mail_mail import HELD
from .mail_hold import release_left

MODULE = "cooperator_reconcile_rollback"
# holds how many rollbacks and fixes an administrator knows to go with the add-on
CONFIRMED = "cooperator_reconcile_rollback.uninstall_with_evidence"
UNDER_WAY = ("running", "failed", "reverting")


class Uninstalling:
    """What uninstalling the add-on means for one database.

    :param env: environment of the superuser
    """

    def __init__(self, env):
        self.env = env
        self.rollbacks = env["reconciliation.rollback"]

    def check_nothing_lost(self):
        """:raises UserError: work or evidence would go with the add-on"""
        self._check_nothing_under_way()
        self._check_nothing_waits()
        self._check_evidence_is_kept()

    def _check_nothing_under_way(self):
        running = self.rollbacks.search([("state", "in", UNDER_WAY)])
        if running:
            raise UserError(
                _(
                    "%(rollbacks)s of %(companies)s: this is under way, and the add-on "
                    "cannot be uninstalled. Let it end, or press Revert and let that end.",
                    rollbacks=", ".join(running.mapped("name")),
                    companies=", ".join(running.company_id.mapped("name")),
                )
            )

    def _check_nothing_waits(self):
        postponed = self.env["reconciliation.rollback.postponed"]
        waiting = postponed.search([("state", "in", ("waiting", "failed"))])
        if waiting:
            raise UserError(
                _(
                    "%(requests)s: this was paid meanwhile and is not registered yet, and "
                    "the add-on cannot be uninstalled. Look under Payments meanwhile of "
                    "%(rollbacks)s, then try again.",
                    requests=", ".join(waiting.move_id.mapped("display_name")),
                    rollbacks=", ".join(waiting.rollback_id.mapped("name")),
                )
            )

    def _check_evidence_is_kept(self):
        """What is evidence goes only where an administrator says how much of it."""
        number = self._count_evidence()
        # sudo: only administrators may read parameters
        confirmed = self.env["ir.config_parameter"].sudo().get_param(CONFIRMED)
        if number and confirmed != str(number):
            raise UserError(
                _(
                    "The evidence of %(number)s rollbacks and fixes would be deleted "
                    "with the add-on, for good. Print it first, from the menu Register of "
                    "corrections, for each company and from its first day on. Then set "
                    "%(parameter)s to %(number)s, under Settings > Technical > System "
                    "Parameters, and uninstall it.",
                    number=number,
                    parameter=CONFIRMED,
                )
            )

    def _count_evidence(self):
        started = self.rollbacks.search_count([("started_at", "!=", False)])
        return started + self.env["cooperator.register.fix"].search_count([])

    def clean_up(self):
        """Decide on what is held, and delete the jobs, which nothing can read afterwards."""
        holding = self.rollbacks.search(
            ["|", ("mail_held", "=", True), ("mail_ids.mail_id.state", "=", HELD)]
        )
        release_left(holding._by_action())
        self.env["queue.job"].search(
            [("model_name", "=like", "reconciliation.rollback%")]
        ).unlink()
