from odoo import models

from ..services.commit_guard import is_commit_refused, is_trial
from ..tools import series


class IrQweb(models.AbstractModel):
    _inherit = "ir.qweb"

    def _get_asset_nodes(self, *args, **kwargs):
        """Keep the assets of documents out of the work that draws them.

        Odoo compiles a bundle when the first document needs it, and commits: the program
        that draws the PDF asks the server for it, which would not find it otherwise. What
        is stored whole or not at all has that done in a transaction of its own. Where all
        is undone in the end, the document is too: it needs no assets.
        """
        if is_trial(self.env.cr):
            return []
        if is_commit_refused(self.env.cr) and self.env.context.get(
            "commit_assetsbundle"
        ):
            with series.own_transaction(self.env) as env:
                # rather fail than wait for what this thread has locked itself
                env.cr.execute("SET LOCAL lock_timeout = '30s'")
                own = super(IrQweb, env[self._name])
                return own._get_asset_nodes(*args, **kwargs)
        return super()._get_asset_nodes(*args, **kwargs)
