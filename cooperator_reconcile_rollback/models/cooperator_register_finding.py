from odoo import _, api, fields, models
from odoo.exceptions import AccessError

from ..books.renumbering import COOPERATOR_SEQUENCE, NUMBERED, OPERATION_SEQUENCE
from ..books.request_reader import PAID_STATES
from ..ledger import finding as kinds
from ..services.finding_words import FindingWords
from ..tools.access import check_readable
from ..tools.window_action import window_action
from .cooperator_register_check import MANAGERS
from .reconciliation_rollback import ENDED_STATES

# a rollback of the match fixes these
ROLLED_BACK = (kinds.OTHER_PAYER, kinds.OTHER_REQUEST_NAMED)


class CooperatorRegisterFinding(models.Model):
    """Something that the register check has found, kept until it is fixed."""

    _name = "cooperator.register.finding"
    _description = "Finding of the register check"
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
    can_roll_back = fields.Boolean(compute="_compute_can_roll_back")

    @api.depends("kind")
    def _compute_can_roll_back(self):
        for finding in self:
            finding.can_roll_back = finding.kind in ROLLED_BACK

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
        words = FindingWords(self.env)
        sentences = self._get_sentences()
        for finding in self:
            finding.description = words.describe(finding._get_finding(), sentences)

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

    def action_open(self):
        """Show the records behind the finding."""
        self.ensure_one()
        return window_action(self._get_records(), dict(self._get_kinds())[self.kind])

    def _get_records(self):
        """The records behind the finding, where a person would begin to look."""
        finding = self._get_finding()
        if finding.rollback:
            return self.env["reconciliation.rollback"].browse(finding.rollback)
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

    def action_mend(self):
        """Start the rollback that fixes it, or show the records to fix by hand."""
        self.ensure_one()
        if not self.can_roll_back:
            return self.action_open()
        return self._get_draft_rollback()._get_view_action(
            _("Roll back reconciliation")
        )

    def _get_draft_rollback(self):
        """Get the rollback of the wrong match that has not ended, or make a draft.

        The draft proposes the open request that the payment names, if there is one.
        """
        lines = self.env["reconciliation.rollback.line"].search(
            [
                ("wrong_move_id", "=", self.request_id.id),
                ("payment_move_id", "=", self.payment_id.id),
                ("wrong_match_id", "!=", False),
                ("rollback_id.state", "not in", ENDED_STATES),
            ],
            limit=1,
        )
        if lines:
            return lines.rollback_id
        rollback = self.env["reconciliation.rollback"].create_from(self.request_id)
        others = rollback.line_ids.filtered(
            lambda line: line.payment_move_id != self.payment_id
        )
        # payments that are right stay where they are
        others.unlink()
        named = self.env["account.move"].browse(self._get_finding().named)
        if len(named) == 1 and named.payment_state not in PAID_STATES:
            rollback.line_ids.right_move_id = named
        return rollback

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
