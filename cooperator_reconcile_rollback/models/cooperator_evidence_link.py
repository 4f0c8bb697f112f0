from odoo import _, api, fields, models
from odoo.exceptions import UserError

from ..ledger import evidence_chain as events


class CooperatorEvidenceLink(models.Model):
    """One link of a company's chain of evidence, see :mod:`..ledger.evidence_chain`.

    :class:`~..services.company_chain.CompanyChain` appends links, nothing changes them.
    """

    _name = "cooperator.evidence.link"
    _description = "Link of the chain of evidence"
    _inherit = ["reconciliation.rollback.evidence"]
    _order = "company_id, number desc"
    _rec_name = "number"
    _log_access = False
    _sql_constraints = [
        ("number_unique", "UNIQUE (company_id, number)", "A link has its own number."),
    ]

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict"
    )
    number = fields.Integer(required=True, readonly=True, group_operator=False)
    event = fields.Selection(
        [
            (events.START, "Started"),
            (events.END, "Done"),
            (events.REVERT, "Revert started"),
            (events.REVERTED, "Reverted"),
            (events.AMENDED, "Mail or payment after the end"),
            (events.FIX, "Fix"),
            (events.SEAL, "Register sealed"),
        ],
        required=True,
        readonly=True,
    )
    # by its id alone: it is evidence that there was such a record
    record = fields.Reference(
        selection="_get_record_models", required=True, readonly=True
    )
    record_hash = fields.Char(required=True, readonly=True)
    at = fields.Datetime(string="Time", required=True, readonly=True)
    hash = fields.Char(
        required=True, readonly=True, help="Covers the link and the one before it."
    )

    @api.model
    def _get_record_models(self):
        return [
            (name, self.env[name]._description)
            for name in (
                "reconciliation.rollback",
                "cooperator.register.fix",
                "cooperator.register.seal",
            )
        ]

    def _check_alterable(self, names, of_draft):
        """:raises UserError: nobody makes, changes or deletes a link by hand"""
        for link in self:
            raise UserError(
                _(
                    "Link %(number)s of the chain of evidence of %(company)s is made with "
                    "a rollback, fix or seal, and nothing changes it: use the buttons of "
                    "these.",
                    number=link.number,
                    company=link.company_id.name,
                )
            )

    def copy(self, default=None):
        self._check_alterable({"id"}, set())
        return super().copy(default)
