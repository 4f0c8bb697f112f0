from odoo import fields, models


class CooperatorRegisterLock(models.Model):
    """Who holds a company's register: at most one rollback (requirement R5).

    A row of its own, and plain SQL on it. Whoever writes to the register takes a share
    of the row until its transaction ends, so a rollback's start waits for those that
    have drawn a number. The start changes the row, so those that come while it is under
    way fail to serialize, and Odoo tries them again: then they see it.
    """

    _name = "cooperator.register.lock"
    _description = "Lock of a company's register of operations"
    _rec_name = "company_id"
    _log_access = False
    _sql_constraints = [
        ("company_unique", "UNIQUE (company_id)", "A company has one register."),
    ]

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    rollback_id = fields.Many2one("reconciliation.rollback", ondelete="restrict")
