from odoo import _, api, fields, models
from odoo.exceptions import UserError

from ..services.company_chain import CompanyChain, find_changed_fixes, seal_fix
from ..services.numbered_series import draw_number
from ..tools.access import check_readable
from ..tools.window_action import notification


class CooperatorRegisterFix(models.Model):
    """What was done about one finding of the register check: written once, then evidence.

    The way there is the button of a finding, see :mod:`..services.register_fixer`. Findings
    that a rollback fixes are not here: the rollback is their evidence.
    """

    _name = "cooperator.register.fix"
    _description = "Register fix"
    _inherit = ["reconciliation.rollback.evidence"]
    _order = "id desc"

    name = fields.Char(required=True, readonly=True, default="/")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(
        selection="_get_kinds", string="Finding", required=True, readonly=True
    )
    finding = fields.Text(
        string="What was found",
        required=True,
        readonly=True,
        help="In the words of whoever applied the fix.",
    )
    content = fields.Text(
        required=True, readonly=True, help="What was found, with numbers and records."
    )
    choice = fields.Text(string="What was done", required=True, readonly=True)
    reason = fields.Text(string="Reason given", readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Applied by", required=True, readonly=True
    )
    fixed_at = fields.Datetime(string="Applied at", required=True, readonly=True)
    before = fields.Text(readonly=True)
    after = fields.Text(readonly=True)
    previous_hash = fields.Char(
        readonly=True,
        help="The hash of the company's rollback or fix before this one.",
    )
    hash = fields.Char(
        readonly=True, index=True, help="Covers the fix and the hash before it."
    )

    @api.model
    def _get_kinds(self):
        return self.env["cooperator.register.finding"]._get_kinds()

    def _check_alterable(self, names, of_draft):
        """:raises UserError: nobody makes, changes or deletes a fix by hand"""
        for fix in self:
            raise UserError(
                _(
                    "%s is evidence: nothing changes it. Fixes are made with the button "
                    "of a finding, under Register check.",
                    fix.name,
                )
            )

    @api.model
    def _record(self, company, values):
        """Keep what was done about a finding.

        :param company: ``res.company``
        :param values: of the other fields
        :return: the fix, sealed
        """
        # sudo: fixes are made by the button of a finding alone, nobody has the right to
        fix = (
            self.sudo()
            ._by_action()
            .create(
                {
                    **values,
                    "name": self._get_next_name(company),
                    "company_id": company.id,
                    "user_id": self.env.uid,
                    "fixed_at": fields.Datetime.now(),
                }
            )
        )
        seal_fix(fix)
        return self.browse(fix.id)

    @api.model
    def _get_next_name(self, company):
        """Draw the company's next number of fixes; the first one makes its sequence."""
        return draw_number(
            company,
            self._name,
            name=_("Register fixes of %s", company.name),
            prefix="FIX/%(range_year)s/",
            use_date_range=True,
        )

    def _get_last_hash(self):
        """The hash with which the company's next rollback or fix begins."""
        return self.hash

    def _find_tampering(self):
        """Find what was changed behind Odoo's back.

        :return: sentences, none where nothing was
        """
        words = self.env["cooperator.register.finding"]
        breaks = CompanyChain(self.company_id).find_findings_of(self)
        sentences = []
        for fix in find_changed_fixes(self):
            sentences.append(_("%s is not what was kept of it.", fix.name))
        return sentences + [words._describe(found) for found in breaks]

    def action_prove(self):
        """Compute all hashes again, and show whether something was changed."""
        check_readable(self)
        found = [sentence for fix in self for sentence in fix._find_tampering()]
        return notification(
            _("Proof of the evidence"),
            "\n".join(found)
            or _(
                "Nothing was changed: %(rollbacks)s, hash %(hashes)s.",
                rollbacks=", ".join(self.mapped("name")),
                hashes=", ".join(self.mapped("hash")),
            ),
            is_good=not found,
        )
