from odoo import _, api, fields, models
from odoo.exceptions import AccessError, UserError

from ..books.renumbering import COOPERATOR_SEQUENCE, NUMBERED, OPERATION_SEQUENCE
from ..fixes import FIXES
from ..ledger import finding as kinds
from ..ledger.merged_partners import replace_found_partners
from ..services.finding_words import FindingWords
from ..tools.access import check_readable
from ..tools.window_action import window_action
from .cooperator_register_check import MANAGERS
from .reconciliation_rollback import ENDED_STATES

# of these a payment is wrong, and other payments of the request may be right
OF_PAYMENT = (kinds.OTHER_PAYER, kinds.OTHER_REQUEST_NAMED)


class CooperatorRegisterFinding(models.Model):
    """Something that the register check has found, kept until it is fixed."""

    _name = "cooperator.register.finding"
    _description = "Finding of the register check"
    _inherit = ["reconciliation.rollback.defaults"]
    _rec_name = "description"
    _order = "sequence, kind, number, id"
    _sql_constraints = [
        ("key_unique", "UNIQUE (check_id, key)", "A finding is kept once."),
    ]

    check_id = fields.Many2one(
        "cooperator.register.check", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="check_id.company_id", store=True, index=True)
    key = fields.Char(
        required=True, readonly=True, help="By what the finding is known again."
    )
    content = fields.Text(
        required=True, readonly=True, help="What was found, for putting it in words."
    )
    kind = fields.Selection(
        selection="_get_kinds", string="Finding", required=True, readonly=True
    )
    severity = fields.Selection(
        [
            (kinds.ERROR, "Error"),
            (kinds.WARNING, "Warning"),
            (kinds.NOTE, "Note"),
        ],
        required=True,
        readonly=True,
        index=True,
    )
    sequence = fields.Integer(readonly=True)
    number = fields.Integer(readonly=True)
    description = fields.Text(compute="_compute_description")
    partner_id = fields.Many2one(
        "res.partner", string="Person", readonly=True, ondelete="cascade"
    )
    request_id = fields.Many2one(
        "account.move",
        string="Capital release request",
        readonly=True,
        ondelete="cascade",
    )
    payment_id = fields.Many2one("account.move", readonly=True, ondelete="cascade")
    first_seen = fields.Datetime(
        string="Found at", required=True, readonly=True, default=fields.Datetime.now
    )
    is_told = fields.Boolean(
        string="Managers know", readonly=True, help="The managers have been told of it."
    )
    is_accepted = fields.Boolean(
        string="Right so",
        readonly=True,
        help="A manager has looked at it: it is right as it is.",
    )
    accepted_by = fields.Many2one("res.users", string="Accepted by", readonly=True)
    accepted_at = fields.Datetime(string="Accepted at", readonly=True)
    fix_label = fields.Char(string="Fix", compute="_compute_fix_label")

    @api.depends("content")
    @api.depends_context("lang")
    def _compute_fix_label(self):
        for finding in self:
            finding.fix_label = " / ".join(
                fix.get_label()
                for fix in finding._get_fixes_of_kind()
                if fix.is_likely()
            )

    @api.model
    def _get_kinds(self):
        """Get the kinds of finding with their names.

        Another module that adds a kind extends this method and :meth:`_get_sentences`.
        """
        return FindingWords(self.env).get_kinds()

    @api.model
    def _get_sentences(self):
        """Get the sentence of each kind, with placeholders for the values."""
        return FindingWords(self.env).get_sentences()

    @api.depends("content")
    @api.depends_context("lang")
    def _compute_description(self):
        sentences = self._get_sentences()
        for finding in self:
            finding.description = self._describe(finding._get_finding(), sentences)

    @api.model
    def _describe(self, finding, sentences=None):
        """Describe what was found in one sentence.

        :param finding: :class:`~..ledger.finding.Finding`
        :param sentences: as of :meth:`_get_sentences`, where the caller has them
        """
        words = FindingWords(self.env)
        return words.describe(finding, sentences or self._get_sentences())

    def _get_finding(self):
        """What was found, as :class:`~..ledger.finding.Finding`."""
        self.ensure_one()
        return kinds.from_json(self.content)

    @api.model
    def _prepare_finding(self, check, finding):
        """Prepare the values of a finding's record.

        :param check: ``cooperator.register.check``
        :param finding: :class:`~..ledger.finding.Finding`
        """
        severities = (kinds.ERROR, kinds.WARNING, kinds.NOTE)
        return {
            "check_id": check.id,
            "key": finding.key,
            "content": kinds.to_json(finding),
            "kind": finding.kind,
            "severity": finding.severity,
            "sequence": severities.index(finding.severity),
            "number": finding.numbers[0] if finding.numbers else 0,
            "partner_id": finding.partners[0] if finding.partners else False,
            "request_id": finding.request,
            "payment_id": finding.payment,
        }

    @api.model
    def _replace_partners(self, partners, survivor):
        """Let findings follow contacts that are being merged.

        Each keeps being the finding that the next check makes; of two that become the same
        one is left.

        :param partners: ``res.partner``, those that go
        :param survivor: the contact that they are merged into
        """
        survivors = dict.fromkeys(partners.ids, survivor.id)
        # sudo: the findings of all companies, whoever merges contacts
        rows = self.sudo().search([("check_id", "!=", False)])
        known = {(row.check_id, row.key) for row in rows}
        for row in rows:
            old = row._get_finding()
            finding = replace_found_partners(old, survivors)
            if finding == old:
                continue
            identity = (row.check_id, finding.key)
            if finding.key != old.key and identity in known:
                row.unlink()
                continue
            known.add(identity)
            row.write({"key": finding.key, "content": kinds.to_json(finding)})

    def action_open(self):
        """Show the records behind the finding.

        :raises UserError: they are gone
        """
        self.ensure_one()
        records = self._get_records().exists()
        if not records:
            raise UserError(
                _("Press Check now, this is not so any more: %s", self.description)
            )
        return window_action(records, dict(self._get_kinds())[self.kind])

    def _get_records(self):
        """The records behind the finding, where a person would begin to look.

        Some may have been deleted since the check.
        """
        finding = self._get_finding()
        if finding.rollback:
            return self.env["reconciliation.rollback"].browse(finding.rollback)
        if finding.fix:
            return self.env["cooperator.register.fix"].browse(finding.fix)
        if finding.entries:
            return self.env["cooperator.register.entry"].search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("number", "in", finding.entries),
                ]
            )
        if finding.kind == kinds.EVIDENCE_CHAIN_BROKEN:
            return self.env["cooperator.evidence.link"].search(
                [("company_id", "=", self.company_id.id)]
            )
        if finding.request:
            return self.env["account.move"].browse(finding.request)
        if finding.kind == kinds.OPERATION_GAP:
            return self._get_neighbours(finding, "subscription.register")
        if finding.kind == kinds.COOPERATOR_GAP:
            memberships = self._get_neighbours(finding, "cooperative.membership")
            return memberships.partner_id
        if finding.kind in self._get_sequences():
            code = self._get_sequences()[finding.kind]
            return self.company_id._get_cooperator_sequence(code)
        if finding.lines:
            return self.env["subscription.register"].browse(finding.lines)
        if finding.operation_request:
            return self.env["operation.request"].browse(finding.operation_request)
        return self.env["res.partner"].browse(finding.partners)

    @api.model
    def _get_sequences(self):
        """The sequence that a finding is about, by kind."""
        return {
            kinds.OPERATION_SEQUENCE_OFF: OPERATION_SEQUENCE,
            kinds.COOPERATOR_SEQUENCE_OFF: COOPERATOR_SEQUENCE,
        }

    def _get_neighbours(self, finding, model):
        """The records that have the numbers before and after a gap."""
        name = dict(NUMBERED.values())[model]
        first, last = finding.numbers
        return self.env[model].search(
            [
                ("company_id", "=", self.company_id.id),
                (name, "in", (first - 1, last + 1)),
            ]
        )

    @api.model
    def _get_fixes(self):
        """Get all ways to fix findings, see :mod:`..fixes`; hook for other modules."""
        return FIXES

    @api.model
    def _get_fix(self, company, finding, code):
        """Get one way to fix a finding.

        :param company: ``res.company``
        :param finding: :class:`~..ledger.finding.Finding`
        :param code: which one
        """
        (fix,) = [
            one
            for one in self._get_fixes()
            if one.code == code and finding.kind in one.kinds
        ]
        return fix(company, finding)

    def _get_fixes_of_kind(self):
        """Get the ways to fix findings of this kind, in the order of :meth:`_get_fixes`."""
        self.ensure_one()
        # sudo: who may see a finding may see what can be done about it
        company = self.sudo().company_id
        finding = self._get_finding()
        return [
            fix(company, finding)
            for fix in self._get_fixes()
            if finding.kind in fix.kinds
        ]

    def _get_possible_fixes(self):
        """Get what can be done about the finding."""
        return [fix for fix in self._get_fixes_of_kind() if fix.is_possible()]

    def action_mend(self):
        """Draft the rollback that fixes it, or ask what is to be done about it."""
        self.ensure_one()
        check_readable(self)
        fixes = self._get_possible_fixes()
        if not fixes:
            return self.action_open()
        if all(fix.is_rollback for fix in fixes):
            return self._roll_back()
        wizard = self.env["cooperator.register.fix.wizard"]._open(self)
        return window_action(
            wizard, dict(self._get_kinds())[self.kind], target="new", context={}
        )

    def _roll_back(self):
        """Show the rollback that fixes it; draft one where there is none."""
        rollback = self._get_open_rollback()
        if not rollback:
            rollback = self.env["reconciliation.rollback"].create_from(self)
        return rollback._get_view_action(_("Roll back reconciliation"))

    def _get_open_rollback(self):
        """Get the rollback of the same request that has not ended, if there is one."""
        lines = self.env["reconciliation.rollback.line"]
        if not self.request_id:
            return lines.rollback_id
        domain = [("rollback_id.state", "not in", ENDED_STATES)]
        if self.kind in OF_PAYMENT:
            domain += [
                ("wrong_move_id", "=", self.request_id.id),
                ("payment_move_id", "=", self.payment_id.id),
                ("wrong_match_id", "!=", False),
            ]
        else:
            domain += [
                "|",
                ("wrong_move_id", "=", self.request_id.id),
                ("right_move_id", "=", self.request_id.id),
            ]
        return lines.search(domain, limit=1).rollback_id

    def action_accept(self):
        """Accept the findings: nobody is told of them any more.

        :raises AccessError: the user is not a cooperator manager
        """
        self._check_manager()
        # sudo: nobody writes on findings by hand
        self.sudo().write(
            {
                "is_accepted": True,
                "accepted_by": self.env.uid,
                "accepted_at": fields.Datetime.now(),
            }
        )
        return True

    def action_reopen(self):
        """Open accepted findings again.

        :raises AccessError: the user is not a cooperator manager
        """
        self._check_manager()
        # sudo: nobody writes on findings by hand
        self.sudo().write(
            {"is_accepted": False, "accepted_by": False, "accepted_at": False}
        )
        return True

    def _check_manager(self):
        """:raises AccessError: the user is not a cooperator manager"""
        check_readable(self)
        if not self.env.user.has_group(MANAGERS):
            raise AccessError(
                _(
                    "Only a cooperator manager can decide that a finding is right "
                    "as it is, %(user)s is none: ask one.",
                    user=self.env.user.name,
                )
            )
