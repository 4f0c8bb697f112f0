from odoo import _, api, fields, models
from odoo.exceptions import UserError

from ..ledger import register_memory as events
from ..services.entry_words import EntryWords
from ..tools.window_action import window_action


class CooperatorRegisterEntry(models.Model):
    """An entry of the register that keeps what was ever in it.

    Each line of the register of operations has one, in the order of writing. What happens
    to a line later is an entry of its own, which says by what it came about: nothing is
    taken away, and names are those of then. :class:`~..services.register_memory.RegisterMemory`
    adds entries, nothing changes what they say.
    """

    _name = "cooperator.register.entry"
    _description = "Entry of the register of operations"
    _inherit = ["reconciliation.rollback.evidence"]
    _order = "company_id, number desc"
    _rec_name = "number"
    _log_access = False
    _sql_constraints = [
        (
            "number_unique",
            "UNIQUE (company_id, number)",
            "An entry has its own number.",
        ),
    ]

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    number = fields.Integer(
        string="Entry",
        required=True,
        readonly=True,
        group_operator=False,
        help="Running number in the order of writing, never given again.",
    )
    event = fields.Selection(
        [
            (events.ENTERED, "Entered"),
            (events.STRUCK, "Struck"),
            (events.CHANGED, "Changed"),
            (events.REINSTATED, "Reinstated"),
        ],
        required=True,
        readonly=True,
    )
    entered_at = fields.Datetime(string="Entered on", readonly=True)
    entered_by = fields.Char(readonly=True)
    # by its id alone: the line may be gone
    register_line = fields.Integer(readonly=True, index=True, group_operator=False)

    operation_number = fields.Integer(
        string="Operation", readonly=True, group_operator=False
    )
    kind = fields.Selection(
        selection="_get_operation_kinds", string="Type", readonly=True
    )
    date = fields.Date(string="Effective on", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Contact", readonly=True)
    name = fields.Char(string="Person", readonly=True, help="As it was then.")
    member_number = fields.Integer(
        string="Cooperator number", readonly=True, group_operator=False
    )
    address = fields.Char(string="Domicile or seat", readonly=True)
    company_number = fields.Char(string="Enterprise number", readonly=True)
    receiver_id = fields.Many2one(
        "res.partner", string="Contact of the receiver", readonly=True
    )
    receiver_name = fields.Char(string="Receiver", readonly=True)
    receiver_number = fields.Integer(
        string="Cooperator number of the receiver", readonly=True, group_operator=False
    )
    share_type_id = fields.Many2one(
        "product.product", string="Share type", readonly=True
    )
    share_class = fields.Char(readonly=True)
    quantity = fields.Integer(string="Shares", readonly=True)
    unit_price = fields.Monetary(readonly=True, group_operator=False)
    amount = fields.Monetary(readonly=True)
    converted_type_id = fields.Many2one(
        "product.product", string="Share type after conversion", readonly=True
    )
    converted_class = fields.Char(string="Class after conversion", readonly=True)
    converted_quantity = fields.Integer(string="Shares after conversion", readonly=True)
    request_id = fields.Many2one(
        "account.move", string="Capital release request", readonly=True
    )
    ground = fields.Char(readonly=True, help="The request that it was made for.")
    paid_on = fields.Date(readonly=True)
    paid_amount = fields.Monetary(readonly=True)
    payment = fields.Char(readonly=True)
    balance = fields.Integer(
        readonly=True,
        group_operator=False,
        help="Shares of the class that the person has after the entry.",
    )
    other_balance = fields.Integer(
        string="Other balance",
        readonly=True,
        group_operator=False,
        help="Shares of the receiver after a transfer; of the other class after a "
        "conversion.",
    )
    class_total = fields.Integer(
        string="Total of the class",
        readonly=True,
        group_operator=False,
        help="Shares of the class that all have after the entry.",
    )
    other_total = fields.Integer(
        string="Total of the other class",
        readonly=True,
        group_operator=False,
        help="After a conversion.",
    )
    member_count = fields.Integer(
        string="Shareholders",
        readonly=True,
        group_operator=False,
        help="How many people have shares after the entry.",
    )

    entry_id = fields.Many2one(
        "cooperator.register.entry",
        string="Entry concerned",
        readonly=True,
        index=True,
        ondelete="restrict",
        help="What was struck, changed or reinstated.",
    )
    event_ids = fields.One2many("cooperator.register.entry", "entry_id", readonly=True)
    correction = fields.Char(readonly=True, help="The rollback or fix behind it.")
    rollback_id = fields.Many2one(
        "reconciliation.rollback", readonly=True, ondelete="restrict"
    )
    replaces_id = fields.Many2one("cooperator.register.entry", readonly=True)
    hash = fields.Char(
        required=True, readonly=True, help="Covers the entry and the one before it."
    )

    # what became of the line since: each has an entry of its own
    is_struck = fields.Boolean(string="Struck", readonly=True)
    latest_id = fields.Many2one(
        "cooperator.register.entry",
        readonly=True,
        help="The entry that says what the line is now.",
    )
    replaced_by_id = fields.Many2one(
        "cooperator.register.entry", string="Replaced by", readonly=True
    )
    remarks = fields.Char(compute="_compute_remarks")

    def init(self):
        # who has entries, and which line an entry is of
        self.env.cr.execute(
            """
            CREATE INDEX IF NOT EXISTS cooperator_register_entry_partner_idx
            ON cooperator_register_entry (company_id, partner_id)
            """
        )

    @api.model
    def _get_operation_kinds(self):
        kinds = self.env["subscription.register"]._fields["type"]
        return kinds._description_selection(self.env)

    @api.depends("event_ids", "replaces_id", "replaced_by_id")
    @api.depends_context("lang", "tz")
    def _compute_remarks(self):
        words = EntryWords(self.env)
        for entry in self:
            entry.remarks = words.remarks(entry, entry.event_ids.sorted("number"))

    def _check_alterable(self, names, of_draft):
        """:raises UserError: nobody makes, changes or deletes an entry by hand"""
        for entry in self:
            raise UserError(
                _(
                    "Entry %(number)s of the register of %(company)s stays as it is: "
                    "correct the operation with a rollback, start from the register line.",
                    number=entry.number,
                    company=entry.company_id.name,
                )
            )

    def copy(self, default=None):
        self._check_alterable({"id"}, set())
        return super().copy(default)

    @api.model
    def action_open_entries(self):
        """Show the current company's entries, those of today's register included."""
        self.check_access_rights("read")
        company = self.env.company
        # sudo: nobody adds entries by hand
        company.sudo()._remember_register()
        return window_action(
            self,
            _("Register entries"),
            domain=[("company_id", "=", company.id)],
            context={"search_default_lines": 1},
        )
