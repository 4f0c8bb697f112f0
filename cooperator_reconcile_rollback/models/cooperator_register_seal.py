import json

from odoo import _, api, fields, models
from odoo.exceptions import UserError


class CooperatorRegisterSeal(models.Model):
    """What was in the register at a time; its hash is a link of the chain of evidence.

    See :class:`~..services.register_seals.RegisterSeals`.
    """

    _name = "cooperator.register.seal"
    _description = "Seal of the register"
    _inherit = ["reconciliation.rollback.evidence"]
    _order = "company_id, last_entry desc, id desc"
    _log_access = False

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict"
    )
    sealed_at = fields.Datetime(string="Sealed on", required=True, readonly=True)
    first_entry = fields.Integer(readonly=True, group_operator=False)
    last_entry = fields.Integer(readonly=True, group_operator=False)
    valid_count = fields.Integer(
        string="Valid lines", readonly=True, group_operator=False
    )
    struck_count = fields.Integer(
        string="Struck lines", readonly=True, group_operator=False
    )
    member_count = fields.Integer(
        string="Shareholders", readonly=True, group_operator=False
    )
    totals = fields.Char(readonly=True, help="Shares by class, as JSON.")
    totals_words = fields.Char(string="Shares", compute="_compute_totals_words")
    entry_hash = fields.Char(string="Hash of the last entry", readonly=True)
    hash = fields.Char(required=True, readonly=True)

    @api.depends("totals")
    def _compute_totals_words(self):
        for seal in self:
            totals = json.loads(seal.totals or "{}")
            seal.totals_words = ", ".join("%s × %s" % (n, c) for c, n in totals.items())

    @api.depends("last_entry")
    @api.depends_context("lang")
    def _compute_name(self):
        for seal in self:
            seal.name = _("Seal to entry %s", seal.last_entry)

    def _check_alterable(self, names, of_draft):
        """:raises UserError: nobody makes, changes or deletes a seal by hand"""
        for seal in self:
            raise UserError(
                _(
                    "The seal of %(company)s to entry %(entry)s stays as it is: correct "
                    "the operation with a rollback, start from the register line.",
                    company=seal.company_id.name,
                    entry=seal.last_entry,
                )
            )

    def copy(self, default=None):
        self._check_alterable({"id"}, set())
        return super().copy(default)
