from odoo import fields, models, tools


class ReconciliationRollbackAnalysis(models.Model):
    """Corrections by reason, month and person.

    It counts corrections: each has one wrong and one right person and an amount, while
    a rollback can have several. The pivot and graph of ``reconciliation.rollback``
    count rollbacks, drafts and failed ones included, by the month of their start.

    A database view reads what is there: stored fields for statistics would have to be
    written on records that are evidence.
    """

    _name = "reconciliation.rollback.analysis"
    _description = "Analysis of corrections"
    _auto = False
    _order = "started_at desc, id desc"
    _rec_name = "rollback_id"

    rollback_id = fields.Many2one("reconciliation.rollback", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        selection=lambda self: (
            self.env["reconciliation.rollback"]
            ._fields["state"]
            ._description_selection(self.env)
        ),
        readonly=True,
    )
    reason = fields.Selection(
        selection=lambda self: (
            self.env["reconciliation.rollback"]
            ._fields["reason"]
            ._description_selection(self.env)
        ),
        readonly=True,
    )
    user_id = fields.Many2one("res.users", string="Responsible", readonly=True)
    wrong_partner_id = fields.Many2one(
        "res.partner", string="Wrong person", readonly=True
    )
    right_partner_id = fields.Many2one(
        "res.partner", string="Right person", readonly=True
    )
    payment_partner_id = fields.Many2one(
        "res.partner", string="Booked on", readonly=True
    )
    amount = fields.Monetary(readonly=True)
    started_at = fields.Datetime(string="Started at", readonly=True)
    done_at = fields.Datetime(string="Done at", readonly=True)
    reverted_at = fields.Datetime(string="Reverted at", readonly=True)

    def init(self):
        tools.drop_view_if_exists(self.env.cr, self._table)
        self.env.cr.execute(
            """
            CREATE VIEW reconciliation_rollback_analysis AS (
                SELECT
                    line.id,
                    line.rollback_id,
                    rollback.company_id,
                    rollback.state,
                    rollback.reason,
                    rollback.user_id,
                    COALESCE(wrong.partner_id, line.operation_partner_id)
                        AS wrong_partner_id,
                    right_move.partner_id AS right_partner_id,
                    line.payment_partner_id,
                    line.amount,
                    rollback.started_at,
                    rollback.done_at,
                    rollback.reverted_at
                FROM reconciliation_rollback_line line
                JOIN reconciliation_rollback rollback ON rollback.id = line.rollback_id
                LEFT JOIN account_move wrong ON wrong.id = line.wrong_move_id
                LEFT JOIN account_move right_move ON right_move.id = line.right_move_id
            )
            """
        )
