from odoo import _, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..ledger import finding as kinds
from ..models.cooperator_register_check import MANAGERS
from ..services.register_fixer import RegisterFixer
from ..tools.access import check_readable
from ..tools.excerpt import ranges

# so many unused numbers are proposed
PROPOSED = 20


class CooperatorRegisterFixWizard(models.TransientModel):
    """Choose what is done about a finding of the register check, and do it."""

    _name = "cooperator.register.fix.wizard"
    _description = "Fix a finding"

    check_id = fields.Many2one(
        "cooperator.register.check", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="check_id.company_id")
    content = fields.Text(required=True, readonly=True)
    description = fields.Text(string="What was found", readonly=True)
    option_ids = fields.One2many("cooperator.register.fix.option", "wizard_id")
    option_id = fields.Many2one(
        "cooperator.register.fix.option",
        string="Choice",
        domain="[('wizard_id', '=', id)]",
    )
    has_choice = fields.Boolean(compute="_compute_has_choice")
    needs_number = fields.Boolean(compute="_compute_needs")
    needs_reason = fields.Boolean(compute="_compute_needs")
    number = fields.Integer(group_operator=False)
    unused_numbers = fields.Char(compute="_compute_unused_numbers")
    reason = fields.Text(help="It is kept with the fix.")
    outcome = fields.Text(string="What will be done", compute="_compute_outcome")

    @api.model
    def _open(self, finding):
        """Make the wizard of a finding.

        :param finding: ``cooperator.register.finding``
        :raises UserError: what was found is gone
        """
        fixes = finding._get_possible_fixes()
        options = [
            {"code": fix.code, "value": value, "name": name}
            for fix in fixes
            for value, name in fix.get_options()
        ]
        if not options:
            raise UserError(
                _("Press Check now, this is not so any more: %s", finding.description)
            )
        wizard = self.create(
            {
                "check_id": finding.check_id.id,
                "content": finding.content,
                "description": finding.description,
                "option_ids": [(0, 0, values) for values in options],
            }
        )
        wizard.option_id = wizard.option_ids[:1]
        numbered = [fix for fix in fixes if fix.sequence]
        if numbered:
            wizard.number = numbered[0].get_next_number()
        return wizard

    @api.constrains("check_id", "content")
    def _check_content(self):
        """:raises ValidationError: that was not found

        What is said of it would otherwise name whatever records somebody writes into it.
        """
        # sudo: the findings are compared, and not shown
        findings = self.env["cooperator.register.finding"].sudo()
        for wizard in self:
            found = [
                ("check_id", "=", wizard.check_id.id),
                ("content", "=", wizard.content),
            ]
            if not findings.search(found, limit=1):
                raise ValidationError(
                    _(
                        "Nothing like this is known: use the button of a finding, under "
                        "Register check."
                    )
                )

    def _get_fix(self):
        """Get the fix that is chosen, one of :data:`..fixes.FIXES`."""
        self.ensure_one()
        # sudo: who may see the check may see what it finds and what can be done about it
        company = self.sudo().check_id.company_id
        return self.env["cooperator.register.finding"]._get_fix(
            company, kinds.from_json(self.content), self.option_id.code
        )

    @api.depends("option_ids")
    def _compute_has_choice(self):
        for wizard in self:
            wizard.has_choice = len(wizard.option_ids) > 1

    @api.depends("option_id")
    def _compute_needs(self):
        for wizard in self:
            fix = wizard.option_id and wizard._get_fix()
            wizard.needs_number = bool(fix and fix.sequence)
            wizard.needs_reason = bool(fix and fix.needs_reason)

    @api.depends("option_id")
    def _compute_unused_numbers(self):
        for wizard in self:
            fix = wizard.option_id and wizard._get_fix()
            numbers = fix.get_unused_numbers() if fix and fix.sequence else ()
            wizard.unused_numbers = ", ".join(ranges(numbers)[:PROPOSED]) or False

    @api.depends("option_id", "number")
    @api.depends_context("lang")
    def _compute_outcome(self):
        for wizard in self:
            wizard.outcome = wizard.option_id and wizard._get_fix().describe(
                wizard.option_id.value or "", wizard.number
            )

    def action_apply(self):
        """Do what is chosen.

        :raises AccessError: the user is not a cooperator manager
        :raises UserError: see :meth:`~..services.register_fixer.RegisterFixer.apply`
        """
        self.ensure_one()
        check_readable(self.check_id)
        if not self.option_id:
            raise UserError(_("Choose what is to be done: %s", self.description))
        if self._get_fix().is_rollback:
            return self._get_finding()._roll_back()
        self._check_manager()
        fixer = RegisterFixer(self.check_id, self.content, self.option_id.code)
        fixer.apply(self.option_id.value or "", self.number, self.reason)
        return {"type": "ir.actions.act_window_close"}

    def _get_finding(self):
        """Get the finding's record.

        :raises UserError: it is gone
        """
        key = kinds.from_json(self.content).key
        finding = self.check_id.finding_ids.filtered(lambda found: found.key == key)
        if not finding:
            raise UserError(
                _("Press Check now, this is not so any more: %s", self.description)
            )
        return finding

    def _check_manager(self):
        """:raises AccessError: the user is not a cooperator manager"""
        if not self.env.user.has_group(MANAGERS):
            raise AccessError(
                _(
                    "Only a cooperator manager can apply a fix, %(user)s is none: ask one.",
                    user=self.env.user.name,
                )
            )


class CooperatorRegisterFixOption(models.TransientModel):
    """One thing that can be chosen about a finding."""

    _name = "cooperator.register.fix.option"
    _description = "Possible fix of a finding"

    wizard_id = fields.Many2one(
        "cooperator.register.fix.wizard", required=True, ondelete="cascade"
    )
    code = fields.Char(required=True)
    value = fields.Char()
    name = fields.Char(required=True)
