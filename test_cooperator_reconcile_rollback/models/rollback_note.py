from odoo import fields, models


class RollbackNote(models.Model):
    """A note on a person, in a table that only this add-on knows."""

    _name = "test.rollback.note"
    _description = "Note on a person"
    _rec_name = "text"

    company_id = fields.Many2one("res.company", required=True)
    partner_id = fields.Many2one("res.partner", required=True)
    text = fields.Char(required=True)
