from odoo import models

from ..services.uninstalling import MODULE, Uninstalling


class IrModuleModule(models.Model):
    """Modules that are not uninstalled as long as work or evidence would go with them."""

    _inherit = "ir.module.module"

    def button_uninstall(self):
        going = self | self.downstream_dependencies()
        going._check_nothing_lost()
        return super().button_uninstall()

    def _check_nothing_lost(self):
        """Look at what uninstalling the modules would take away; hook for modules.

        :raises UserError: it is still needed
        """
        if MODULE in self.mapped("name"):
            # sudo: whoever may uninstall modules sees no rollbacks of other companies
            Uninstalling(self.sudo().env).check_nothing_lost()
