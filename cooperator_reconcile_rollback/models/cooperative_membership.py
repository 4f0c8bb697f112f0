from odoo import models

from ..tools import series


class CooperativeMembership(models.Model):
    _inherit = "cooperative.membership"

    def _clear_cooperator_register_number(self):
        """Clear the numbers.

        The ORM stores a cleared Integer as 0, which 16.0's unique constraint on
        (company, number) allows only once: without a number it has to be NULL.
        """
        if not self:
            return
        series.flush(self)
        self.env.cr.execute(
            "UPDATE cooperative_membership SET cooperator_register_number = NULL "
            "WHERE id IN %s",
            (tuple(self.ids),),
        )
        series.invalidate(self, ["cooperator_register_number"])
