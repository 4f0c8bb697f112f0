from odoo import _, api, fields, models
from odoo.exceptions import AccessError

from ..ledger import finding as kinds
from ..services.refusals import PAID_STATES
from ..tools.access import check_readable
from ..tools.window_action import window_action
from .cooperator_register_check import MANAGERS
from .reconciliation_rollback import ENDED_STATES
from .res_company import COOPERATOR_SEQUENCE, NUMBERED, OPERATION_SEQUENCE

# mended by a rollback of the match
ROLLED_BACK = (kinds.OTHER_PAYER, kinds.OTHER_REQUEST_NAMED)


class CooperatorRegisterFinding(models.Model):
    """Something that the register check has found, as long as it stands."""

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

    def _get_finding(self):
        """What was found, as :class:`~..ledger.finding.Finding`."""
        self.ensure_one()
        return kinds.from_json(self.content)

    @api.model
    def _prepare_finding(self, check, finding):
        """Values of a row.

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
        """Start the rollback that mends it, or show what has to be mended by hand."""
        self.ensure_one()
        if not self.can_roll_back:
            return self.action_open()
        return self._get_draft_rollback()._get_view_action(
            _("Roll back reconciliation")
        )

    def _get_draft_rollback(self):
        """The rollback of the wrong match that has not ended; a new draft else.

        Where the payment names a request that is open, the draft proposes it.
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
        """It is right as it is: nobody is told of it any more."""
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
        """Somebody has to look at it after all."""
        self._check_manager()
        # sudo: nobody writes on findings by hand
        self.sudo().write(
            {"is_accepted": False, "accepted_by": False, "accepted_at": False}
        )
        return True

    def _check_manager(self):
        """:raises AccessError: the user may look at findings, not decide on them"""
        check_readable(self)
        if not self.env.user.has_group(MANAGERS):
            raise AccessError(
                _(
                    "Only a cooperator manager can decide that a finding is right "
                    "as it is, %(user)s is none.",
                    user=self.env.user.name,
                )
            )
